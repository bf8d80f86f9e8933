package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.testkit.FaultCount;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two hosts without a common work directory change the slots of one backup, one at every call of the other. */
class TwoRewrapsTest extends RotationShop {
  private final BackupKey thirdKey = BackupKey.generate();

  private Encryption third() {
    return Encryption.key(thirdKey);
  }

  /** What a rewrap of another host may do to this one. */
  private interface Trial {
    void run(Interrupted sink, Runnable other);
  }

  @Test
  void whoseReadBackIsRightLoseNothing() {
    atEveryCall("", next(), (sink, other) -> rewrapped(sink, next(), other));
  }

  @Test
  void whoseReadBackIsWrongLosesNothing() {
    atEveryCall(
        ", one of which reads wrong bytes",
        next(),
        (sink, other) -> rewrapped(sink.corrupting(), next(), other));
  }

  @Test
  void forDifferentReadersTheyLoseNothing() {
    atEveryCall(" for different readers", third(), (sink, other) -> rewrapped(sink, next(), other));
  }

  @Test
  void forDifferentReadersAndWithAWrongReadBackTheyLoseNothing() {
    atEveryCall(
        " for different readers, one of which reads wrong bytes",
        third(),
        (sink, other) -> rewrapped(sink.corrupting(), next(), other));
  }

  @Test
  void inAStoreWherePutsReplaceTheyLoseNothing() {
    atEveryCall(
        " in a store where a put replaces",
        third(),
        (sink, other) -> rewrapped(sink.replacing().corrupting(), next(), other));
  }

  private void rewrapped(Interrupted sink, Encryption next, Runnable other) {
    sink.meanwhile(other);
    try {
      machine(both().alsoReading(third()), sink).rewrap(next);
    } catch (BackupException e) {
      assertThat(e).hasMessageStartingWith("Cannot rewrap all of \"shop\" in memory shelf: ");
    }
  }

  private Backups machine(Encryption encryption, BackupSink over) {
    return Backups.builder("shop")
        .sink(over)
        .clock(clock)
        .workDirectory(temp.resolve("of-its-own-" + System.nanoTime()))
        .encryption(encryption)
        .build();
  }

  private void atEveryCall(String how, Encryption theirs, Trial trial) {
    int tried = 0;
    for (int nth = 1; ; nth++) {
      memory.list("").forEach(stored -> memory.delete(stored.name()));
      BackupId id = made(stranger(old()), 1).get(0);
      Interrupted sink = new Interrupted(memory, nth);
      trial.run(sink, () -> {
        try {
          machine(both().alsoReading(third()), sink.theirs()).rewrap(theirs);
        } catch (BackupException e) {
          assertThat(e).hasMessageStartingWith("Cannot rewrap all of \"shop\" in memory shelf: ");
        }
      });
      Encryption any = both().alsoReading(third());
      assertThat(content(stranger(any), id))
          .as("the other one%s at call %s, %s is left", how, nth, folder(id))
          .isEqualTo("orders 1");
      // and the next one finishes it
      assertThat(stranger(any).rewrap(next())).hasSize(1);
      assertThat(content(stranger(next()), id)).isEqualTo("orders 1");
      assertThat(folder(id)).filteredOn(name -> name.startsWith("keys")).hasSize(1);
      if (!sink.wasReached()) {
        break;
      }
      tried++;
    }
    assertThat(tried).isGreaterThan(8);
    FaultCount.tried(getClass(), "another host rewraps at the n-th call" + how, tried);
  }

  /** Lets somebody else do something right before the n-th call; may read wrong keys, may replace. */
  private static final class Interrupted implements BackupSink {
    private final BackupSink sink;
    private final int nth;
    private Runnable other = () -> {};
    private boolean corrupting;
    private boolean replacing;
    private int calls;

    Interrupted(BackupSink sink, int nth) {
      this.sink = sink;
      this.nth = nth;
    }

    void meanwhile(Runnable action) {
      other = action;
    }

    /** What is read of new keys is wrong, also when it is read again. */
    Interrupted corrupting() {
      corrupting = true;
      return this;
    }

    /** A store that knows no exclusive put. */
    Interrupted replacing() {
      replacing = true;
      return this;
    }

    /** The same store for the other host, who reads it as it is. */
    BackupSink theirs() {
      Interrupted theirs = new Interrupted(sink, 0);
      theirs.replacing = replacing;
      return theirs;
    }

    boolean wasReached() {
      return calls >= nth;
    }

    private void next() {
      if (++calls == nth) {
        other.run();
      }
    }

    @Override
    public StoredObject put(ObjectName name, Content content) throws IOException {
      next();
      if (replacing) {
        sink.delete(name);
      }
      StoredObject stored = sink.put(name, content);
      return replacing
          ? new StoredObject(name, stored.size(), stored.time(), Optional.empty())
          : stored;
    }

    @Override
    public InputStream open(ObjectName name) throws IOException {
      next();
      if (!corrupting || !name.value().matches(".*/keys\\.[0-9]+\\.json")) {
        return sink.open(name);
      }
      try (InputStream in = sink.open(name)) {
        byte[] bytes = in.readAllBytes();
        bytes[bytes.length / 2] ^= 1;
        return new ByteArrayInputStream(bytes);
      }
    }

    @Override
    public List<StoredObject> list(String folder) throws IOException {
      next();
      return sink.list(folder);
    }

    @Override
    public void delete(ObjectName name) throws IOException {
      next();
      sink.delete(name);
    }

    @Override
    public boolean exclusivePut() throws IOException {
      return !replacing && sink.exclusivePut();
    }

    @Override
    public String description() {
      return sink.description();
    }
  }
}
