package dev.lifeboat.layout;

import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Part;
import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.codec.EncodingStream;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The layout {@code parts}: every component cut into objects of at most the part size; backups share nothing. Verify,
 * prune and delete know of a layout only {@link #objectsOf}.
 */
public final class Parts {
  /** What the manifest calls it. */
  public static final String ID = "parts";

  private final Shelf shelf;

  /** Over one sink. */
  public Parts(Shelf shelf) {
    this.shelf = shelf;
  }

  /**
   * What was written.
   *
   * @param parts for the manifest
   * @param plain what the source wrote
   * @param facts of the source
   */
  public record Written(List<Part> parts, Digest plain, Facts facts) {}

  /**
   * Writes one component: reading, encoding, putting and checking overlap. Returns when every object is proven in the
   * sink and decodes to what the snapshot wrote.
   *
   * @param name of its only object, in full and without the codecs' endings; of several, the beginning of their names
   * @param codecs in the order of writing
   * @param progress hears how many bytes the source has written
   * @throws SourceException if the source fails
   * @throws DamagedDataException if what was encoded does not decode to what was read
   * @throws IOException if the sink fails. In every case objects may be left: the caller removes the folder.
   */
  public Written write(
      String name,
      Snapshot snapshot,
      List<Codec> codecs,
      int partSize,
      Memory memory,
      LongConsumer progress)
      throws IOException {
    ExecutorService workers = Workers.start();
    PutAndCheck putAndCheck = new PutAndCheck(shelf, withSuffixes(name, codecs), codecs, workers);
    PartCutter cutter = new PartCutter(memory, partSize, PutAndCheck.USERS, putAndCheck);
    try (Encoders encoders = new Encoders(cutter, codecs, workers)) {
      Future<Facts> examined = workers.submit(() -> examine(snapshot));
      Intake intake = new Intake(encoders.top(), progress);
      Facts facts = read(snapshot, intake, putAndCheck);
      encoders.finish();
      cutter.finish();
      Digest plain = intake.plain();
      List<Part> parts = putAndCheck.await(plain);
      return new Written(parts, plain, facts.and(Workers.await(examined)));
    } finally {
      cutter.discard();
      putAndCheck.end();
      Workers.end(workers);
    }
  }

  /**
   * A component's content: the stream ends only if every part and the whole are what the manifest says.
   *
   * @param codecs as the manifest names them
   * @throws IllegalArgumentException if it was not captured, or its details are sealed
   */
  public InputStream open(Component component, List<Codec> codecs) throws IOException {
    Digest plain = component
        .details()
        .flatMap(Component.Details::plain)
        .orElseThrow(() -> new IllegalArgumentException(component.name() + " has no content here"));
    InputStream stored = new PartsStream(shelf, component.parts());
    return new VerifiedStream(
        Decoding.decode(codecs, stored), plain, "the content of " + component.name());
  }

  /** Every object that the backup needs in a sink. */
  public static List<Part> objectsOf(Manifest manifest) {
    return manifest.components().stream()
        .flatMap(component -> component.parts().stream())
        .toList();
  }

  private static String withSuffixes(String name, List<Codec> codecs) {
    return name
        + codecs.stream()
            .map(Codec::suffix)
            .filter(suffix -> !suffix.isEmpty())
            .map(suffix -> "." + suffix)
            .collect(Collectors.joining());
  }

  private static Facts read(Snapshot snapshot, Intake intake, PutAndCheck putAndCheck)
      throws IOException {
    Facts facts;
    try {
      facts = snapshot.writeTo(intake);
    } catch (IOException | RuntimeException e) {
      throw blame(e, intake, putAndCheck);
    }
    if (intake.failure() != null) {
      throw blame(null, intake, putAndCheck);
    }
    return facts;
  }

  /** A full sink is never taken for an unreadable source. */
  private static IOException blame(
      @Nullable Exception thrown, Intake intake, PutAndCheck putAndCheck) {
    Throwable below = putAndCheck.failure() != null ? putAndCheck.failure() : intake.failure();
    if (below != null) {
      return Workers.asException(below);
    }
    return new SourceException(
        thrown != null ? thrown : new IOException("it failed without an exception"));
  }

  /** A source that cannot be examined has failed, and nobody else. */
  private static Facts examine(Snapshot snapshot) throws SourceException {
    try {
      return snapshot.examine();
    } catch (IOException | RuntimeException e) {
      throw new SourceException(e);
    }
  }

  /** The stages of writing, one upon the other. */
  private static final class Encoders implements AutoCloseable {
    private final List<EncodingStream> stages = new ArrayList<>();
    private OutputStream top;

    Encoders(OutputStream bottom, List<Codec> codecs, ExecutorService workers) throws IOException {
      top = bottom;
      try {
        for (int i = codecs.size() - 1; i >= 0; i--) {
          EncodingStream stage = codecs.get(i).encode(top, workers);
          stages.add(0, stage);
          top = stage;
        }
      } catch (IOException | RuntimeException | Error e) {
        close();
        throw e;
      }
    }

    OutputStream top() {
      return top;
    }

    void finish() throws IOException {
      for (EncodingStream stage : stages) {
        stage.finish();
      }
    }

    @Override
    public void close() throws IOException {
      for (EncodingStream stage : stages) {
        stage.close();
      }
    }
  }
}
