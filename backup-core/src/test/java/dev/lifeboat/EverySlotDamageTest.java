package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.CheapPassphrase;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.KeyWrap;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.layout.Parts;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.testkit.Damages.Change;
import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.WatchedDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * For every kind of slot: whatever byte of whatever object is changed, wherever it is cut, however many bytes follow, the one who has the
 * secret gets a beginning of the truth and then a reason. All of it is tried, for it is tried where a backup is read: at its records and
 * parts. {@link EncryptedDamageTest} looks at some of it through the verbs.
 */
@Tag("harness")
class EverySlotDamageTest {
  private static final int BITS = Integer.getInteger("loops", 1) > 1 ? 8 : 1;
  private static final int MORE = 64;

  @TempDir
  Path temp;

  private int tried;

  /** Whose slot it is. */
  enum Slot {
    PASSPHRASE,
    KEY,
    /** Signed, for a recipient's slot proves nothing. */
    RECIPIENT,
    SERVICE;

    Encryption encryption() {
      return switch (this) {
        case PASSPHRASE -> CheapPassphrase.of("correct horse battery");
        case KEY -> Encryption.key(Crew.SECRET);
        case RECIPIENT -> Encryption.identity(Crew.OFFICE).signedBy(Crew.HOST.getPrivate());
        case SERVICE -> Encryption.wrappedBy(new Service());
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyChangedByteEveryCutAndEveryAdditionIsFound(Slot slot) throws IOException {
    Encryption encryption = slot.encryption();
    Fleet fleet =
        new Fleet(WatchedDisk.unforced(temp).resolve(slot.name()), encryption, encryption);
    for (BackupId id : fleet.ids()) {
      assertThat(opens(fleet, id, "orders")).isTrue();
      assertThat(opens(fleet, id, "uploads")).isTrue();
    }
    for (ObjectName object : fleet.objectsOf(fleet.plain)) {
      if (isRecord(object)) {
        // what is signed is proven without its MAC
        boolean harmless = slot == Slot.RECIPIENT && isAuthentication(object);
        tryAll(fleet, object, harmless, () -> opens(fleet, fleet.plain, "orders"));
      }
    }
    for (BackupId id : fleet.ids()) {
      try (Opened opened = fleet.series.records().open(id)) {
        for (ObjectName part : fleet.partsOf(id)) {
          if (!isKeys(part)) {
            String component = part.last().startsWith("uploads") ? "uploads" : "orders";
            tryAll(fleet, part, false, () -> reads(fleet, opened, component));
          }
        }
      }
    }
    FaultCount.tried(getClass(), "an object behind the slot of a " + slot + " is changed", tried);
  }

  private static boolean isAuthentication(ObjectName object) {
    return object.value().endsWith(".auth");
  }

  private static boolean isKeys(ObjectName object) {
    return object.last().startsWith("keys.");
  }

  private static boolean isRecord(ObjectName object) {
    return isKeys(object)
        || (object.isIn("shop/catalog/") && object.last().matches("[^.]*\\.(json|auth)"));
  }

  /** Whether all of it is given and proven. */
  private interface Reader {
    boolean read() throws IOException;
  }

  private void tryAll(Fleet fleet, ObjectName object, boolean harmless, Reader reader)
      throws IOException {
    long length = fleet.damages.objects().getOrDefault(object, new byte[0]).length;
    // the line feed at the end of these two tells nothing
    long cuts = isKeys(object) || isAuthentication(object) ? length - 1 : length;
    Stream<Change> changes = Stream.of(
            fleet.damages.flips(object, BITS),
            fleet.damages.cuts(object).limit(cuts),
            fleet.damages.extensions(object, MORE))
        .flatMap(some -> some);
    for (Change change : (Iterable<Change>) changes::iterator) {
      change.inflict(fleet.memory);
      try {
        assertThat(reader.read() && !harmless).as("%s gives all of it", change).isFalse();
        tried++;
      } catch (RuntimeException e) {
        throw new AssertionError(change + " is told as " + e, e);
      } finally {
        fleet.damages.heal(change, fleet.memory);
      }
    }
  }

  private static boolean opens(Fleet fleet, BackupId id, String component) {
    try (Opened opened = fleet.series.records().open(id)) {
      return opened.trust().isProven()
          && opened.seal().isPresent()
          && reads(fleet, opened, component);
    } catch (IOException e) {
      assertThat(Printable.objections(e)).isEmpty();
      return false;
    }
  }

  /** What is given is the beginning of the truth, or all of it. */
  private static boolean reads(Fleet fleet, Opened opened, String name) {
    Component component = opened.manifest().components().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
    ByteArrayOutputStream released = new ByteArrayOutputStream();
    boolean whole = false;
    try (InputStream in = new Parts(fleet.series.shelf())
        .open(component, codecs(component, opened.seal().orElseThrow()))) {
      in.transferTo(released);
      whole = true;
    } catch (IOException e) {
      assertThat(Printable.objections(e)).isEmpty();
    }
    String truth = fleet.contents(opened.manifest().id()).get(name.equals("orders") ? 0 : 1);
    String given = released.toString(StandardCharsets.UTF_8);
    assertThat(truth).as("what is given of %s", name).startsWith(given);
    assertThat(!whole || given.equals(truth)).as("what ends well is all of it").isTrue();
    return whole;
  }

  private static List<Codec> codecs(Component component, Seal seal) {
    return component.codecs().stream()
        .map(id -> id.equals("floe") ? seal.codec(component.name()) : Compression.ofId(id))
        .toList();
  }

  /** Wraps for trusted hosts only, and so proves who wrote. */
  private static final class Service implements KeyWrap {
    private static final int IV = 12;

    private final SecretKeySpec key = new SecretKeySpec(new byte[32], "AES");

    @Override
    public String id() {
      return "kms/backups";
    }

    @Override
    public byte[] wrap(byte[] dataKey, String context) throws IOException {
      byte[] wrapped = new byte[IV + dataKey.length + 16];
      new Random(context.hashCode()).nextBytes(wrapped);
      byte[] sealed = crypt(Cipher.ENCRYPT_MODE, Arrays.copyOf(wrapped, IV), dataKey, context);
      System.arraycopy(sealed, 0, wrapped, IV, sealed.length);
      return wrapped;
    }

    @Override
    public byte[] unwrap(byte[] wrapped, String context) throws IOException {
      byte[] iv = Arrays.copyOf(wrapped, IV);
      byte[] sealed = Arrays.copyOfRange(wrapped, IV, Math.max(IV, wrapped.length));
      return crypt(Cipher.DECRYPT_MODE, iv, sealed, context);
    }

    private byte[] crypt(int mode, byte[] iv, byte[] bytes, String context)
        throws DamagedDataException {
      try {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(128, iv));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher.doFinal(bytes);
      } catch (GeneralSecurityException e) {
        throw new DamagedDataException("the service refuses it", e);
      }
    }

    @Override
    public boolean provesOrigin() {
      return true;
    }
  }
}
