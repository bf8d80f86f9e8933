package dev.lifeboat.storage.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Another Java process that puts objects {@code p/0}, {@code p/1}, … until it is killed. It says {@code "half p/0"} when
 * half of one is written, and {@code "done p/0"} when the put has returned.
 */
final class PuttingProcess implements AutoCloseable {
  private static final int SIZE = 3_000_000;

  private final Process process;
  private final BufferedReader out;
  private final List<String> done = new ArrayList<>();

  private PuttingProcess(Process process) {
    this.process = process;
    this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /** What runs in it. */
  public static void main(String[] args) throws IOException {
    BackupSink sink = LocalSink.in(Path.of(args[0]));
    for (int i = 0; ; i++) {
      sink.put(ObjectName.of("p/" + i), telling(i));
      say("done p/" + i);
    }
  }

  static PuttingProcess in(Path directory, String umask) throws IOException {
    List<String> command = List.of(
        "sh",
        "-c",
        "umask " + umask + "; exec \"$@\"",
        "sh",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx64m",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        PuttingProcess.class.getName(),
        directory.toString());
    return new PuttingProcess(new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start());
  }

  /** What object number {@code i} consists of. */
  static byte[] bytes(int i) {
    byte[] bytes = new byte[SIZE + i];
    new Random(i).nextBytes(bytes);
    return bytes;
  }

  /** Returns once it says this. */
  void await(String line) throws IOException {
    String said = next();
    while (!line.equals(said)) {
      if (said == null) {
        throw new IOException("the process ended before it said " + line);
      }
      said = next();
    }
  }

  /** Stops it as a machine does that goes to sleep. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    if (new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
            .start()
            .waitFor()
        != 0) {
      throw new IOException("cannot send SIG" + name);
    }
  }

  /** Kill -9. Returns the names of all objects that it said were done. */
  List<String> kill() throws IOException, InterruptedException {
    process
        .toHandle()
        .destroyForcibly(); // which leaves its output open, unlike the process' own method
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IOException("the process cannot be killed");
    }
    String said = next();
    while (said != null) {
      said = next();
    }
    return List.copyOf(done);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    out.close();
  }

  private @Nullable String next() throws IOException {
    String said = out.readLine();
    if (said != null && said.startsWith("done ")) {
      done.add(said.substring("done ".length()));
    }
    return said;
  }

  private static Content telling(int i) {
    byte[] bytes = bytes(i);
    Digest digest = Digest.of(bytes);
    return new Content() {
      @Override
      public Digest digest() {
        return digest;
      }

      @Override
      public InputStream open() {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
          private boolean told;

          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            if (!told && in.available() < bytes.length / 2) {
              told = true;
              say("half p/" + i);
            }
            return super.read(buffer, offset, length);
          }
        };
      }
    };
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
