package dev.lifeboat.layout;

import dev.lifeboat.catalog.Part;
import dev.lifeboat.codec.DamagedDataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.List;

/** Parts one after the other, each verified. */
final class PartsStream extends ReadingStream {
  private final Shelf shelf;
  private final Iterator<Part> parts;
  private InputStream current = InputStream.nullInputStream();

  PartsStream(Shelf shelf, List<Part> parts) {
    this.shelf = shelf;
    this.parts = parts.iterator();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (true) {
      int n = current.read(bytes, offset, length);
      if (n >= 0 || !parts.hasNext()) {
        return n;
      }
      current.close();
      current = open(parts.next());
    }
  }

  /** A part that is not there is as bad as one that is wrong. */
  private InputStream open(Part part) throws IOException {
    try {
      return shelf.open(part);
    } catch (NoSuchFileException e) {
      throw new DamagedDataException(part.name() + " is missing", e);
    }
  }

  @Override
  public void close() throws IOException {
    current.close();
  }
}
