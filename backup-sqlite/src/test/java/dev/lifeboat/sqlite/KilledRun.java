package dev.lifeboat.sqlite;

import dev.lifeboat.catalog.BackupId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One process of a {@link Host} from its start to its violent end, and what it has said. */
final class KilledRun implements AutoCloseable {
  private final Path directory;
  private final ChildJvm child;
  private final List<String> said = new ArrayList<>();

  private KilledRun(Path directory, ChildJvm child) {
    this.directory = directory;
    this.child = child;
  }

  /** Starts one that is to strike at this reef; it does nothing yet. The directory is for its own files. */
  static KilledRun start(Host host, String reef, QuickStart quickly, Path directory)
      throws IOException {
    Files.createDirectories(directory);
    Path natives = Files.createDirectory(directory.resolve("natives"));
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    List<String> options = new ArrayList<>(quickly.options());
    options.addAll(List.of(
        "-Xmx64m",
        "-XX:-UsePerfData",
        "-Djava.io.tmpdir=" + temporary,
        // what drivers unpack there is not ours
        "-Dorg.sqlite.tmpdir=" + natives,
        "-DZstdTempFolder=" + natives,
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=debug"));
    ProcessBuilder.Redirect log =
        ProcessBuilder.Redirect.to(directory.resolve("log").toFile());
    return new KilledRun(directory, ChildJvm.start(options, log, Host.class, host.home(), reef));
  }

  /** Gives the order; from here on it is at work. */
  void order(String order) throws IOException {
    awaitLine(Host.READY);
    said.add("argv " + Files.readString(Path.of("/proc/" + child.pid() + "/cmdline")));
    child.say(order);
  }

  /** Lets it come to the reef. False if it came to its end instead. */
  boolean strikes() throws IOException {
    String line = child.nextLine();
    while (!line.equals(Reefs.STRUCK) && !line.equals(Host.DONE) && !line.isEmpty()) {
      said.add(line);
      line = child.nextLine();
    }
    return line.equals(Reefs.STRUCK);
  }

  /** False if it came to its end before. */
  boolean worksFor(long millis) throws InterruptedException {
    return !child.endsWithin(millis, TimeUnit.MILLISECONDS);
  }

  /** While it holds still at its reef, its machine goes to sleep. */
  void pause() throws IOException, InterruptedException {
    child.pause();
    child.say("go on"); // which it hears when it wakes
  }

  void resume() throws IOException, InterruptedException {
    child.resume();
  }

  long pid() {
    return child.pid();
  }

  /** Lets it end by itself, after all is done. */
  void awaitEnd() throws InterruptedException {
    child.waitFor();
  }

  void kill() throws IOException, InterruptedException {
    said.addAll(child.killAndHearTheRest());
  }

  /** The backups that it has said this of. */
  Set<BackupId> told(String what) {
    Set<BackupId> ids = new TreeSet<>();
    for (String line : said) {
      String[] words = line.split(" ", -1);
      if (words[0].equals(what)) {
        for (int i = 1; i < words.length; i++) {
          BackupId.tryParse(words[i]).ifPresent(ids::add);
        }
      }
    }
    return ids;
  }

  /** The rest of every line that begins with this word. */
  List<String> lines(String word) {
    return said.stream()
        .filter(line -> line.startsWith(word + " "))
        .map(line -> line.substring(word.length() + 1))
        .toList();
  }

  /** All that it has let out: arguments, output, log. */
  String everythingSaid() throws IOException {
    return String.join("\n", said)
        + Files.readString(directory.resolve("log"), StandardCharsets.UTF_8);
  }

  /** What it left in the directory for temporary files. */
  List<String> temporaryFiles() throws IOException {
    return Databases.namesIn(directory.resolve("tmp"));
  }

  private void awaitLine(String wanted) throws IOException {
    String line = child.nextLine();
    if (!line.equals(wanted)) {
      throw new IOException("the process said \"" + line + "\": " + everythingSaid());
    }
  }

  /** Removes its own files too. */
  @Override
  public void close() throws IOException {
    child.close();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
