package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.WatchedDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The process dies at the n-th call of the sink, for every n: nothing reaches the sink any more, not even a clean-up. */
class CrashAtEveryCallTest {
  @TempDir
  static Path directory;

  private static Path temp = Path.of("");
  private static Shop sea = new Shop(Path.of(""));
  private static int worlds;

  @BeforeAll
  static void build() {
    temp = WatchedDisk.unforced(directory);
    sea = Voyages.sea(temp.resolve("sea"));
  }

  @ParameterizedTest
  @EnumSource
  void theSameHostSettlesItAtOnce(Voyages voyage) {
    forEveryCall("the same host", voyage, (shop, work) -> {
      Backups backups = Voyages.boat(shop, shop.memory, work);
      voyage.assertEarlierOnesAreSafe(shop, backups);
      backups.list().forEach(backup -> backups.unpin(backup.id()));
      voyage.assertAnotherRoundTidiesUp(shop, backups);
    });
  }

  @ParameterizedTest
  @EnumSource
  void anotherHostSettlesItAfterADay(Voyages voyage) {
    forEveryCall("another host", voyage, (shop, work) -> {
      Backups backups = Voyages.boat(shop, shop.memory, temp.resolve("other-" + worlds));
      voyage.assertEarlierOnesAreSafe(shop, backups);
      backups.list().forEach(backup -> backups.unpin(backup.id()));
      List<String> before = shop.names();
      shop.make(backups);
      backups.prune();
      // what is without a manifest may be another host's that is still writing
      List<String> young =
          before.stream().filter(name -> isOfUnlisted(name, backups)).toList();
      if (voyage == Voyages.CREATE) {
        assertThat(shop.names()).containsAll(young);
      }
      shop.clock.advance(Duration.ofDays(2));
      voyage.assertAnotherRoundTidiesUp(shop, backups);
    });
  }

  private static boolean isOfUnlisted(String name, Backups backups) {
    return name.matches("shop/2.*/.*")
        && shopIds().stream().noneMatch(name::contains)
        && backups.list().stream().noneMatch(b -> name.contains(b.id().toString()));
  }

  private static List<String> shopIds() {
    return sea.sea().stream().map(Object::toString).toList();
  }

  private interface Aftermath {
    void look(Shop shop, Path work);
  }

  private static void forEveryCall(String by, Voyages voyage, Aftermath aftermath) {
    int tried = 0;
    for (boolean arrives : new boolean[] {false, true}) {
      boolean crashed = true;
      for (int nth = 1; crashed; nth++) {
        Path work = temp.resolve("world-" + ++worlds);
        Shop shop = sea.copy(work);
        shop.nextContent();
        CrashingSink sink = new CrashingSink(shop.memory, nth, arrives);
        crashed = false;
        try {
          voyage.sail(Voyages.boat(shop, sink, work), shop);
        } catch (PowerCut e) {
          crashed = true;
        }
        crashed |= sink.isDead(); // where the verb made nothing of it, at its very end
        aftermath.look(shop, work);
        tried += crashed ? 1 : 0;
        assertThat(nth).as("calls of %s", voyage).isLessThan(200);
      }
    }
    FaultCount.tried(
        CrashAtEveryCallTest.class,
        "the process dies at the n-th call of the sink in " + voyage + ", settled by " + by,
        tried);
  }

  private static final class PowerCut extends Error {
    private static final long serialVersionUID = 1;
  }

  /** Works until the n-th call, which may still arrive, and never again. */
  private static final class CrashingSink implements BackupSink {
    private final BackupSink sink;
    private final int nth;
    private final boolean arrives;
    private final AtomicInteger calls = new AtomicInteger();

    CrashingSink(BackupSink sink, int nth, boolean arrives) {
      this.sink = sink;
      this.nth = nth;
      this.arrives = arrives;
    }

    boolean isDead() {
      return calls.get() >= nth;
    }

    @Override
    public StoredObject put(ObjectName name, Content content) throws IOException {
      int call = begin();
      StoredObject stored = sink.put(name, content);
      end(call);
      return stored;
    }

    @Override
    public InputStream open(ObjectName name) throws IOException {
      int call = begin();
      InputStream in = sink.open(name);
      end(call);
      return in;
    }

    @Override
    public List<StoredObject> list(String folder) throws IOException {
      int call = begin();
      List<StoredObject> listed = sink.list(folder);
      end(call);
      return listed;
    }

    @Override
    public void delete(ObjectName name) throws IOException {
      int call = begin();
      sink.delete(name);
      end(call);
    }

    @Override
    public String description() {
      return sink.description();
    }

    private int begin() {
      int call = calls.incrementAndGet();
      if (call > nth || (call == nth && !arrives)) {
        throw new PowerCut();
      }
      return call;
    }

    private void end(int call) {
      if (call == nth) {
        throw new PowerCut();
      }
    }
  }
}
