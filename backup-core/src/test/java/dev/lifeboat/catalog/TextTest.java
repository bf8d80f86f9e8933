package dev.lifeboat.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void whatPeopleWriteStaysAsItIs() {
    assertThat(Text.printable("Bestellung für Żółć, 注文 😀 100 %"))
        .isEqualTo("Bestellung für Żółć, 注文 😀 100 %");
    assertThat(Text.printable("")).isEmpty();
    assertThat(Text.quoted("orders")).isEqualTo("\"orders\"");
  }

  @Test
  void nobodyForgesALineOrColoursATerminal() {
    assertThat(Text.printable("a\nb\r\tc\u0000\u001b[31m\u007f\u0085"))
        .isEqualTo("a\\u000ab\\u000d\\u0009c\\u0000\\u001b[31m\\u007f\\u0085");
    assertThat(Text.printable("\u2028\u2029\u202e\u200b\u2066\ufeff\u00ad"))
        .isEqualTo("\\u2028\\u2029\\u202e\\u200b\\u2066\\ufeff\\u00ad");
    assertThat(Text.printable("\ud800x")).isEqualTo("\\ud800x");
    assertThat(Text.printable(Character.toString(0xE0041))).isEqualTo("\\ue0041");
  }

  @Test
  void longTextsAreCut() {
    assertThat(Text.printable("x".repeat(200))).isEqualTo("x".repeat(200));
    assertThat(Text.printable("x".repeat(201))).isEqualTo("x".repeat(200) + "…");
    assertThat(Text.printable("😀".repeat(200))).isEqualTo("😀".repeat(200));
    assertThat(Text.quoted("😀".repeat(201))).isEqualTo("\"" + "😀".repeat(200) + "…\"");
  }

  @Test
  void aRecordTellsItselfOnOneLine() {
    Pin pin = new Pin(Instant.EPOCH, "office\n\u001b[31m", "x".repeat(6000));
    assertThat(pin)
        .hasToString("Pin[at=1970-01-01T00:00:00Z, by=office\\u000a\\u001b[31m, why="
            + "x".repeat(5000) + "…]");
  }
}
