package dev.lifeboat.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere no part tells who makes it")
class MakerTest {
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
}
