package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.layout.Parts;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A component's content on its way back: verified, told to listeners, and remembering whether a failure was its own. */
final class Reading extends FilterInputStream {
  private static final String FLOE = "floe";

  private final Announcer announcer;
  private final String component;
  private final Optional<Long> size;
  private long bytes;
  private boolean ended;
  private @Nullable IOException failure;

  private Reading(InputStream in, Announcer announcer, String component, Optional<Long> size) {
    super(in);
    this.announcer = announcer;
    this.component = component;
    this.size = size;
  }

  /**
   * Opens it.
   *
   * @throws BackupException REFUSED if a newer version is needed, or a codec's library; WRONG_KEY
   */
  static Reading open(Series series, Announcer announcer, BackupId id, Component component)
      throws IOException {
    Optional<Long> size = details(component).plain().map(plain -> plain.size());
    Optional<Seal> seal =
        component.codecs().contains(FLOE) ? Optional.of(seal(series, id)) : Optional.empty();
    try {
      InputStream content = new Parts(series.shelf()).open(component, codecs(component, seal));
      return new Reading(content, announcer, component.name(), size);
    } catch (BackupException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new IOException("unexpected " + e.getClass().getSimpleName() + ": " + Words.of(e), e);
    } finally {
      seal.ifPresent(Seal::close); // the stream has what it needs
    }
  }

  private static Seal seal(Series series, BackupId id) throws IOException {
    Opened opened = series.records().open(id);
    return opened
        .seal()
        .orElseThrow(
            () -> series.locked("read", id, opened.locked().orElseThrow(), "Nothing was changed."));
  }

  /** What tells about its content; without it nobody can tell whether that is right. */
  static Component.Details details(Component component) {
    return component
        .details()
        .orElseThrow(() -> new BackupException(
            BackupException.Kind.REFUSED,
            "Cannot read \"" + component.name()
                + "\": what its content must be is sealed, and nothing here opens it."));
  }

  private static List<Codec> codecs(Component component, Optional<Seal> seal) {
    List<Codec> codecs = new ArrayList<>();
    for (String id : component.codecs()) {
      try {
        codecs.add(
            id.equals(FLOE) && seal.isPresent()
                ? seal.get().codec(component.name())
                : Compression.ofId(id));
      } catch (IllegalArgumentException | IllegalStateException e) { // or its library is missing
        throw new BackupException(
            BackupException.Kind.REFUSED,
            "Cannot read \"" + component.name() + "\": " + e.getMessage() + ".",
            e);
      }
    }
    return codecs;
  }

  /** What this stream itself threw: then who read it is not to blame. */
  @Nullable
  IOException failure() {
    return failure;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /** Once it has failed it fails for ever: no reader can overlook it and go on behind it. */
  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (failure != null) {
      throw failure;
    } else if (ended) {
      return -1;
    }
    try {
      return passed(super.read(buffer, offset, length));
    } catch (IOException e) {
      failure = e;
      throw e;
    } catch (RuntimeException e) {
      failure =
          new IOException("unexpected " + e.getClass().getSimpleName() + ": " + Words.of(e), e);
      throw failure;
    }
  }

  private int passed(int n) {
    if (n > 0) {
      bytes += n;
      announcer.progress(component, BackupEvent.Step.READ, bytes, size);
    } else if (n < 0) {
      ended = true;
      announcer.progressed(component, BackupEvent.Step.READ, bytes);
    }
    return n;
  }

  @Override
  public long skip(long count) throws IOException {
    return Math.max(0, read(new byte[(int) Math.max(0, Math.min(count, 64 << 10))]));
  }

  /** Whatever goes wrong here, every byte that was read is right. */
  @Override
  public void close() {
    try {
      super.close();
    } catch (IOException | RuntimeException e) {
      Log.debug("\"{}\" could not be closed cleanly: {}", component, Words.of(e));
    }
  }

  /** The same for someone who reads it and may not close it. */
  InputStream lent() {
    return new FilterInputStream(this) {
      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        return in.read(buffer, offset, length);
      }

      @Override
      public void close() {}
    };
  }
}
