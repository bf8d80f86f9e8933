package dev.lifeboat.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectNameTest {
  @Test
  void whatTheFormatNeedsIsAName() {
    for (String name : List.of(
        "a",
        "shop/series.json",
        "shop/catalog/20260214T143045Z-pre-migration-k7f3q2ab.pin-k7f3q2ab.json",
        "shop/20260214T143045Z-manual-k7f3q2ab/orders.db.zst.floe.000001",
        "A/B_c-9",
        "consul/nullable/com10",
        "x".repeat(200))) {
      assertThat(ObjectName.isValid(name)).as(name).isTrue();
      assertThat(ObjectName.of(name)).hasToString(name);
    }
  }

  @Test
  void whatLeavesItsFolderOrOffendsAFileSystemIsNone() {
    for (String name : List.of(
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "../a",
        "a/..",
        "a/../b",
        "a/./b",
        "a..b",
        ".hidden",
        "-a",
        "_a",
        "a.",
        "a./b",
        "a b",
        "a\\b",
        "a:b",
        "c:",
        "a*",
        "a?",
        "a%2fb",
        "a\nb",
        "a\n",
        "a\u0000",
        "ä",
        "\u0430",
        "a\u200b",
        "con",
        "CON",
        "Nul.txt",
        "a/aux",
        "aux/a",
        "com1.tar.gz",
        "lpt9",
        "x".repeat(201))) {
      assertThat(ObjectName.isValid(name)).as(name).isFalse();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ObjectName.of(name))
          .withMessageStartingWith("not an object name: \"");
    }
  }

  @Test
  void whatIsRefusedIsQuotedPrintably() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ObjectName.of("a\n\u001bü"))
        .withMessage("not an object name: \"a\\u000a\\u001b\\u00fc\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ObjectName.of("/" + "x".repeat(300)))
        .withMessage("not an object name: \"/" + "x".repeat(79) + "…\"");
  }

  @Test
  void foldersAreWhole() {
    ObjectName name = ObjectName.of("shop/catalog/a.json");
    assertThat(name.isIn("")).isTrue();
    assertThat(name.isIn("shop/")).isTrue();
    assertThat(name.isIn("shop/catalog/")).isTrue();
    assertThat(name.isIn("shop/cat/")).isFalse();
    assertThat(ObjectName.of("shop2/a").isIn("shop/")).isFalse();
    assertThat(name.last()).isEqualTo("a.json");
    assertThat(ObjectName.of("a").last()).isEqualTo("a");
    for (String folder : List.of("shop", "/", "../", "shop//", "a b/")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ObjectName.requireFolder(folder))
          .withMessage("not a folder: \"" + folder + "\"");
    }
  }

  @Test
  void theySortByName() {
    assertThat(ObjectName.of("a/b")).isLessThan(ObjectName.of("a/c"));
    assertThat(ObjectName.of("a-b")).isLessThan(ObjectName.of("a/b"));
  }
}
