package dev.lifeboat.storage.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeboat.BackupException;
import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.Backups;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.Sinks;
import dev.lifeboat.testkit.Report;
import dev.lifeboat.testkit.SettableClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Another process that uses the same series, with live documents of its own: a few random verbs whenever it is told to,
 * until it is killed or kills itself at some call of the sink.
 */
final class Mate implements AutoCloseable {
  /** What another may find that shares a sink: what it looked at is gone, or held. */
  private static final Set<Kind> FAIR = Set.of(Kind.NOT_FOUND, Kind.REFUSED);

  private static final String OVER = "over";
  private static final String WRONG = "wrong ";

  private final Process process;
  private final BufferedReader out;
  private final Writer in;

  private Mate(Process process) {
    this.process = process;
    this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    this.in = new OutputStreamWriter(process.getOutputStream(), UTF_8);
  }

  /**
   * What it told.
   *
   * @param reports for the oracle
   * @param lines all that it said, for the journal
   * @param died whether it did not come to its end
   */
  record Account(List<Report> reports, List<String> lines, boolean died) {}

  static Mate start(Path sink, Path live, Optional<Path> key) throws IOException {
    return new Mate(new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx96m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            "-cp",
            System.getProperty("java.class.path"),
            Mate.class.getName(),
            sink.toString(),
            live.toString(),
            key.map(Path::toString).orElse(""))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start());
  }

  /** Sends it to work: so many verbs, chosen by this seed; dying at the n-th call if that is not 0. */
  void go(long seed, int verbs, Path work, Instant clock, int dieAt, MortalSink.Moment moment)
      throws IOException {
    in.write(String.join(
        "\t",
        Long.toString(seed),
        Integer.toString(verbs),
        work.toString(),
        clock.toString(),
        Integer.toString(dieAt),
        moment.toString()));
    in.write('\n');
    in.flush();
  }

  /** Until it is done or dead; killed when it has said so many lines. */
  Account await(int killedAfter) throws IOException, InterruptedException {
    List<Report> reports = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    int said = 0;
    boolean killed = false;
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.equals(OVER) && !killed) {
        return new Account(reports, lines, false);
      } else if (line.startsWith(WRONG)) {
        throw new AssertionError(
            "the mate: " + line.substring(WRONG.length()) + ", after " + lines);
      } else if (line.startsWith("told ")) {
        reports.add(Report.parse(line.substring("told ".length())));
      } else {
        lines.add(line);
      }
      if (++said == killedAfter) {
        killed = true; // it may still say that it is over
        // which leaves its output open, unlike the process' own method
        process.toHandle().destroyForcibly();
      }
    }
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the mate does not die");
    }
    return new Account(reports, lines, true);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    out.close();
  }

  /** What runs in it. */
  public static void main(String[] args) throws IOException {
    MortalSink sink = MortalSink.killing(LocalSink.in(Path.of(args[0])));
    Live live = new Live(Path.of(args[1]));
    Optional<Path> key = Optional.of(args[2]).filter(name -> !name.isEmpty()).map(Path::of);
    BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      String[] order = line.split("\t", -1);
      SettableClock clock = SettableClock.at(order[3]);
      Backups backups = World.series(Sinks.retrying(sink, 3, Duration.ZERO), live, clock, key)
          .workDirectory(Path.of(order[2]))
          .retention(RetentionPolicy.keepLast(2).daily(3))
          .build();
      if (!order[4].equals("0")) {
        sink.dieAt(Integer.parseInt(order[4]), MortalSink.Moment.valueOf(order[5]));
      }
      Sailor sailor = new Sailor(backups, live, clock, report -> say("told " + report));
      try {
        sail(sailor, Long.parseLong(order[0]), Integer.parseInt(order[1]), Mate::say);
      } catch (RuntimeException | IOException | AssertionError e) {
        say(WRONG + e.toString().replace('\n', ' '));
        throw e;
      }
      sink.revive();
      say(OVER);
    }
  }

  /** So many verbs, each of which must do what it says, or fail as it may beside others. */
  static void sail(Sailor sailor, long seed, int verbs, Consumer<String> said) throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < verbs; i++) {
      try {
        said.accept(sailor.something(random));
      } catch (BackupException e) {
        if (!FAIR.contains(e.kind())) {
          throw e;
        }
        said.accept(e.getMessage());
      }
    }
  }

  /** In one piece: who is killed leaves no half of a line. */
  private static void say(String line) {
    byte[] bytes = (line + "\n").getBytes(UTF_8);
    System.out.write(bytes, 0, bytes.length);
    System.out.flush();
  }
}
