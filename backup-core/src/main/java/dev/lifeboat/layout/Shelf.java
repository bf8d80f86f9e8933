package dev.lifeboat.layout;

import dev.lifeboat.catalog.Part;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.Sinks;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One sink as the engine uses it: with retries, and never believed: what is put is attested by the store or read back. */
public final class Shelf {
  /** How often a call is tried before its failure counts. */
  static final int ATTEMPTS = 3;

  private static final int BUFFER = 64 << 10;

  private final BackupSink sink;
  private final boolean reads;

  /** With retries around it, unless the sink has its own. */
  public Shelf(BackupSink sink) {
    this(Sinks.retrying(sink, ATTEMPTS), true);
  }

  private Shelf(BackupSink sink, boolean reads) {
    this.sink = sink;
    this.reads = reads;
  }

  /** The same, but of what the store does not attest only the size is looked at: somebody is to read it later. */
  public Shelf unread() {
    return new Shelf(sink, false);
  }

  /** {@link BackupSink#readBackWithin} */
  public Optional<Duration> readBackWithin() {
    return sink.readBackWithin();
  }

  /** Where it is. */
  public String description() {
    return sink.description();
  }

  /** Keeps an object and proves that it is there as it was sent; {@link #unread} only, that it is there in its size. */
  public Part put(ObjectName name, Content content) throws IOException {
    Digest sent = content.digest();
    StoredObject stored = sink.put(name, content);
    try {
      if (!isStored(stored, content)) {
        throw new IOException(name + " was sent as " + sent + ", and is stored as "
            + (reads ? digestOf(stored) : stored.size() + " bytes"));
      }
      return new Part(name, sent);
    } catch (NoSuchFileException e) {
      throw new IOException(name + " was put, and is not there", e);
    }
  }

  /** Compares digests where the store computed one, and else every byte: that is cheaper than another digest. */
  private boolean isStored(StoredObject stored, Content content) throws IOException {
    if (stored.attested().isPresent()) {
      return digestOf(stored).equals(content.digest());
    } else if (!reads) {
      return stored.size() == content.size();
    }
    try (InputStream there = new ResumingStream(sink, stored.name());
        InputStream here = content.open()) {
      byte[] found = new byte[BUFFER];
      byte[] sent = new byte[BUFFER];
      int n;
      do {
        n = there.readNBytes(found, 0, BUFFER);
        if (here.readNBytes(sent, 0, BUFFER) != n || !Arrays.equals(found, 0, n, sent, 0, n)) {
          return false;
        }
      } while (n == BUFFER);
      return true;
    }
  }

  /** The digest of an object as it lies there: the store's own, or of its bytes read back. */
  public Digest digestOf(StoredObject stored) throws IOException {
    Optional<String> attested = stored.attested();
    return attested.isPresent()
        ? new Digest(stored.size(), attested.get())
        : readBack(stored.name());
  }

  /** The digest of an object's bytes, whatever the store says of them. */
  public Digest readBack(ObjectName name) throws IOException {
    try (InputStream in = new ResumingStream(sink, name)) {
      return Digest.of(in);
    }
  }

  /** A part's bytes; the stream ends only if they are what the part must be. */
  public InputStream open(Part part) throws IOException {
    return new VerifiedStream(
        new ResumingStream(sink, part.name()), part.stored(), part.name().value());
  }

  /**
   * A small object as a whole.
   *
   * @throws DamagedDataException if it is larger than {@code most}
   */
  public byte[] read(ObjectName name, int most) throws IOException {
    try (InputStream in = new ResumingStream(sink, name)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new DamagedDataException(name + " is larger than " + most + " bytes");
      }
      return bytes;
    }
  }

  /** Whether a put here never replaces, so that of two hosts that put one name only one succeeds. */
  public boolean exclusivePut() throws IOException {
    return sink.exclusivePut();
  }

  /** Everything in a folder and below. */
  public List<StoredObject> list(String folder) throws IOException {
    return sink.list(folder);
  }

  /** Removes an object, if it is there. */
  public void delete(ObjectName name) throws IOException {
    sink.delete(name);
  }
}
