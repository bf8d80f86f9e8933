package dev.lifeboat.layout;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Cuts a stream into parts. A full part goes on only when the next byte comes, or the end: then it is known whether it is alone. */
final class PartCutter extends OutputStream {
  /** Takes each part, in order. */
  interface Receiver {
    /**
     * Takes one.
     *
     * @param number from 1
     * @param alone whether there is no other
     */
    void accept(PartBuffer part, int number, boolean alone) throws IOException;
  }

  private final Memory memory;
  private final int partSize;
  private final int users;
  private final Receiver receiver;
  private @Nullable PartBuffer current;
  private int sent;

  PartCutter(Memory memory, int partSize, int users, Receiver receiver) {
    this.memory = memory;
    this.partSize = partSize;
    this.users = users;
    this.receiver = receiver;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      PartBuffer part = current;
      if (part != null && part.length() == partSize) {
        send(part, false);
        part = null;
      }
      if (part == null) {
        part = new PartBuffer(memory, users);
        current = part;
      }
      done += part.fill(bytes, offset + done, length - done, partSize);
    }
  }

  /** Sends the last part; an empty stream is one empty part. */
  void finish() throws IOException {
    PartBuffer part = current != null ? current : new PartBuffer(memory, users);
    send(part, sent == 0);
  }

  /** Gives back what was not sent. */
  void discard() {
    if (current != null) {
      current.discard();
      current = null;
    }
  }

  private void send(PartBuffer part, boolean alone) throws IOException {
    current = null;
    part.seal();
    receiver.accept(part, ++sent, alone);
  }
}
