package dev.lifeboat;

import dev.lifeboat.catalog.Names;
import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.layout.Shelf;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.source.BackupSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The options of a series while they are collected, each checked at the door. */
final class SeriesBuilder {
  private static final int LEAST_PART = 64 << 10;
  private static final int MOST_PART = 1 << 30;
  private static final int PART = 16 << 20;
  private static final Pattern TYPE = Pattern.compile("[a-z0-9]{1,16}");

  final Option<BackupSink> sink = new Option<>("sink");
  private final Option<Codec> compression = new Option<>("compression");
  final Option<Encryption> encryption = new Option<>("encryption");
  final Option<RetentionPolicy> retention = new Option<>("retention");
  final Option<String> application = new Option<>("application");
  final Option<String> environment = new Option<>("environment");
  final Option<Callable<String>> schemaVersion = new Option<>("schemaVersion");
  final Option<Gate> quiesce = new Option<>("quiesce");
  final Option<Gate> maintenance = new Option<>("maintenance");
  final Option<Boolean> confirmRestores = new Option<>("confirmRestores");
  final Option<Path> workDirectory = new Option<>("workDirectory");
  final Option<Clock> clock = new Option<>("clock");
  private final Option<Integer> partSize = new Option<>("partSize");
  private final Option<Duration> patience = new Option<>("patience");
  private final String name;
  private final List<Series.Registered> sources = new ArrayList<>();
  private final List<BackupListener> listeners = new ArrayList<>();

  SeriesBuilder(String name) {
    this.name = name;
  }

  void source(BackupSource source, boolean optional) {
    Objects.requireNonNull(source, "source");
    Names.require("source", source.name());
    requireType("type", source.name(), source.type());
    requireType("suffix", source.name(), source.suffix());
    if (sources.stream().anyMatch(other -> other.source().name().equals(source.name()))) {
      throw new IllegalArgumentException("two sources are called \"" + source.name() + "\"");
    }
    sources.add(new Series.Registered(source, optional));
  }

  void listener(BackupListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
  }

  void partSize(int bytes) {
    if (bytes < LEAST_PART || bytes > MOST_PART) {
      throw new IllegalArgumentException(
          "partSize must be 65536 to 1073741824 bytes, was " + bytes);
    }
    partSize.set(bytes);
  }

  void patience(Duration duration) {
    Objects.requireNonNull(duration, "patience");
    if (duration.isNegative()) {
      throw new IllegalArgumentException("patience must not be negative, was " + duration);
    }
    patience.set(duration);
  }

  /** Reading follows the manifest, so a codec that only this host knows would make backups that nobody can read. */
  void compression(Codec codec) {
    Objects.requireNonNull(codec, "compression");
    Compression.ofId(codec.id());
    compression.set(codec);
  }

  Series build() {
    BackupSink keeper =
        sink.find().orElseThrow(() -> new IllegalArgumentException("\"" + name + "\" has no sink"));
    long heap = Runtime.getRuntime().maxMemory();
    int parts = partSize.orElse(() -> (int) Math.min(PART, Long.highestOneBit(heap / 4)));
    if (2L * parts > heap / 2) {
      throw new IllegalArgumentException("partSize " + parts + " is too large for a heap of " + heap
          + " bytes: two parts must fit into half of it");
    }
    return new Series(
        name,
        "",
        List.copyOf(sources),
        new Shelf(keeper),
        compression.orElse(Compression::zstd),
        encryption.find(),
        retention.orElse(RetentionPolicy::keepAll),
        parts,
        application.orElse(() -> name),
        environment.orElse(() -> "default"),
        schemaVersion.find(),
        quiesce.find(),
        maintenance.find(),
        confirmRestores.orElse(() -> false),
        List.copyOf(listeners),
        new WorkDirectory(workDirectory.orElse(this::defaultWorkDirectory)),
        patience.orElse(() -> Duration.ofMinutes(1)),
        clock.orElse(SeriesBuilder::systemClock));
  }

  /** The clock of whoever names none. */
  static Clock systemClock() {
    return Clock.systemUTC();
  }

  private Path defaultWorkDirectory() {
    String home = System.getProperty("user.home", "");
    if (home.isBlank() || home.equals("?")) { // as in a container without a user of that number
      throw new IllegalArgumentException(
          "\"" + name + "\" has no workDirectory, and there is no home directory for the default");
    }
    return Path.of(home, ".lifeboat", name);
  }

  static void requireText(String what, String text) {
    if (Objects.requireNonNull(text, what).isBlank()) {
      throw new IllegalArgumentException(what + " must not be blank");
    }
  }

  private static void requireType(String what, String source, String text) {
    if (!TYPE.matcher(text).matches()) {
      throw new IllegalArgumentException("the " + what + " of source \"" + source
          + "\" must be 1 to 16 of a-z and 0-9, was \"" + text + "\"");
    }
  }

  /** An option that may be given once. */
  static final class Option<T> {
    private final String name;
    private @Nullable T value;

    private Option(String name) {
      this.name = name;
    }

    void set(T given) {
      Objects.requireNonNull(given, name);
      if (value != null) {
        throw new IllegalArgumentException(name + " is given twice");
      }
      value = given;
    }

    private Optional<T> find() {
      return Optional.ofNullable(value);
    }

    private T orElse(Supplier<T> byDefault) {
      return value != null ? value : byDefault.get();
    }
  }
}
