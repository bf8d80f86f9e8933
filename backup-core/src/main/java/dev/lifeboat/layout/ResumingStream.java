package dev.lifeboat.layout;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** An object read across cut connections: after a cut it is opened again and goes on where it stopped. */
final class ResumingStream extends ReadingStream {
  private final BackupSink sink;
  private final ObjectName name;
  private InputStream in;
  private long position;
  private int cuts;
  private boolean cut;

  ResumingStream(BackupSink sink, ObjectName name) throws IOException {
    this.sink = sink;
    this.name = name;
    this.in = sink.open(name);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (true) {
      try {
        if (cut) {
          reopen();
        }
        int n = in.read(bytes, offset, length);
        if (n > 0) {
          position += n;
          cuts = 0;
        }
        return n;
      } catch (IOException e) {
        cut = true;
        if (isFinal(e) || ++cuts >= Shelf.ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void reopen() throws IOException {
    closeBroken();
    in = sink.open(name);
    in.skipNBytes(position);
    cut = false;
  }

  /** It is broken already: how it closes tells nothing. */
  private void closeBroken() {
    InputStream broken = in;
    in = InputStream.nullInputStream();
    try {
      broken.close();
    } catch (IOException e) {
      return;
    }
  }

  private static boolean isFinal(IOException e) {
    boolean interrupted = e instanceof ClosedByInterruptException
        || (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException));
    return interrupted || e instanceof NoSuchFileException || e instanceof AccessDeniedException;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
