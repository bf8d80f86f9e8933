package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.WatchedDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The process dies at the n-th call of the sink, for every n: nothing reaches the sink any more, not even a clean-up. */
@Tag("harness")
class CrashAtEveryCallTest {
  @TempDir
  static Path directory;

  private static Path temp = Path.of("");
  private static Shop inClear = new Shop(Path.of(""));
  private static Shop sealed = inClear;

  /** The one of the two that is tried. */
  private static Shop sea = inClear;

  private static int worlds;

  @BeforeAll
  static void build() {
    temp = WatchedDisk.unforced(directory);
    inClear = Voyages.sea(temp.resolve("sea"));
    sealed =
        Voyages.sea(temp.resolve("sealed-sea"), Optional.of(Encryption.key(BackupKey.generate())));
  }

  @ParameterizedTest
  @MethodSource("dev.lifeboat.Voyages#inClearAndEncrypted")
  void theSameHostSettlesItAtOnce(Voyages voyage, boolean encrypted) {
    forEveryCall("the same host", voyage, encrypted, (shop, work) -> {
      Backups backups = Voyages.boat(shop, shop.memory, work);
      voyage.assertEarlierOnesAreSafe(shop, backups);
      backups.list().forEach(backup -> backups.unpin(backup.id()));
      voyage.assertAnotherRoundTidiesUp(shop, backups);
    });
  }

  @ParameterizedTest
  @MethodSource("dev.lifeboat.Voyages#inClearAndEncrypted")
  void anotherHostSettlesItAfterADay(Voyages voyage, boolean encrypted) {
    forEveryCall("another host", voyage, encrypted, (shop, work) -> {
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

  private static void forEveryCall(
      String by, Voyages voyage, boolean encrypted, Aftermath aftermath) {
    sea = encrypted ? sealed : inClear;
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
        "the process dies at the n-th call of the sink in " + voyage
            + (encrypted ? ", encrypted" : "") + ", settled by " + by,
        tried);
  }
}
