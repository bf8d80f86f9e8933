package dev.lifeboat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.Authentication;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Purpose;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.crypto.SealedFor;
import dev.lifeboat.crypto.Trust;
import dev.lifeboat.crypto.WrongKeyException;
import dev.lifeboat.json.Json;
import dev.lifeboat.json.MalformedJsonException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Marks as this host writes and reads them: with encryption, who set one and why are sealed, and a mark counts only
 * where it is proven who wrote it.
 */
final class Marks {
  private final String series;
  private final Optional<Encryption> encryption;

  Marks(String series, Optional<Encryption> encryption) {
    this.series = series;
    this.encryption = encryption;
  }

  /** What a mark says, and whether it is proven who set it. */
  record Proven(Mark mark, Trust trust) {}

  /**
   * A mark as it is to be stored.
   *
   * @param seal of its backup, if this host can open that
   */
  byte[] write(Mark mark, Optional<Seal> seal) throws IOException {
    if (encryption.isEmpty()) {
      return MarkFile.write(Json.write(mark.members(true)), Authentication.NONE, Optional.empty());
    } else if (mark.kind() == Mark.Kind.DELETED && seal.isEmpty()) {
      return writeWithOwnKey(mark, encryption.get());
    }
    byte[] written = write(mark, encryption.get(), seal);
    // for many recipients what is sealed is there as many times
    return written.length <= Mark.MAX_BYTES ? written : write(mark.brief(), encryption.get(), seal);
  }

  /** A tombstone for what cannot be opened is proven by a key of its own, which nobody but a reader of ours can have made. */
  private byte[] writeWithOwnKey(Mark mark, Encryption own) throws IOException {
    try (Seal fresh = own.seal(series, mark.backup().toString())) {
      return write(mark, own, Optional.of(fresh));
    }
  }

  private static byte[] write(Mark mark, Encryption own, Optional<Seal> seal) {
    Map<String, Object> members = mark.members(false);
    byte[] details = Json.write(mark.details());
    if (seal.isPresent()) {
      members.put("sealed", seal.get().conceal(details, "mark"));
    } else {
      members.put(
          "sealedFor",
          own.conceal(details, mark.series(), mark.backup().toString()).stream()
              .map(Marks::members)
              .toList());
    }
    byte[] text = Json.write(members);
    Optional<byte[]> keys =
        mark.kind() == Mark.Kind.DELETED ? seal.map(Seal::keys) : Optional.empty();
    return MarkFile.write(text, own.authenticate(Purpose.MARK, text, seal), keys);
  }

  private static Map<String, Object> members(SealedFor sealed) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("recipient", sealed.recipient());
    members.put("enc", sealed.enc());
    members.put("wrapped", sealed.wrapped());
    return members;
  }

  /**
   * Reads a mark.
   *
   * @param seal of its backup, if this host can open that
   * @param keyProven whether it is proven who wrote the backup
   * @throws DamagedDataException if it is none, another than its place says, or a MAC or signature of it is wrong
   */
  Proven read(byte[] bytes, BackupId id, Mark.Kind kind, Optional<Seal> seal, boolean keyProven)
      throws IOException {
    MarkFile file = MarkFile.parse(bytes, id, series, kind);
    if (encryption.isEmpty()) {
      return new Proven(file.mark(), Trust.PROVEN);
    } else if (kind == Mark.Kind.DELETED && file.keys().isPresent()) {
      return readByItsOwnKeys(file, file.keys().get().getBytes(UTF_8), id);
    }
    return read(file, seal, keyProven);
  }

  private Proven readByItsOwnKeys(MarkFile file, byte[] keys, BackupId id) throws IOException {
    try (Seal seal = encryption.orElseThrow().openCheaply(keys, series, id.toString())) {
      return read(file, Optional.of(seal), false);
    } catch (WrongKeyException e) {
      return read(file, Optional.empty(), false);
    }
  }

  private Proven read(MarkFile file, Optional<Seal> seal, boolean keyProven)
      throws DamagedDataException {
    Encryption own = encryption.orElseThrow();
    Trust trust = own.prove(
        Purpose.MARK, file.text().getBytes(UTF_8), file.authentication(), seal, keyProven);
    Optional<byte[]> details = Optional.empty();
    if (file.sealed().isPresent() && seal.isPresent()) {
      details = Optional.of(seal.get().reveal(file.sealed().get(), "mark"));
    } else if (!file.sealedFor().isEmpty()) {
      details = revealed(own, file.sealedFor(), file.mark());
    }
    try {
      return new Proven(
          details.isPresent() ? file.mark().with(Json.parse(details.get())) : file.mark(), trust);
    } catch (MalformedJsonException e) {
      throw new DamagedDataException("what it has sealed is not right: " + e.getMessage(), e);
    }
  }

  private static Optional<byte[]> revealed(Encryption own, List<SealedFor> sealed, Mark mark)
      throws DamagedDataException {
    return own.reveal(sealed, mark.series(), mark.backup().toString());
  }
}
