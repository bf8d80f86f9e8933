package dev.lifeboat.sqlite;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Options for a JVM with our class path that is started often: its directories are put into jars, so that the classes
 * that a first run has loaded can be archived; later ones start in half the time.
 */
final class QuickStart {
  private final Path archive;
  private final String classPath;

  QuickStart(Path directory) throws IOException {
    this.archive = directory.resolve("classes.jsa");
    List<String> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (Files.isDirectory(Path.of(entry)) && !entry.isEmpty()) {
        jars.add(jar(Path.of(entry), directory.resolve(jars.size() + ".jar")).toString());
      } else {
        jars.add(entry);
      }
    }
    this.classPath = String.join(File.pathSeparator, jars);
  }

  /** Of the first run until it has ended by itself, then of those that start quickly. */
  List<String> options() {
    String sharing = Files.exists(archive)
        ? "-XX:SharedArchiveFile=" + archive
        : "-XX:ArchiveClassesAtExit=" + archive;
    return List.of("-Xlog:disable", sharing, "-cp", classPath);
  }

  private static Path jar(Path from, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> all = Files.walk(from)) {
      for (Path each : all.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(
            new JarEntry(from.relativize(each).toString().replace(File.separatorChar, '/')));
        Files.copy(each, out);
        out.closeEntry();
      }
    }
    return jar;
  }
}
