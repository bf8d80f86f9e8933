package dev.lifeboat.examples.quickstart;

import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Identity;
import dev.lifeboat.source.BytesSource;
import dev.lifeboat.sqlite.SqliteSource;
import dev.lifeboat.storage.local.LocalSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The backups in {@code examples/recovery-kit/golden}: each was made once, and is not made again, for every later version
 * must read it, as must the recovery kit. Their secrets lie beside them and protect nothing.
 */
enum Golden {
  PLAIN_ZSTD("plain-zstd", "zstd", Lock.NONE),
  PLAIN_GZIP("plain-gzip", "gzip", Lock.NONE),
  PLAIN_NONE("plain-none", "none", Lock.NONE),
  PASSPHRASE("passphrase", "zstd", Lock.PASSPHRASE),
  KEY("key", "gzip", Lock.KEY),
  SIGNED("x25519-signed", "zstd", Lock.SIGNED),
  UNSIGNED("x25519-unsigned", "none", Lock.UNSIGNED),
  KEY_AND_RECIPIENT("key-and-x25519", "zstd", Lock.KEY_AND_RECIPIENT),
  PARTS("parts", "none", Lock.KEY),
  /** By a service that {@code secrets/unwrap} stands for, signed. */
  WRAPPED("wrap", "zstd", Lock.WRAPPED),
  /** Made with the passphrase, after one that was deleted; then all was rewrapped for the key. */
  REWRAPPED("rewrapped", "gzip", Lock.KEY),
  /** Made with a key that leaked, and written anew for the passphrase: a copy, and the tombstone of what it replaces. */
  REENCRYPTED("reencrypted", "none", Lock.PASSPHRASE);

  /** Who can open a backup, and what of the kit's options that takes. */
  enum Lock {
    NONE(""),
    PASSPHRASE("--passphrase-file passphrase"),
    KEY("--key-file key"),
    SIGNED("--identity-file identity --trust signer.pem"),
    /** And its id has to be said: nothing proves which is the newest. */
    UNSIGNED("--identity-file identity --accept-unsigned"),
    KEY_AND_RECIPIENT("--key-file key"),
    WRAPPED("--unwrap unwrap --trust wrapper.pem");

    private final String options;

    Lock(String options) {
      this.options = options;
    }
  }

  static final String SERIES = "shop";
  static final String SETTINGS = "settings";
  static final String ORDERS = "orders";
  static final int ORDERS_KEPT = 50;

  private static final int PART_SIZE = 64 << 10;
  static final Instant MADE = Instant.parse("2026-02-14T14:30:45Z");

  private final String directory;
  private final String compression;
  private final Lock lock;

  Golden(String directory, String compression, Lock lock) {
    this.directory = directory;
    this.compression = compression;
    this.lock = lock;
  }

  @Override
  public String toString() {
    return directory;
  }

  /** Where it is kept. */
  Path sink() {
    return golden().resolve(directory);
  }

  /** Who can open it. */
  Lock lock() {
    return lock;
  }

  /** What the kit has to be given. */
  List<String> options() {
    return options(lock.options);
  }

  /** The same of a line in which files of {@code golden/secrets} stand by their names. */
  static List<String> options(String line) {
    return Stream.of(line.split(" "))
        .filter(option -> !option.isEmpty())
        .map(option -> option.startsWith("-") ? option : secret(option).toString())
        .toList();
  }

  /** The content of the component {@code settings}: in parts, if this is the one with parts. */
  byte[] settings() {
    if (this != PARTS) {
      return "dark mode\n".repeat(300).getBytes(StandardCharsets.UTF_8);
    }
    byte[] noise = new byte[150_000];
    new Random(7).nextBytes(noise);
    return noise;
  }

  /** A file of {@code golden/secrets}. */
  static Path secret(String name) {
    return golden().resolve("secrets").resolve(name);
  }

  static Path kit() {
    return Path.of(System.getProperty("lifeboat.root")).resolve("examples/recovery-kit");
  }

  private static Path golden() {
    return kit().resolve("golden");
  }

  /** What the library opens it with; the files are read as texts, for those of a checkout may be read by everybody. */
  Optional<Encryption> encryption() throws IOException, GeneralSecurityException {
    return switch (lock) {
      case NONE -> Optional.empty();
      case PASSPHRASE -> Optional.of(Encryption.passphrase(chars("passphrase")));
      case KEY, KEY_AND_RECIPIENT -> Optional.of(Encryption.key(BackupKey.parse(chars("key"))));
      case SIGNED, UNSIGNED ->
        Optional.of(Encryption.identity(identity()).trusting(signer("signer.pem")));
      case WRAPPED ->
        Optional.of(Encryption.wrappedBy(new ToyService()).trusting(signer("wrapper.pem")));
    };
  }

  static char[] chars(String secret) throws IOException {
    return Files.readString(secret(secret)).strip().toCharArray();
  }

  static Identity identity() throws IOException {
    return Identity.parse(chars("identity"));
  }

  private static PublicKey signer(String file) throws IOException, GeneralSecurityException {
    String body = Files.readString(secret(file)).replaceAll("-----[A-Z ]*-----|\\s", "");
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(body)));
  }

  /**
   * Makes what is not there yet of {@link #WRAPPED}, {@link #REWRAPPED} and {@link #REENCRYPTED}. The others were made like
   * this by an earlier version; none is ever made again.
   */
  static void writeMissing(Path scratch) throws Exception {
    for (Golden golden : List.of(WRAPPED, REWRAPPED, REENCRYPTED)) {
      if (!Files.exists(golden.sink())) {
        golden.write(Files.createDirectories(scratch.resolve(golden.directory)));
      }
    }
  }

  private void write(Path work) throws Exception {
    Path database = orders(work.resolve("orders.db"));
    if (this == WRAPPED) {
      KeyPair wrapper = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      Files.writeString(secret("wrapper.pem"), pem(wrapper.getPublic()) + "\n");
      host(work, database, MADE, Encryption.wrappedBy(new ToyService()).signedBy(wrapper))
          .create(Reason.MANUAL);
      return;
    }
    Encryption first = this == REWRAPPED
        ? Encryption.passphrase(chars("passphrase"))
        : Encryption.key(BackupKey.generate());
    Encryption next = encryption().orElseThrow();
    Backup deleted =
        host(work, database, MADE.minus(Duration.ofDays(1)), first).create(Reason.MANUAL);
    Backups host = host(work, database, MADE, next.alsoReading(first));
    if (this == REWRAPPED) {
      host(work, database, MADE, first).create(Reason.MANUAL);
      host.forceDelete(deleted.id(), "a test's own");
      host.rewrap(next);
    } else {
      host.reencrypt();
    }
  }

  private Backups host(Path work, Path database, Instant now, Encryption encryption) {
    return Backups.builder(SERIES)
        .source(SqliteSource.of(ORDERS, database))
        .source(BytesSource.of(SETTINGS, this::settings, restored -> {}))
        .sink(LocalSink.in(sink()))
        .compression(codec())
        .partSize(PART_SIZE)
        .clock(Clock.fixed(now, ZoneOffset.UTC))
        .workDirectory(work.resolve("work"))
        .encryption(encryption)
        .build();
  }

  private Codec codec() {
    return switch (compression) {
      case "zstd" -> Compression.zstd();
      case "gzip" -> Compression.gzip();
      default -> Compression.none();
    };
  }

  static String pem(PublicKey key) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getEncoder().encodeToString(key.getEncoded())
        + "\n-----END PUBLIC KEY-----";
  }

  static Path orders(Path database) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, article TEXT)");
      for (int i = 0; i < ORDERS_KEPT; i++) {
        statement.executeUpdate("INSERT INTO orders (article) VALUES ('article " + i + "')");
      }
    }
    return database;
  }
}
