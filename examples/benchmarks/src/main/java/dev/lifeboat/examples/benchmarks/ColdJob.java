package dev.lifeboat.examples.benchmarks;

import dev.lifeboat.codec.Codec;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Seal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * 64 MiB sealed, or opened, in a process of its own: {@code ColdJob <directory> seal|open cold|beside|before}. Prints how many
 * milliseconds that took, once the bytes were there; with {@code before} the warm-up is not among them, as when a
 * snapshot takes longer than it.
 */
public final class ColdJob {
  private static final String ID = "20260214T143045Z-manual-k7f3q2ab";
  private static final String SERIES = "sales";

  private ColdJob() {}

  /** Makes in a directory what {@link #main} needs there. */
  static void prepare(Path directory) throws IOException {
    BackupKey key = BackupKey.generate();
    key.writeTo(key(directory));
    Encryption encryption = Encryption.key(key);
    try (Seal seal = encryption.seal(SERIES, ID);
        var out = Files.newOutputStream(sealed(directory))) {
      Files.write(keys(directory), seal.keys());
      Stretch.encode(seal.codec(SERIES), Stretch.content(Stretch.SIZE), out);
    }
    encryption.destroy();
    key.destroy();
  }

  /** See the class. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path directory = Path.of(args[0]);
    boolean seals = args[1].equals("seal");
    byte[] bytes = seals ? Stretch.content(Stretch.SIZE) : Files.readAllBytes(sealed(directory));
    BackupKey key = BackupKey.file(key(directory));
    Encryption encryption = Encryption.key(key);
    Thread warmUp = new Thread(encryption::warmUp, "warm-up");
    try (Seal seal = encryption.open(Files.readAllBytes(keys(directory)), SERIES, ID)) {
      Codec codec = seal.codec(SERIES);
      if (!args[2].equals("cold")) {
        warmUp.start();
      }
      if (args[2].equals("before")) {
        warmUp.join();
      }
      long begin = System.nanoTime();
      if (seals) {
        Stretch.encode(codec, bytes, new CountingSink());
      } else {
        Stretch.decode(codec, bytes);
      }
      System.out.println((System.nanoTime() - begin) / 1_000_000);
    }
    warmUp.join();
    encryption.destroy();
    key.destroy();
  }

  private static Path key(Path directory) {
    return directory.resolve("key");
  }

  private static Path keys(Path directory) {
    return directory.resolve("keys.json");
  }

  private static Path sealed(Path directory) {
    return directory.resolve("sealed");
  }
}
