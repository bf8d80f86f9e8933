package dev.lifeboat.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * Makes content smaller: {@link #zstd zstd} (what to choose), {@link #gzip gzip} where the native library of zstd cannot
 * be had, {@link #none none} for content that is compressed already. Everything it writes is opened by the stock tool of
 * its name: {@code zstd -d}, {@code gzip -d}.
 *
 * <p>zstd and gzip seal their end: content that is cut, lengthened or changed is found by their own checks. {@code none}
 * passes bytes through and cannot know where they end.
 */
public final class Compression implements Codec {
  /** What a host adds to have zstd. */
  static final String LIBRARY = "com.github.luben:zstd-jni:1.5.7-28";

  private static final int DEFAULT_LEVEL = 3;
  private static final int MAX_WORKERS = 64;
  private static final int MAX_DEFAULT_WORKERS = 16;

  private enum Method {
    ZSTD("zst"),
    GZIP("gz"),
    NONE("");

    private final String suffix;

    Method(String suffix) {
      this.suffix = suffix;
    }
  }

  private final Method method;
  private final int level;
  private final int workers;

  private Compression(Method method, int level, int workers) {
    this.method = method;
    this.level = level;
    this.workers = workers;
  }

  /**
   * zstd at level 3: the size of gzip's best, several times faster.
   *
   * @throws IllegalStateException if the application has left zstd-jni out; the message says what to add
   */
  public static Compression zstd() {
    return zstd(DEFAULT_LEVEL);
  }

  /**
   * zstd at this level, on every processor (16 at most).
   *
   * @param level from negative (fast) over 3 (the default) to 22 (small and very slow)
   * @throws IllegalArgumentException if the library knows no such level
   * @throws IllegalStateException if the application has left zstd-jni out; the message says what to add
   */
  public static Compression zstd(int level) {
    int processors = Runtime.getRuntime().availableProcessors();
    return zstd(level, Math.min(processors, MAX_DEFAULT_WORKERS));
  }

  /**
   * zstd at this level.
   *
   * @param level from negative (fast) over 3 (the default) to 22 (small and very slow)
   * @param workers how many blocks of 1 MiB are compressed at once, 1 to 64; each takes about 2 MiB of the heap, and one
   *     more is being filled
   * @throws IllegalArgumentException if the library knows no such level, or the workers are out of range
   * @throws IllegalStateException if the application has left zstd-jni out; the message says what to add
   */
  public static Compression zstd(int level, int workers) {
    requireZstd(", or choose Compression.gzip()");
    Zstandard.requireLevel(level);
    if (workers < 1 || workers > MAX_WORKERS) {
      throw new IllegalArgumentException(
          "workers must be 1 to " + MAX_WORKERS + ", was " + workers);
    }
    return new Compression(Method.ZSTD, level, workers);
  }

  /** gzip at level 6, by the JDK alone. */
  public static Compression gzip() {
    return new Compression(Method.GZIP, 0, 1);
  }

  /** The bytes as they are. */
  public static Compression none() {
    return new Compression(Method.NONE, 0, 1);
  }

  /**
   * The one that a manifest names, to read what it has written.
   *
   * @throws IllegalArgumentException if this version knows none of that id
   * @throws IllegalStateException if the application has left out what it needs; the message says what to add
   */
  public static Codec ofId(String id) {
    Objects.requireNonNull(id, "id");
    return switch (id) {
      case "zstd" -> {
        requireZstd(" to read this");
        yield new Compression(Method.ZSTD, DEFAULT_LEVEL, 1);
      }
      case "gzip" -> gzip();
      case "none" -> none();
      default ->
        throw new IllegalArgumentException("the codec " + quoted(id)
            + " is not known: needs a newer version of Lifeboat than this");
    };
  }

  @Override
  public String id() {
    return method.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String suffix() {
    return method.suffix;
  }

  @Override
  public EncodingStream encode(OutputStream out, Executor executor) throws IOException {
    Objects.requireNonNull(out, "out");
    Objects.requireNonNull(executor, "workers");
    return switch (method) {
      case ZSTD -> Zstandard.encoder(out, executor, level, workers);
      case GZIP -> new GzipEncoder(out);
      case NONE -> new PlainEncoder(out);
    };
  }

  @Override
  public InputStream decode(InputStream in) throws IOException {
    Objects.requireNonNull(in, "in");
    return switch (method) {
      case ZSTD -> Zstandard.decoder(in);
      case GZIP -> new GzipDecoder(in);
      case NONE -> in;
    };
  }

  @Override
  public String toString() {
    return method == Method.ZSTD ? "zstd level " + level : id();
  }

  /** This class names none of the library's, so that it can be loaded without. */
  private static void requireZstd(String orElse) {
    try {
      Class.forName("com.github.luben.zstd.Zstd", true, Compression.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "zstd needs a library that this application does not have: add " + LIBRARY
              + " (among modules: and --add-modules com.github.luben.zstd_jni)" + orElse,
          e);
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "zstd needs a native library that cannot be loaded on this machine (" + e.getMessage()
              + "): see to it that " + LIBRARY + " supports it and may write to the temporary"
              + " directory" + orElse,
          e);
    }
  }

  /** Text from outside, fit for a message. */
  private static String quoted(String text) {
    StringBuilder shown = new StringBuilder("\"");
    text.codePoints().limit(40).forEach(c -> {
      if (c < 0x20 || c > 0x7e) {
        shown.append(String.format(Locale.ROOT, "\\u%04x", c));
      } else {
        shown.appendCodePoint(c);
      }
    });
    return shown.append(text.length() > 40 ? "…\"" : "\"").toString();
  }
}
