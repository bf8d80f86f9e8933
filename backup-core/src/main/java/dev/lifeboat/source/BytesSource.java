package dev.lifeboat.source;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * A small document, from a supplier and back into a receiver: settings, an exported state. It is held in memory as a
 * whole.
 *
 * <pre>{@code
 * BytesSource.of("settings", this::exportSettings, this::importSettings)
 * }</pre>
 *
 * <p>A restore in place first keeps what the supplier gives, then hands the document to the receiver, and is proven when
 * the supplier gives that document back, byte for byte; if it does not, the receiver gets the one before. Where the
 * export does not give the same bytes twice, see {@link #withoutComparison}.
 *
 * <p>Supplier and receiver are called one at a time, on whichever thread a backup or a restore runs; the receiver may be
 * called again with the same document, after a crash. An {@code IOException} or a {@code RuntimeException} of theirs is
 * passed on, any other exception is the cause of an {@code IOException}.
 */
public final class BytesSource implements BackupSource {
  static final String TYPE = "bytes";

  private final String name;
  private final Callable<byte[]> supplier;
  private final Receiver receiver;
  private final boolean compared;

  private BytesSource(String name, Callable<byte[]> supplier, Receiver receiver, boolean compared) {
    this.name = name;
    this.supplier = supplier;
    this.receiver = receiver;
    this.compared = compared;
  }

  /** Takes a document back. */
  @FunctionalInterface
  public interface Receiver {
    /**
     * Makes this document the live one, wholly or not at all.
     *
     * @param document as the supplier gave it; the receiver may keep the array
     * @throws Exception if it cannot be taken
     */
    void accept(byte[] document) throws Exception;
  }

  /**
   * A document of this name.
   *
   * @param name the component's name, see {@link BackupSource#name}
   * @param supplier gives the document as it is now; never null, empty where there is none yet
   * @param receiver takes a document back
   */
  public static BytesSource of(String name, Callable<byte[]> supplier, Receiver receiver) {
    return new BytesSource(
        Objects.requireNonNull(name, "name"),
        Objects.requireNonNull(supplier, "supplier"),
        Objects.requireNonNull(receiver, "receiver"),
        true);
  }

  /**
   * The same source, for an export that does not give the same bytes twice (it holds the time, or keys in any order): a
   * restore is then proven by nothing but the normal return of the receiver.
   */
  public BytesSource withoutComparison() {
    return new BytesSource(name, supplier, receiver, false);
  }

  @Override
  public String name() {
    return name;
  }

  /** {@code "bytes"}. */
  @Override
  public String type() {
    return TYPE;
  }

  /** {@code "bin"}: what is in it, only the application knows. */
  @Override
  public String suffix() {
    return "bin";
  }

  /**
   * Takes the document.
   *
   * @throws IOException if the supplier gives none
   */
  @Override
  public Snapshot open(Path scratch) throws IOException {
    byte[] document = document();
    return new Snapshot() {
      @Override
      public Facts writeTo(OutputStream out) throws IOException {
        out.write(document);
        return facts(document.length);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public RestoreTarget target() {
    return new BytesTarget(this);
  }

  static Facts facts(long size) {
    return Facts.counting("bytes", size);
  }

  /** What is live now, in an array of our own. */
  byte[] document() throws IOException {
    byte[] document = call("the supplier of \"" + name + "\"", supplier);
    if (document == null) {
      throw new IOException("the supplier of \"" + name + "\" gave nothing: where there is no"
          + " document yet, it gives an empty one");
    }
    return document.clone();
  }

  /** Makes this document live. */
  void give(byte[] document) throws IOException {
    call("the receiver of \"" + name + "\"", () -> {
      receiver.accept(document.clone());
      return document;
    });
    if (compared) {
      byte[] live = document();
      if (!Arrays.equals(document, live)) {
        throw new IOException("the receiver of \"" + name + "\" was given " + document.length
            + " bytes, and its supplier now gives " + live.length
            + " others; if its export is never the same twice, say withoutComparison()");
      }
    }
  }

  private static byte[] call(String who, Callable<byte[]> callable) throws IOException {
    try {
      return callable.call();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException(who + " was interrupted");
      interrupted.initCause(e);
      throw interrupted;
    } catch (Exception e) {
      throw new IOException(who + " failed: " + e, e);
    }
  }
}
