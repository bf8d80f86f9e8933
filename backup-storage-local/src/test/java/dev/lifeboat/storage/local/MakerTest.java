package dev.lifeboat.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere no part tells who makes it")
class MakerTest {
  @TempDir
  Path temp;

  private final Maker here = Maker.here();

  @Test
  void aLivingProcessHasNotEndedAndADeadOneHas() throws Exception {
    Process other = new ProcessBuilder("cat").start();
    String of = here.prefix().replace("-" + ProcessHandle.current().pid(), "-" + other.pid());
    assertThat(here.hasEnded(here.prefix() + "x.part")).isFalse();
    assertThat(here.hasEnded(of + "x.part")).isFalse();
    other.destroyForcibly().waitFor();
    assertThat(here.hasEnded(of + "x.part")).isTrue();
  }

  @Test
  void nothingIsToldOfProcessesElsewhereOrOfOtherNames() {
    String dead = "-999999999999999999.";
    assertThat(here.hasEnded(here.prefix().replaceAll("-.*", dead + "x.part"))).isTrue();
    assertThat(here.hasEnded(".0123456789abcdef" + dead + "x.part")).isFalse();
    assertThat(here.hasEnded(".part")).isFalse();
    assertThat(here.hasEnded(".dead.part")).isFalse();
    assertThat(here.hasEnded(here.prefix().replaceAll("-.*", "-9999999999999999999.x.part")))
        .isFalse();
  }

  @Test
  void whatShowsProcessesByOtherNumbersTellsNothing() throws IOException {
    Path shown = system("shown", ProcessHandle.current().pid(), "ship", "1");
    Path other = system("other", ProcessHandle.current().pid() + 1, "ship", "1");
    Path hidden = system("hidden", ProcessHandle.current().pid(), "ship", "1");
    Files.delete(hidden.resolve("proc/self"));
    Maker maker = Maker.under(shown);
    assertThat(maker.prefix())
        .matches("\\.[0-9a-f]{16}-" + ProcessHandle.current().pid() + "\\.");
    assertThat(Maker.under(other).prefix()).isEqualTo(".");
    assertThat(Maker.under(hidden).prefix()).isEqualTo(".");
    String dead = maker.prefix().replaceAll("-.*", "-999999999999999999.x.part");
    assertThat(maker.hasEnded(dead)).isTrue();
    assertThat(Maker.under(other).hasEnded(dead)).isFalse();
    assertThat(Maker.under(hidden).hasEnded(dead)).isFalse();
  }

  /** Machines that were cloned while they ran have all but one in common. */
  @Test
  void noMachineJudgesTheProcessesOfAnother() throws IOException {
    long own = ProcessHandle.current().pid();
    Maker maker = Maker.under(system("one", own, "ship", "1"));
    String dead = maker.prefix().replaceAll("-.*", "-999999999999999999.x.part");
    assertThat(maker.hasEnded(dead)).isTrue();
    assertThat(Maker.under(system("name", own, "boat", "1")).hasEnded(dead)).isFalse();
    assertThat(Maker.under(system("id", own, "ship", "2")).hasEnded(dead)).isFalse();
    Path anonymous = system("anonymous", own, "ship", "1");
    Files.delete(anonymous.resolve("etc/machine-id"));
    assertThat(Maker.under(anonymous).hasEnded(dead)).isFalse();
    assertThat(Maker.under(anonymous).prefix()).isNotEqualTo(".");
    assertThat(Maker.under(system("same", own, "ship", "1")).hasEnded(dead)).isTrue();
  }

  /** The files of a system that tell who one is. */
  private Path system(String name, long number, String host, String machine) throws IOException {
    Path root = temp.resolve(name);
    Path proc = root.resolve("proc");
    Files.createDirectories(proc.resolve("sys/kernel/random"));
    Files.writeString(proc.resolve("sys/kernel/hostname"), host + "\n");
    Files.writeString(proc.resolve("sys/kernel/random/boot_id"), "6a7c\n");
    Files.createDirectories(proc.resolve(number + "/ns"));
    Files.createSymbolicLink(proc.resolve(number + "/ns/pid"), Path.of("pid:[4026531836]"));
    Files.createSymbolicLink(proc.resolve("self"), Path.of(Long.toString(number)));
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/machine-id"), machine + "\n");
    return root;
  }
}
