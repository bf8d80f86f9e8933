package dev.lifeboat.examples.benchmarks;

import dev.lifeboat.storage.s3.S3Server;
import dev.lifeboat.storage.webdav.ApacheServer;
import dev.lifeboat.storage.webdav.DavServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The same bytes into a store on loopback, by {@code rclone copy} and {@code rclone check --download}, and by Lifeboat, which
 * reads back or has attested what it put: {@code IntoStores <megabytes> <rounds>}. First into Apache (WebDAV), then into
 * s3proxy, each a process of its own.
 */
public final class IntoStores {
  private static final PrintStream OUT = System.out;

  private IntoStores() {}

  /** See the class. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int megabytes = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    Path directory = Work.directory();
    try {
      Path file = directory.resolve("noise");
      makeNoise(file, megabytes);
      OUT.printf("%d MiB of noise, %d rounds, %s%n", megabytes, rounds, Work.conditions());
      intoApache(file, directory, rounds);
      intoS3(file, directory, rounds);
      OUT.println("at the end: " + Work.conditions());
    } finally {
      Work.delete(directory);
    }
  }

  private static void intoApache(Path file, Path directory, int rounds)
      throws IOException, InterruptedException {
    Path place = Files.createDirectory(directory.resolve("apache"));
    // Apache is another user, and must come to it
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (DavServer server = new ApacheServer(place)) {
      String obscured = Commands.run("rclone", "obscure", DavServer.PASSWORD).trim();
      String remote = String.format(
          ":webdav,url='%s',vendor=other,user=%s,pass=%s:", server.uri(), DavServer.USER, obscured);
      OUT.println("into Apache:");
      race(
          rounds,
          remote,
          List.of("webdav", server.uri().toString(), DavServer.USER, DavServer.PASSWORD),
          server.files(),
          file,
          directory);
    }
  }

  private static void intoS3(Path file, Path directory, int rounds)
      throws IOException, InterruptedException {
    Path place = Files.createDirectory(directory.resolve("s3"));
    Process server = Commands.start(S3Process.class, place.toString());
    try (OutputStream leash = server.getOutputStream();
        BufferedReader said = new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
      String endpoint = said.readLine();
      String remote = String.format(
          ":s3,provider=Other,access_key_id=%s,secret_access_key=%s,endpoint='%s',force_path_style=true:%s",
          S3Server.KEY_ID, S3Server.SECRET, endpoint, S3Server.BUCKET);
      OUT.println("into s3proxy:");
      race(
          rounds,
          remote,
          List.of("s3", endpoint + "/" + S3Server.BUCKET, S3Server.KEY_ID, S3Server.SECRET),
          place.resolve(S3Server.BUCKET),
          file,
          directory);
      leash.flush();
    } finally {
      server.waitFor();
    }
  }

  private static void race(
      int rounds, String remote, List<String> sink, Path stored, Path file, Path directory)
      throws IOException, InterruptedException {
    Series series = new Series(file, sink);
    StoreJob.keep(series.next(directory.resolve("before"))); // makes this JVM a warm one
    Work.delete(directory.resolve("before"));
    empty(stored);
    new Race(OUT, rounds, List.of(rclone(remote), cold(series), warm(series)), () -> empty(stored))
        .run(file, directory.resolve("round"));
  }

  /** What a {@link StoreJob} is told, every time another series. */
  private static final class Series {
    private final Path file;
    private final List<String> sink;
    private int number;

    Series(Path file, List<String> sink) {
      this.file = file;
      this.sink = sink;
    }

    String[] next(Path directory) {
      return Stream.of(
              Stream.of(file.toString(), directory.toString()),
              sink.stream(),
              Stream.of("run-" + ++number))
          .flatMap(arguments -> arguments)
          .toArray(String[]::new);
    }
  }

  private static Contender rclone(String remote) {
    return new Contender() {
      @Override
      public String name() {
        return "rclone copy, check --download";
      }

      @Override
      public Cost run(Path file, Path directory) throws IOException, InterruptedException {
        String from = Objects.requireNonNull(file.getParent()).toString();
        String only = "/" + file.getFileName(); // and not what the server keeps of it
        Commands.run("rclone", "copy", "--include", only, from, remote);
        Commands.run("rclone", "check", "--download", "--include", only, "-q", from, remote);
        return new Cost(Files.size(file), 0);
      }
    };
  }

  private static Contender cold(Series series) {
    return new Contender() {
      @Override
      public String name() {
        return "lifeboat, a process of its own";
      }

      @Override
      public Cost run(Path file, Path directory) throws IOException, InterruptedException {
        return Contenders.costOf(StoreJob.class, series.next(directory));
      }
    };
  }

  /** As in an application that has been running for a while: nothing is left to compile. */
  private static Contender warm(Series series) {
    return new Contender() {
      @Override
      public String name() {
        return "lifeboat, in a warm JVM";
      }

      @Override
      public Cost run(Path file, Path directory) throws IOException {
        return new Cost(StoreJob.keep(series.next(directory)), 0);
      }
    };
  }

  private static void makeNoise(Path file, int megabytes) throws IOException {
    Random random = new Random(1);
    byte[] megabyte = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < megabytes; i++) {
        random.nextBytes(megabyte);
        out.write(megabyte);
      }
    }
  }

  /** What lies in a directory that stays. */
  private static void empty(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        Work.delete(entry);
      }
    }
  }
}
