package dev.lifeboat.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.source.BytesSource;
import dev.lifeboat.sqlite.SqliteSource;
import dev.lifeboat.storage.local.LocalSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of {@code RECOVERY.txt}, as a host puts it beside its backups, given to a shell as they stand. */
class RecoveryTextTest {
  private static final int ORDERS = 2000;

  @TempDir
  Path directory;

  private Path home;
  private Path sink;

  @BeforeEach
  void prepare() throws IOException {
    home = Files.createDirectory(directory.resolve("home"));
    sink = directory.resolve("sink");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zstd", "gzip", "none"})
  void whatLiesInClearIsRestoredWithStockTools(String compression) throws Exception {
    backUp(
        switch (compression) {
          case "zstd" -> Compression.zstd();
          case "gzip" -> Compression.gzip();
          default -> Compression.none();
        },
        null);
    assertThat(run(commandsOfA())).isZero();
    String log = Files.readString(directory.resolve("shell.log"));
    assertThat(log.lines().filter(line -> line.endsWith(": OK")).count()).isGreaterThan(4);
    assertThat(log.lines().toList()).last().isEqualTo("ok"); // says sqlite3
    assertIsTheDatabase(home.resolve("orders.restored"));
  }

  /** A part, the manifest and the content are each proven by a command of their own. */
  @Test
  void damageInClearIsFoundWithStockTools() throws Exception {
    String id = backUp(Compression.none(), null);
    Path series = sink.resolve("shop");
    for (Path file : List.of(
        series.resolve("catalog").resolve(id + ".json"),
        series.resolve(id).resolve("orders.db.000002"),
        series.resolve(id).resolve("settings.bin"))) {
      byte[] right = Files.readAllBytes(file);
      byte[] damaged = right.clone();
      damaged[right.length / 2] ^= 1;
      Files.write(file, damaged);
      assertThat(run(commandsOfA())).as("%s", file).isNotZero();
      Files.write(file, right);
      Files.deleteIfExists(home.resolve("orders.restored"));
    }
    assertThat(run(commandsOfA())).isZero();
  }

  @Test
  void aPassphraseOpensItAsTheTextSays() throws Exception {
    secret("passphrase", "passphrase.txt");
    Files.copy(Kit.bouncyCastle(), kit().resolve("bcprov-jdk18on.jar"));
    restoresWith("--passphrase-file", Encryption.passphrase(Golden.chars("passphrase")));
  }

  @Test
  void aKeyOpensItAsTheTextSays() throws Exception {
    secret("key", "key.txt");
    restoresWith("--key-file", Encryption.key(BackupKey.parse(Golden.chars("key"))));
  }

  @Test
  void anIdentityOpensItAsTheTextSays() throws Exception {
    secret("identity", "identity.txt");
    restoresWith(
        "--identity-file", Encryption.recipients(Golden.identity().recipient()).signedBy(signer()));
  }

  @Test
  void aServiceOpensItAsTheTextSays() throws Exception {
    secret("unwrap", "unwrap");
    restoresWith("--unwrap", Encryption.wrappedBy(new ToyService()).signedBy(signer()));
  }

  private void restoresWith(String option, Encryption encryption) throws Exception {
    String id = backUp(Compression.zstd(), encryption);
    Path restored = kit().resolve("orders.db");
    List<String> section = commands("B. ENCRYPTED", "No kit at hand?");
    List<String> whereItIs = section.stream()
        .filter(line -> !line.contains("Recover.java") && !line.contains("recover.py"))
        .toList();
    for (String program : List.of("Recover.java", "recover.py")) {
      if (program.equals("recover.py")) {
        Kit.requirePython();
      }
      List<String> all = section.stream().filter(line -> line.contains(program)).toList();
      assertThat(all).hasSize(5);
      Files.copy(Golden.kit().resolve(program), kit().resolve(program));

      if (option.equals("--key-file")) { // it is the same for all: which there are
        assertThat(run(script(whereItIs) + all.get(0))).isZero();
        assertThat(Files.readString(directory.resolve("shell.log")))
            .startsWith(id + "  complete: orders settings; ");
      }
      String restoring =
          all.stream().filter(line -> line.contains(option)).findAny().orElseThrow();
      assertThat(run(script(whereItIs) + restoring)).isZero();
      assertThat(Files.readString(directory.resolve("shell.log")))
          .isEqualTo("orders.db is shop/" + id + "/orders, complete: " + Files.size(restored)
              + " bytes, every one proven\n");
      assertIsTheDatabase(restored);
      Files.delete(restored);
    }
  }

  private String commandsOfA() throws IOException {
    return script(commands("A. IN CLEAR", "B. ENCRYPTED"));
  }

  private static String script(List<String> commands) {
    return String.join("\n", commands) + "\n";
  }

  /** The indented lines of a section of the text that lies there. */
  private List<String> commands(String begin, String end) throws IOException {
    String text = Files.readString(sink.resolve("shop/RECOVERY.txt"));
    String section = text.substring(text.indexOf(begin), text.indexOf(end));
    List<String> commands =
        section.lines().filter(line -> line.matches(" {5}(\\S.*| {2}.* ;;)")).toList();
    assertThat(commands).hasSizeGreaterThan(10);
    return commands;
  }

  private int run(String script) throws IOException, InterruptedException {
    ProcessBuilder shell = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script);
    shell.directory(sink.resolve("shop").toFile());
    Map<String, String> environment = shell.environment();
    environment.put("HOME", home.toString());
    environment.put(
        "PATH", Path.of(Kit.java()).getParent() + ":" + environment.getOrDefault("PATH", ""));
    environment.remove("JAVA_TOOL_OPTIONS"); // about which every JVM says something
    shell
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("shell.log").toFile());
    Process process = shell.start();
    process.getOutputStream().close();
    return process.waitFor();
  }

  private Path kit() throws IOException {
    return Files.createDirectories(home.resolve("recovery-kit"));
  }

  private void secret(String golden, String name) throws IOException {
    Files.copy(Golden.secret(golden), kit().resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
  }

  private KeyPair signer() throws Exception {
    KeyPair signer = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Files.writeString(kit().resolve("host.pem"), Golden.pem(signer.getPublic()));
    return signer;
  }

  /** In several parts. */
  private String backUp(Codec compression, @Nullable Encryption encryption) throws Exception {
    Backups.Builder builder = Backups.builder("shop")
        .source(SqliteSource.of("orders", database()))
        .source(BytesSource.of(
            "settings", () -> "dark mode".getBytes(StandardCharsets.UTF_8), restored -> {}))
        .sink(LocalSink.in(sink))
        .compression(compression)
        .partSize(64 << 10)
        .workDirectory(directory.resolve("work"));
    if (encryption != null) {
      builder.encryption(encryption);
    }
    String id = builder.build().create(Reason.MANUAL).id().toString();
    try (Stream<Path> parts = Files.list(sink.resolve("shop").resolve(id))) {
      assertThat(parts.filter(part -> part.getFileName().toString().startsWith("orders")))
          .hasSizeGreaterThan(1);
    }
    return id;
  }

  private Path database() throws SQLException {
    Path database = directory.resolve("orders.db");
    byte[] noise = new byte[100];
    Random random = new Random(1);
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, noise BLOB)");
      connection.setAutoCommit(false);
      try (var insert = connection.prepareStatement("INSERT INTO orders (noise) VALUES (?)")) {
        for (int i = 0; i < ORDERS; i++) {
          random.nextBytes(noise);
          insert.setBytes(1, noise);
          insert.executeUpdate();
        }
      }
      connection.commit();
    }
    return database;
  }

  private static void assertIsTheDatabase(Path file) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var row = connection
            .createStatement()
            .executeQuery("SELECT count(*), sum(length(noise)) FROM orders")) {
      assertThat(row.getInt(1)).isEqualTo(ORDERS);
      assertThat(row.getInt(2)).isEqualTo(ORDERS * 100);
    }
  }
}
