package dev.lifeboat.sink;

import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.Objects;

/**
 * Sinks made of sinks: one that tries again, one that lives in a folder of another, one that cannot be written to.
 * Each is as safe for several threads as the sink behind it, and holds nothing that would need closing.
 */
public final class Sinks {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private Sinks() {}

  /** The same as {@link #retrying(BackupSink, int, Duration)}, with a first pause of 100 ms. */
  public static BackupSink retrying(BackupSink sink, int attempts) {
    return retrying(sink, attempts, FIRST_PAUSE);
  }

  /**
   * Tries again what may pass: any {@link java.io.IOException} but {@code NoSuchFileException}, {@code
   * FileAlreadyExistsException}, {@code AccessDeniedException}, {@link NoSpaceException} and those of an interrupt.
   *
   * <p>The pause doubles from attempt to attempt up to 10 s, and every pause is cut at random by up to a half, so that
   * many hosts do not come back at the same moment. Where the store asks for a longer one ({@link RetryLaterException}),
   * that is kept to, up to 2 minutes, also with a first pause of zero. When the attempts are used up, the last exception is thrown and
   * bears the earlier ones as suppressed. An interrupt ends a pause with an {@code InterruptedIOException}; the thread's
   * interrupt flag is set again.
   *
   * <ul>
   *   <li>{@code put}: a failure of the content itself is passed on at once. If a later attempt finds an object of this
   *       name, of the same size and SHA-256 (attested, or read back), an earlier attempt had arrived and only its
   *       answer was lost: that is a success. Any other object is the {@code FileAlreadyExistsException} it is; so is
   *       every object that the first attempt finds.
   *   <li>{@code open}: the opening is tried again. What breaks off while it is read is the reader's to open anew.
   *   <li>{@code list}, {@code delete}, {@code exclusivePut}: the whole call.
   * </ul>
   *
   * @param sink returned as it is if it {@linkplain BackupSink#retriesItself() retries by itself}
   * @param attempts how often to try in all, at least 1
   * @param firstPause the pause after the first attempt; zero to wait only where the store asks for it
   * @throws IllegalArgumentException if {@code attempts} is less than 1 or {@code firstPause} negative
   */
  public static BackupSink retrying(BackupSink sink, int attempts, Duration firstPause) {
    Objects.requireNonNull(sink, "sink");
    Objects.requireNonNull(firstPause, "firstPause");
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be at least 1, was " + attempts);
    }
    if (firstPause.isNegative()) {
      throw new IllegalArgumentException("firstPause must not be negative, was " + firstPause);
    }
    return sink.retriesItself()
        ? sink
        : new RetryingSink(sink, new Retry(attempts, firstPause, Retry::sleep));
  }

  /**
   * A folder of another sink, as a sink: {@code prefixed(bucket, "tenant-7/")} keeps {@code shop/series.json} as {@code
   * tenant-7/shop/series.json}, and sees nothing outside its folder. The description tells the folder.
   *
   * <p>Together with the folder a name may be {@link ObjectName#MAX_LENGTH} characters long; calls with longer names
   * throw {@link IllegalArgumentException}.
   *
   * @param folder {@code "tenant-7/"}; {@code ""} gives {@code sink} itself
   * @throws IllegalArgumentException if {@code folder} is neither empty nor a valid name followed by {@code "/"}
   */
  public static BackupSink prefixed(BackupSink sink, String folder) {
    Objects.requireNonNull(sink, "sink");
    ObjectName.requireFolder(folder);
    return folder.isEmpty() ? sink : new PrefixedSink(sink, folder);
  }

  /**
   * The same objects, but {@code put} and {@code delete} throw {@link AccessDeniedException} without asking the sink,
   * and {@code exclusivePut} is false without trying it out. For monitors, and for what must only be restored from.
   */
  public static BackupSink readOnly(BackupSink sink) {
    return new ReadOnlySink(Objects.requireNonNull(sink, "sink"));
  }
}
