package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.WatchedDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
        } catch (CrashingSink.PowerCut e) {
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
}
