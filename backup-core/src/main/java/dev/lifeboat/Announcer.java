package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tells listeners and the log what happens in one run. */
final class Announcer implements AutoCloseable {
  private static final long PROGRESS_STEP = 1 << 20;

  /** How long the end of a run waits for listeners that block: for all of them together. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final List<Courier> couriers;
  private final String verb;
  private final String series;
  private final String by;
  private final Instant since;
  private Optional<BackupId> backup = Optional.empty();
  private String component = "";
  private BackupEvent.Step step = BackupEvent.Step.COPY;
  private long announced;

  Announcer(List<BackupListener> listeners, String verb, String series, String by, Instant since) {
    this.couriers = listeners.stream().map(Courier::new).toList();
    this.verb = verb;
    this.series = series;
    this.by = by;
    this.since = since;
  }

  /** One that nobody hears, for what outlives its run. */
  static Announcer silent(Series series) {
    return new Announcer(List.of(), "", series.name(), series.by(), Instant.EPOCH);
  }

  /** From now on the run is about this backup. */
  void about(BackupId id) {
    backup = Optional.of(id);
  }

  void started() {
    send(new BackupEvent.Started(run()));
  }

  /** So many bytes have passed; told every MiB, and only to who is not busy. */
  void progress(String name, BackupEvent.Step now, long bytes, Optional<Long> total) {
    if (couriers.isEmpty()) {
      return;
    }
    if (!name.equals(component) || now != step || bytes < announced) {
      component = name;
      step = now;
      announced = 0;
    }
    if (bytes - announced >= PROGRESS_STEP) {
      announced = bytes;
      BackupEvent event = new BackupEvent.Progress(run(), name, now, bytes, total);
      couriers.forEach(courier -> courier.offer(event));
    }
  }

  /** The last word on a component's progress: never dropped. */
  void progressed(String name, BackupEvent.Step done, long bytes) {
    send(new BackupEvent.Progress(run(), name, done, bytes, Optional.of(bytes)));
  }

  void warned(String subject, String message) {
    Log.warn("{} \"{}\": {}: {}", verb, series, subject, message);
    send(new BackupEvent.Warned(run(), Words.printable(subject), Words.printable(message)));
  }

  void finished(String result) {
    Log.info("{} \"{}\"{}: {}", verb, series, by.isEmpty() ? "" : " by " + Text.quoted(by), result);
    send(new BackupEvent.Finished(run(), Words.printable(result)));
  }

  /** Not logged: what is thrown is the caller's to log. */
  void failed(BackupException cause) {
    send(new BackupEvent.Failed(run(), cause));
  }

  @Override
  public void close() {
    couriers.forEach(Courier::end);
    long deadline = System.nanoTime() + GRACE.toNanos();
    couriers.forEach(courier -> courier.await(deadline));
  }

  private void send(BackupEvent event) {
    couriers.forEach(courier -> courier.send(event));
  }

  private BackupEvent.Run run() {
    return new BackupEvent.Run(verb, series, by, backup, since);
  }
}
