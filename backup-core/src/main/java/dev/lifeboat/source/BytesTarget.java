package dev.lifeboat.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Gives a document back. In staging lie {@code new}, the one to give, and {@code old}, the one that was live: from just
 * before the receiver is called until it has been taken back.
 */
final class BytesTarget implements RestoreTarget {
  private static final String NEW = "new";
  private static final String OLD = "old";

  private final BytesSource source;

  BytesTarget(BytesSource source) {
    this.source = source;
  }

  @Override
  public String type() {
    return BytesSource.TYPE;
  }

  @Override
  public String description() {
    return "the document \"" + source.name() + "\"";
  }

  /** True: a document of no bytes is one. */
  @Override
  public boolean holdsData() throws IOException {
    source.document();
    return true;
  }

  @Override
  public void stage(InputStream content, Facts recorded, Path staging) throws IOException {
    keep(content, staging, NEW);
  }

  @Override
  public Facts check(Path staging) throws IOException {
    return BytesSource.facts(Files.size(staging.resolve(NEW)));
  }

  @Override
  public void apply(Path staging) throws IOException {
    byte[] document = Files.readAllBytes(staging.resolve(NEW));
    Path old = staging.resolve(OLD);
    if (!Files.exists(old)) { // else an apply was cut short, and who knows what is live
      keep(new ByteArrayInputStream(source.document()), staging, OLD);
    }
    try {
      source.give(document);
    } catch (IOException | RuntimeException | Error e) {
      giveBack(staging, e);
      throw e;
    }
  }

  @Override
  public void undo(Path staging) throws IOException {
    Path old = staging.resolve(OLD);
    if (!Files.exists(old)) {
      return;
    }
    try {
      source.give(Files.readAllBytes(old));
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          description() + " could not be brought back as it was before: " + e.getMessage()
              + ". It lies in " + old + ", to be given to the application by hand",
          e);
    }
    Files.delete(old);
  }

  /** What fails here too can be tried again: the old document still lies there. */
  private void giveBack(Path staging, Throwable why) {
    boolean interrupted = Thread.interrupted(); // else the files cannot be read
    try {
      undo(staging);
    } catch (IOException | RuntimeException e) {
      why.addSuppressed(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whole and on the disk, or not there at all. */
  private static void keep(InputStream content, Path staging, String name) throws IOException {
    Path part = staging.resolve(name + ".part");
    try (FileChannel channel = FileChannel.open(
        part,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE)) {
      content.transferTo(Channels.newOutputStream(channel));
      channel.force(true);
    }
    Files.move(part, staging.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(staging);
  }

  /** Windows has no such thing, and needs none. */
  private static void syncDirectory(Path directory) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(directory, StandardOpenOption.READ);
    } catch (IOException e) {
      return;
    }
    try (channel) {
      channel.force(true);
    }
  }
}
