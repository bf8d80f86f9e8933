package dev.lifeboat.crypto;

import dev.lifeboat.codec.DamagedDataException;
import java.io.IOException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.Destroyable;
import org.jspecify.annotations.Nullable;

/**
 * Who can read the backups: for whom new ones are sealed, and with what old ones are opened. AES-256; there is no algorithm to choose.
 *
 * <pre>{@code
 * Encryption.passphrase(secret)                                   // one secret writes and reads
 * Encryption.key(BackupKey.ofBase64(secret)).alsoFor(escrow)      // a key of the host, and a second reader elsewhere
 * Encryption.recipients(office).signedBy(hostKey)                 // this host writes, and cannot read what it wrote
 * Encryption.identity(officeKey).trusting(hostPublicKey)          // the machine that can
 * }</pre>
 *
 * <p>Never changes: each method that adds something gives another one. All that come of one another share its secrets, which are copies
 * of those given, and {@link #destroy} of any of them wipes them for all. Later use is an {@link IllegalStateException}. Safe for several
 * threads.
 */
public final class Encryption implements Destroyable {
  private final AtomicBoolean destroyed; // shared by those that come of one another
  private final List<SlotWriter> writers;
  private final List<SlotReader> readers;
  private final @Nullable Signer signer;
  private final List<Trusted> trusted;
  private final List<Destroyable> secrets;

  private Encryption(
      AtomicBoolean destroyed,
      List<SlotWriter> writers,
      List<SlotReader> readers,
      @Nullable Signer signer,
      List<Trusted> trusted,
      List<Destroyable> secrets) {
    this.destroyed = destroyed;
    this.writers = distinct(writers);
    this.readers = List.copyOf(readers);
    this.signer = signer;
    this.trusted = trusted.stream().distinct().toList();
    this.secrets = List.copyOf(secrets);
  }

  private static Encryption of(
      List<SlotWriter> writers, List<SlotReader> readers, List<Destroyable> secrets) {
    return new Encryption(new AtomicBoolean(), writers, readers, null, List.of(), secrets);
  }

  /**
   * Whoever knows the passphrase reads, and it makes new backups. It costs half a second and 64 MiB of memory once, then nothing: Argon2id
   * with 3 passes and 4 lanes.
   *
   * @param passphrase at least 8 characters, better 6 random words; spelled in whatever form of Unicode. Copied; the caller wipes its own
   * @throws IllegalArgumentException if it is too short, or no text
   */
  public static Encryption passphrase(char[] passphrase) {
    return passphrase(passphrase, Cost.DEFAULT, Argon2.here());
  }

  /** With another cost of new slots, and another way to compute it. */
  static Encryption passphrase(char[] passphrase, Cost cost, Kdf kdf) {
    Objects.requireNonNull(passphrase, "passphrase");
    Passphrase reader = new Passphrase(passphrase, cost.requireWritable(), kdf);
    return of(List.of(reader), List.of(reader), List.of(reader));
  }

  /** Whoever has the key reads, and it makes new backups. Copied; the caller destroys its own. */
  public static Encryption key(BackupKey key) {
    KeyReader reader = new KeyReader(Objects.requireNonNull(key, "key").copy());
    return of(List.of(reader), List.of(reader), List.of(reader.key()));
  }

  /** New backups are for these; this host cannot read them. What it writes proves nothing to readers unless it is also {@linkplain #signedBy signed}. */
  public static Encryption recipients(Recipient first, Recipient... others) {
    List<SlotWriter> writers = new ArrayList<>();
    writers.add(new RecipientWriter(Objects.requireNonNull(first, "first")));
    writers.addAll(writersFor(others));
    return of(writers, List.of(), List.of());
  }

  /** Reads what was made for the identity's recipient, and makes new backups for it. Copied; the caller destroys its own. */
  public static Encryption identity(Identity identity) {
    Identity copy = Objects.requireNonNull(identity, "identity").copy();
    return of(
        List.of(new RecipientWriter(copy.recipient())),
        List.of(new IdentityReader(copy)),
        List.of(copy));
  }

  /**
   * Whoever the service gives it back to reads.
   *
   * @throws IllegalArgumentException if its id is not 1 to 200 printable ASCII characters
   */
  public static Encryption wrappedBy(KeyWrap service) {
    ServiceReader reader = ServiceReader.of(Objects.requireNonNull(service, "service"));
    return of(List.of(reader), List.of(reader), List.of());
  }

  /**
   * Further readers of new backups.
   *
   * @throws IllegalArgumentException if one of them is a reader already, or there would be more than 16
   */
  public Encryption alsoFor(Recipient... recipients) {
    requireAlive();
    return with(writersFor(recipients), List.of(), List.of());
  }

  /**
   * Further readers of new backups: a recovery key, kept elsewhere. As long as it is here too, it opens backups like any other key.
   * Copied; the caller destroys its own.
   *
   * @throws IllegalArgumentException if one of them is a reader already, or there would be more than 16
   */
  public Encryption alsoFor(BackupKey... keys) {
    requireAlive();
    Objects.requireNonNull(keys, "keys");
    List<KeyReader> added =
        Stream.of(keys).map(key -> new KeyReader(key.copy())).toList();
    return with(added, added, added.stream().map(KeyReader::key).toList());
  }

  /**
   * Opens with what the older one has too, and trusts whom it trusts; new backups are never made for its readers. Its secrets are shared,
   * not copied: destroying either wipes them.
   */
  public Encryption alsoReading(Encryption older) {
    requireAlive();
    Objects.requireNonNull(older, "older").requireAlive();
    return new Encryption(
        destroyed,
        writers,
        joined(readers, older.readers),
        signer,
        joined(trusted, older.trusted),
        joined(secrets, older.secrets));
  }

  /**
   * Signs what this host writes, and trusts what it signed. The key stays the host's: it is neither copied nor wiped.
   *
   * @param ed25519 a key that shows its bytes; of a key in hardware give both halves
   * @throws IllegalArgumentException if it is no such key, or another one signs already
   */
  public Encryption signedBy(PrivateKey ed25519) {
    return signedBy(Signer.of(Objects.requireNonNull(ed25519, "ed25519")));
  }

  /**
   * The same for a key that may hide its bytes, in hardware. It signs once, as a trial.
   *
   * @throws IllegalArgumentException if it is no such key, or the halves do not belong together, or another one signs already
   */
  public Encryption signedBy(KeyPair ed25519) {
    return signedBy(Signer.of(Objects.requireNonNull(ed25519, "ed25519")));
  }

  private Encryption signedBy(Signer added) {
    requireAlive();
    if (signer != null) {
      throw new IllegalArgumentException("signedBy was given twice");
    }
    return new Encryption(
        destroyed, writers, readers, added, joined(trusted, List.of(added.self())), secrets);
  }

  /**
   * What these signed is authentic.
   *
   * @throws IllegalArgumentException if one of them is not a key for Ed25519
   */
  public Encryption trusting(PublicKey... ed25519) {
    requireAlive();
    List<Trusted> added = Stream.of(ed25519).map(Trusted::of).toList();
    return new Encryption(destroyed, writers, readers, signer, joined(trusted, added), secrets);
  }

  // for the engine

  /**
   * For the engine: how the sink names a series. Passphrase slots of it have one salt from then on, made of that name: a listing tries
   * those whatever else a stranger has put beside them.
   *
   * @param identity public, random, and the same for all who use the series
   */
  public void know(String series, String identity) {
    requireAlive();
    readers.forEach(reader -> reader.know(series, identity));
  }

  /**
   * For the engine: a new data key for one backup, in slots for every reader.
   *
   * @throws IOException if a key service fails, or this heap is too small for a passphrase
   */
  public Seal seal(String series, String backup) throws IOException {
    requireAlive();
    return sealed(DataKey.random(new Place(series, backup)), "");
  }

  /**
   * For the engine: the data key out of a backup's {@code keys.json}. Slots that prove who wrote it are preferred.
   *
   * @throws WrongKeyException if no slot opens with what this has, or this heap is too small for it
   * @throws DamagedDataException if it is no keys file, or of another backup, or its MAC is wrong
   * @throws IOException if a key service fails
   */
  public Seal open(byte[] keys, String series, String backup) throws IOException {
    return open(keys, series, backup, true);
  }

  /**
   * For the engine: the same for a listing, where anybody may have put any number of slots. A passphrase is tried only
   * at the cost that this writes: with the salt of a series that it {@linkplain #know knows} always, with others no more once that was
   * for nothing several times.
   *
   * @throws IOException as {@link #open(byte[], String, String)}
   */
  public Seal openCheaply(byte[] keys, String series, String backup) throws IOException {
    return open(keys, series, backup, false);
  }

  private Seal open(byte[] keys, String series, String backup, boolean patient) throws IOException {
    requireAlive();
    byte[] copy = keys.clone();
    return new Opening(readers, KeysFile.parse(copy, new Place(series, backup)), copy, patient)
        .open();
  }

  /**
   * For the engine: the same data key in slots for the readers of this. Whoever stores them must know that the backup is authentic: a
   * key or passphrase slot will prove it from then on.
   *
   * @throws IOException if a key service fails, or this heap is too small for a passphrase
   */
  public Seal rewrap(Seal opened) throws IOException {
    requireAlive();
    DataKey dataKey = opened.dataKey();
    return sealed(new DataKey(dataKey.bytes(), dataKey.place()), opened.unproven());
  }

  private Seal sealed(DataKey dataKey, String unproven) throws IOException {
    byte[] bytes = dataKey.bytes();
    boolean done = false;
    try {
      List<Slot> slots = new ArrayList<>();
      for (SlotWriter writer : writers) {
        slots.add(writer.write(bytes, dataKey.place()));
      }
      Seal seal = new Seal(dataKey, KeysFile.of(dataKey, slots).write(), unproven);
      done = true;
      return seal;
    } finally {
      Arrays.fill(bytes, (byte) 0);
      if (!done) {
        dataKey.destroy();
      }
    }
  }

  /** For the engine: whether these are the slots that {@link #rewrap} would make, for exactly the readers of this. */
  public boolean isWrapped(byte[] keys, Seal opened) {
    requireAlive();
    DataKey dataKey = opened.dataKey();
    KeysFile file;
    try {
      file = KeysFile.parse(keys.clone(), dataKey.place());
    } catch (WrongKeyException | DamagedDataException e) {
      return false;
    }
    if (file.slots().size() != writers.size() || !file.isProvenBy(dataKey)) {
      return false;
    }
    byte[] bytes = dataKey.bytes();
    try {
      return writers.stream()
          .allMatch(writer -> file.slots().stream()
              .anyMatch(slot -> writer.isAsWritten(slot, bytes, dataKey.place())));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /**
   * For the engine: what proves that this host wrote a message.
   *
   * @param seal of the backup, if it could be opened
   */
  public Authentication authenticate(Purpose purpose, byte[] message, Optional<Seal> seal) {
    requireAlive();
    return new Authentication(
        seal.map(opened -> opened.dataKey().mac(purpose, message)),
        Optional.ofNullable(signer).map(own -> own.sign(purpose, message)),
        Optional.ofNullable(signer).map(own -> own.self().id()));
  }

  /**
   * For the engine: whether it is proven who wrote a message.
   *
   * @param seal of the backup, if it could be opened
   * @param keyProven whether the backup's data key is known to be of a trusted writer, for another reason than its slot
   * @throws DamagedDataException if a MAC or signature that can be checked is wrong
   */
  public Trust prove(
      Purpose purpose,
      byte[] message,
      Authentication authentication,
      Optional<Seal> seal,
      boolean keyProven)
      throws DamagedDataException {
    requireAlive();
    return new Proving(trusted, purpose, message, authentication).prove(seal, keyProven);
  }

  /** For the engine: whether it has anything that opens backups. */
  public boolean canOpen() {
    requireAlive();
    return !readers.isEmpty();
  }

  /** For the engine: whether it could ever prove who wrote a backup. */
  public boolean canProve() {
    requireAlive();
    return !trusted.isEmpty()
        || readers.stream().anyMatch(reader -> reader.rank().provesOrigin());
  }

  /** For the engine: seals a short text for the recipients of new backups, by whoever cannot open the backup that it is about. Empty if there are none. */
  public List<SealedFor> conceal(byte[] content, String series, String backup) {
    requireAlive();
    Place place = new Place(series, backup);
    List<SealedFor> sealed = new ArrayList<>();
    for (SlotWriter writer : writers) {
      if (writer instanceof RecipientWriter to) {
        Hpke.Message message = Hpke.MARK.seal(to.recipient(), place.bytes(), content);
        sealed.add(new SealedFor(to.recipient().id(), message.enc(), message.wrapped()));
      }
    }
    return List.copyOf(sealed);
  }

  /**
   * For the engine: opens such a text; empty if it is for others.
   *
   * @throws DamagedDataException if it is for an identity of this, and does not prove right
   */
  public Optional<byte[]> reveal(List<SealedFor> sealed, String series, String backup)
      throws DamagedDataException {
    requireAlive();
    Place place = new Place(series, backup);
    for (SlotReader reader : readers) {
      if (reader instanceof IdentityReader identity) {
        for (SealedFor one : sealed) {
          if (one.recipient().equals(identity.identity().recipient().id())) {
            return Optional.of(identity.reveal(one, place));
          }
        }
      }
    }
    return Optional.empty();
  }

  /**
   * For the engine: makes the JVM compile its cipher, which takes some tenths of a second once in its life; to be run beside other
   * work. An interrupt ends it, and stays set; the next call goes on from there.
   */
  public void warmUp() {
    WarmUp.run();
  }

  /** Wipes the secrets, for all that share them. A signing key is the host's own, and stays as it is. */
  @Override
  public void destroy() {
    destroyed.set(true);
    for (Destroyable secret : secrets) {
      try {
        secret.destroy();
      } catch (javax.security.auth.DestroyFailedException e) {
        throw new IllegalStateException("ours do not fail", e);
      }
    }
  }

  @Override
  public boolean isDestroyed() {
    return destroyed.get() || secrets.stream().anyMatch(Destroyable::isDestroyed);
  }

  /** Kinds and ids; no secret. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("encryption for ");
    text.append(writers.stream().map(SlotWriter::name).collect(Collectors.joining(", ")));
    if (!readers.isEmpty()) {
      text.append("; opens with ");
      text.append(
          readers.stream().map(SlotReader::name).distinct().collect(Collectors.joining(", ")));
    }
    if (signer != null) {
      text.append("; signed by ").append(signer.self().id());
    }
    if (!trusted.isEmpty()) {
      text.append("; trusts ");
      text.append(trusted.stream().map(Trusted::id).collect(Collectors.joining(", ")));
    }
    return text.toString();
  }

  private Encryption with(
      List<? extends SlotWriter> addedWriters,
      List<? extends SlotReader> addedReaders,
      List<? extends Destroyable> addedSecrets) {
    return new Encryption(
        destroyed,
        joined(writers, addedWriters),
        joined(readers, addedReaders),
        signer,
        trusted,
        joined(secrets, addedSecrets));
  }

  private void requireAlive() {
    if (isDestroyed()) {
      throw new IllegalStateException("this encryption was destroyed");
    }
  }

  private static List<SlotWriter> writersFor(Recipient... recipients) {
    Objects.requireNonNull(recipients, "recipients");
    List<SlotWriter> writers = new ArrayList<>();
    for (Recipient recipient : recipients) {
      writers.add(new RecipientWriter(Objects.requireNonNull(recipient, "recipient")));
    }
    return writers;
  }

  private static List<SlotWriter> distinct(List<SlotWriter> writers) {
    if (writers.size() > KeysFile.MOST_SLOTS) {
      throw new IllegalArgumentException(
          "a backup has at most " + KeysFile.MOST_SLOTS + " readers; these are " + writers.size());
    }
    for (int i = 0; i < writers.size(); i++) {
      String name = writers.get(i).name();
      if (writers.subList(0, i).stream().anyMatch(before -> before.name().equals(name))) {
        throw new IllegalArgumentException(name + " is a reader already");
      }
    }
    return List.copyOf(writers);
  }

  private static <T> List<T> joined(List<T> first, List<? extends T> second) {
    return Stream.<T>concat(first.stream(), second.stream()).toList();
  }
}
