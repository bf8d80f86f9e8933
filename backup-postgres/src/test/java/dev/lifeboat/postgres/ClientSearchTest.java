package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientSearchTest {
  private static final Version SERVER = new Version(15, 18);

  @TempDir
  Path directory;

  @ParameterizedTest
  @CsvSource({
    "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1), 15.18",
    "pg_dump (PostgreSQL) 18.6, 18.6",
    "pg_dump (PostgreSQL) 18beta2, 18.0",
    "pg_restore (PostgreSQL) 16.2 (EnterpriseDB Advanced Server 16.2.0), 16.2"
  })
  void aToolTellsItsVersion(String line, String version) {
    assertThat(Version.ofTool(line).orElseThrow()).hasToString(version);
  }

  @Test
  void aServerTellsItsVersion() {
    assertThat(Version.ofNumber(150018)).isEqualTo(new Version(15, 18));
    assertThat(Version.ofNumber(90624)).isEqualTo(new Version(9, 6));
    assertThat(Version.ofTool("yes")).isEmpty();
  }

  @Test
  void theNewestThatCanAlsoWriteIntoTheServerIsTaken() throws Exception {
    for (String version : List.of("14.24", "15.19", "16.15", "17.11", "18.6")) {
      Script.client(packages().resolve(version.substring(0, 2) + "/bin"), version);
    }
    assertThat(find(15)).isEqualTo(new Version(16, 15));
    assertThat(find(16)).isEqualTo(new Version(16, 15));
    assertThat(find(17)).isEqualTo(new Version(18, 6));
    assertThat(find(18)).isEqualTo(new Version(18, 6));
  }

  @Test
  void aNewerOneThatCanOnlyReadIsBetterThanNone() throws Exception {
    Script.client(packages().resolve("18/bin"), "18.6");
    assertThat(find(15)).isEqualTo(new Version(18, 6));
  }

  @Test
  void pgbinComesFirstWhereItFits() throws Exception {
    Script.client(packages().resolve("16/bin"), "16.15");
    Path chosen = Script.client(directory.resolve("chosen"), "15.19");
    Path old = Script.client(directory.resolve("old"), "14.24");
    assertThat(search(Map.of("PGBIN", chosen.toString())).find(SERVER).directory())
        .isEqualTo(chosen);
    assertThat(search(Map.of("PGBIN", old.toString())).find(SERVER).dump())
        .isEqualTo(new Version(16, 15));
    assertThat(search(Map.of("PATH", "/nowhere::" + chosen)).find(SERVER).dump())
        .isEqualTo(new Version(16, 15));
  }

  @Test
  void aMismatchNamesBothVersionsAndWhereItLooked() throws Exception {
    Path old = Script.client(packages().resolve("14/bin"), "14.24");
    assertThatThrownBy(() -> search(Map.of()).find(SERVER))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "The server is PostgreSQL 15.18, and no pg_dump that can read it was found: there is"
                + " pg_dump 14.24 in " + old + "; looked in PGBIN, PATH and " + packages()
                + "/*/bin. Install the client of PostgreSQL 15"
                + " (postgresql-client-15), pg_dump and pg_restore, or name its directory with client(…) or"
                + " PGBIN. Nothing was read.");
  }

  @Test
  void aNamedDirectoryIsTheOnlyOne() {
    assertThatThrownBy(() -> ClientSearch.in(directory).find(SERVER))
        .hasMessage(
            "The server is PostgreSQL 15.18, and no pg_dump that can read it was found: there is"
                + " none in " + directory
                + ". Install the client of PostgreSQL 15 (postgresql-client-15),"
                + " pg_dump and pg_restore, or name its directory with client(…) or PGBIN. Nothing was"
                + " read.");
  }

  @Test
  void aPgDumpWithoutItsPgRestoreIsNone() throws Exception {
    Files.delete(Script.client(directory, "15.19").resolve("pg_restore"));
    assertMissing("there is pg_dump 15.19 without its pg_restore in ");
    Script.make(directory, "pg_restore", "echo 'pg_restore (PostgreSQL) 15.2'");
    assertMissing("there is pg_dump 15.19 with an older pg_restore 15.2 in ");
    Script.make(directory, "pg_dump", "exit 1");
    assertMissing("there is a pg_dump that does not tell its version in ");
  }

  @Test
  void debiansWrapperIsNone() throws Exception {
    Script.client(directory, "15.19");
    Files.move(directory.resolve("pg_dump"), directory.resolve("pg_wrapper"));
    Files.createSymbolicLink(directory.resolve("pg_dump"), directory.resolve("pg_wrapper"));
    assertMissing("there is Debian's pg_wrapper, which chooses a client by itself in ");
  }

  private void assertMissing(String what) {
    assertThatThrownBy(() -> ClientSearch.in(directory).find(SERVER))
        .hasMessage(
            "The server is PostgreSQL 15.18, and no pg_dump that can read it was found: " + what
                + directory + "; looked in " + directory + ". Install the client of PostgreSQL 15"
                + " (postgresql-client-15), pg_dump and pg_restore, or name its directory with client(…) or"
                + " PGBIN. Nothing was read.");
  }

  @Test
  void oneBelowItsFixedMinorIsRefused() throws Exception {
    Script.client(directory, "15.7");
    assertThatThrownBy(() -> ClientSearch.in(directory).find(SERVER))
        .hasMessage(
            "The server is PostgreSQL 15.18, and no pg_dump that can read it was found: there is"
                + " pg_dump 15.7 in " + directory + "; looked in " + directory
                + ". Update it to 15.8 or"
                + " newer: older ones let a table's owner run code as who dumps (CVE-2024-7348). Nothing was"
                + " read.");
  }

  @ParameterizedTest
  @CsvSource({
    "11, 22, 12.20, 13.22",
    "12, 20, , 13.22",
    "13, 15, 13.16, 13.22",
    "13, 22, , ",
    "16, 4, , 16.10",
    "16, 10, , ",
    "17, 0, , 17.6",
    "17, 6, , ",
    "18, 0, , "
  })
  void holesAreKnownByMinor(int major, int minor, String toDump, String toRestore) {
    Version version = new Version(major, minor);
    assertThat(FixedMinors.neededToDump(version).map(Version::toString).orElse(null))
        .isEqualTo(toDump);
    assertThat(FixedMinors.neededToRestore(version).map(Version::toString).orElse(null))
        .isEqualTo(toRestore);
  }

  private Version find(int server) throws IOException {
    return search(Map.of()).find(new Version(server, 0)).dump();
  }

  private ClientSearch search(Map<String, String> environment) throws IOException {
    return ClientSearch.everywhere(environment, List.of(packages() + "/*/bin"));
  }

  private Path packages() {
    return directory.resolve("postgresql");
  }
}
