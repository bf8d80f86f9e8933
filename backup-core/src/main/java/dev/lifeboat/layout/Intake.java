package dev.lifeboat.layout;

import dev.lifeboat.sink.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Where a source writes: digests what comes, tells how much it was, and remembers whether the failure was on this side. */
final class Intake extends OutputStream {
  private final OutputStream out;
  private final LongConsumer progress;
  private final Digest.Counter plain = new Digest.Counter();
  private @Nullable Throwable failure;

  Intake(OutputStream out, LongConsumer progress) {
    this.out = out;
    this.progress = progress;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    requireUnbroken();
    try {
      plain.update(bytes, offset, length);
      out.write(bytes, offset, length);
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
      throw e;
    }
    progress.accept(plain.size());
  }

  /** A source that swallowed the failure and goes on hears of it again: what it writes has no place to go. */
  private void requireUnbroken() throws IOException {
    if (failure != null) {
      throw new IOException("writing has failed before", failure);
    }
  }

  /** What the stream below threw first, even if the source made nothing of it. */
  @Nullable
  Throwable failure() {
    return failure;
  }

  /** Of all that came. */
  Digest plain() {
    return plain.digest();
  }
}
