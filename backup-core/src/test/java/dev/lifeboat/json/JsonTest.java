package dev.lifeboat.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class JsonTest {
  private static final String BOUNDS = ": beyond a bound (depth 16, texts of 1048576 characters,"
      + " keys of 1000, numbers of 20 digits)";

  @Test
  void whatIsWrittenIsReadAgain() throws Exception {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("text", "ü\u0000\u2028\"\\/😀");
    object.put("number", Long.MIN_VALUE);
    object.put("object", Map.of("inner", 7L));
    object.put("list", List.of(Map.of("a", 1L), Map.of("a", 2L)));
    object.put("texts", List.of("x", ""));
    byte[] bytes = Json.write(object);
    JsonObject read = Json.parse(bytes);
    assertThat(read.names()).containsExactly("text", "number", "object", "list", "texts");
    assertThat(read.string("text")).isEqualTo("ü\u0000\u2028\"\\/😀");
    assertThat(read.number("number")).isEqualTo(Long.MIN_VALUE);
    assertThat(read.object("object").number("inner")).isEqualTo(7);
    assertThat(read.objects("list")).hasSize(2);
    assertThat(read.strings("texts")).containsExactly("x", "");
    assertThat(Json.write(object)).isEqualTo(bytes);
  }

  @Test
  void itIsWrittenForPeople() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("a", 1);
    object.put("b", List.of("x"));
    assertThat(new String(Json.write(object), StandardCharsets.UTF_8))
        .isEqualTo("{\n  \"a\": 1,\n  \"b\": [\n    \"x\"\n  ]\n}\n");
  }

  @Test
  void whitespaceAroundTheObjectIsAllowed() throws Exception {
    assertThat(parse(" \r\n\t{ \"a\" : 1 } \n").number("a")).isEqualTo(1);
  }

  @Test
  void itIsOneObjectAndNothingElse() {
    for (String other : List.of("", " ", "[]", "\"text\"", "1", "null", "true", "[{}]")) {
      assertMalformed(other).hasMessage("not a JSON object");
    }
    assertMalformed("{}{}").hasMessage("something follows the JSON object");
    assertMalformed("{} 1").hasMessage("something follows the JSON object");
    assertMalformed("{},").hasMessageMatching("not valid JSON at line 1, column [34]");
    assertMalformed("{}\u0000").hasMessageMatching("not valid JSON at line 1, column [34]");
  }

  @Test
  void aKeyIsThereOnce() {
    assertMalformed("{\"a\":1,\"a\":1}")
        .hasMessageMatching("not valid JSON at line 1, column \\d+: a key is there twice");
    assertMalformed("{\"a\":[{\"b\":{\"c\":1,\"\\u0063\":2}}]}")
        .hasMessageMatching("not valid JSON at line 1, column \\d+: a key is there twice");
  }

  @Test
  void whatEndsTooEarlySaysSo() {
    for (String cut : List.of("{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":[", "{\"a\":\"x")) {
      assertMalformed(cut)
          .hasMessageMatching("not valid JSON at line 1, column \\d+: it ends too early");
    }
  }

  @Test
  void nothingBeyondTheStandardIsRead() {
    for (String extra : List.of(
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":-Infinity}",
        "{\"a\":+1}",
        "{\"a\":01}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":0x1}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":1,}",
        "{\"a\":[1,]}",
        "{\"a\":[,1]}",
        "{\"a\":TRUE}",
        "{\"a\":undefined}",
        "{\"a\":1}// comment",
        "{/* comment */\"a\":1}",
        "# comment\n{\"a\":1}",
        "{\"a\":\"tab\there\"}",
        "{\"a\":\"line\nhere\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}")) {
      assertMalformed(extra).hasMessageMatching("not valid JSON at line \\d, column \\d+");
    }
  }

  @Test
  void onlyUtf8IsRead() {
    for (Charset other : List.of(
        StandardCharsets.UTF_16BE,
        StandardCharsets.UTF_16LE,
        Charset.forName("UTF-32BE"),
        Charset.forName("UTF-32LE"))) {
      assertMalformed("{\"a\":1}".getBytes(other)).hasMessageStartingWith("not valid JSON");
      assertMalformed("\ufeff{\"a\":1}".getBytes(other)).hasMessageStartingWith("not ");
    }
    assertMalformed("\ufeff{\"a\":1}").hasMessageStartingWith("not ");
    assertMalformed("{\"a\":\"ü\"}".getBytes(StandardCharsets.ISO_8859_1))
        .hasMessage("not valid JSON: not UTF-8");
    int[][] invalid = {
      {0xc0, 0x80},
      {0xc1, 0xbf},
      {0xe0, 0x80, 0x80},
      {0xed, 0xa0, 0x80},
      {0xf4, 0x90, 0x80, 0x80},
      {0xff},
      {0x80},
      {0xe2, 0x82}
    };
    for (int[] sequence : invalid) {
      byte[] bytes = "{\"a\":\"....\"}".getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < sequence.length; i++) {
        bytes[6 + i] = (byte) sequence[i];
      }
      assertMalformed(bytes).hasMessage("not valid JSON: not UTF-8");
    }
  }

  @Test
  void depthIsBounded() throws Exception {
    assertThat(parse(nested(16)).has("a")).isTrue();
    assertMalformed(nested(17)).hasMessageEndingWith(BOUNDS);
    assertMalformed("{\"a\":" + "[".repeat(100_000)).hasMessageEndingWith(BOUNDS);
  }

  @Test
  void textsAndKeysAreBounded() throws Exception {
    String longest = "x".repeat(1 << 20);
    assertThat(parse("{\"a\":\"" + longest + "\"}").string("a")).isEqualTo(longest);
    assertMalformed("{\"a\":\"" + longest + "x\"}").hasMessageEndingWith(BOUNDS);
    String key = "k".repeat(1000);
    assertThat(parse("{\"" + key + "\":1}").names()).containsExactly(key);
    assertMalformed("{\"" + key + "k\":1}").hasMessageEndingWith(BOUNDS);
  }

  @Test
  void numbersAreWholeAndFitALong() throws Exception {
    assertThat(parse("{\"a\":9223372036854775807}").number("a")).isEqualTo(Long.MAX_VALUE);
    assertThat(parse("{\"a\":-9223372036854775808}").number("a")).isEqualTo(Long.MIN_VALUE);
    assertThat(parse("{\"a\":-0}").number("a")).isZero();
    for (String no : List.of("1.0", "1e3", "1E400", "\"1\"", "true", "null", "[1]", "{}")) {
      assertThatThrownBy(() -> parse("{\"a\":" + no + "}").number("a"))
          .isInstanceOf(MalformedJsonException.class)
          .hasMessage("a must be a whole number");
    }
    for (String beyond : List.of("9223372036854775808", "-9223372036854775809", "9".repeat(20))) {
      assertMalformed("{\"a\":" + beyond + "}")
          .hasMessageMatching("not valid JSON at line 1, column \\d+: a number beyond 64 bits");
    }
    assertMalformed("{\"a\":" + "9".repeat(21) + "}").hasMessageEndingWith(BOUNDS);
    assertMalformed("{\"a\":" + "9".repeat(1_000_000) + "}").hasMessageEndingWith(BOUNDS);
    assertThatThrownBy(() -> parse("{\"a\":-1}").natural("a")).hasMessage("a must not be negative");
    assertThat(parse("{\"a\":0}").natural("a")).isZero();
  }

  @Test
  void tokensAreBounded() throws Exception {
    String few = "{\"a\":[" + "0,".repeat(499_990) + "0]}";
    assertThat(parse(few).has("a")).isTrue();
    String many = "{\"a\":[" + "0,".repeat(500_000) + "0]}";
    assertMalformed(many).hasMessage("more than 500000 tokens");
    String keys = "{" + "\"\":{},".repeat(1) + "\"a\":[" + "{},".repeat(250_000) + "{}]}";
    assertMalformed(keys).hasMessage("more than 500000 tokens");
  }

  @Test
  void sizeIsBounded() throws Exception {
    byte[] padded = (" ".repeat((16 << 20) - 2) + "{}").getBytes(StandardCharsets.UTF_8);
    assertThat(Json.parse(padded).names()).isEmpty();
    byte[] larger = (" ".repeat((16 << 20) - 1) + "{}").getBytes(StandardCharsets.UTF_8);
    assertMalformed(larger).hasMessage("larger than 16777216 bytes");
  }

  @Test
  void messagesQuoteNothingOfTheDocument() {
    assertMalformed("{\"a\": hunter2}").hasMessageNotContaining("hunter2");
    assertMalformed("{\"a\": \"x\" hunter2}").hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> parse("{\"hunter2\\n\":1}").stringMembers())
        .hasMessage("each member must be a text");
    assertThatThrownBy(() -> parse("{\"a\":{\"hunter2\":\"x\"}}").object("a").numberMembers())
        .hasMessage("a: each member must be a whole number");
  }

  @Test
  void whatIsMissingOrOfAnotherTypeIsNamedByItsPath() throws Exception {
    JsonObject json =
        parse("{\"a\":{\"b\":[{\"c\":1},2,\"x\"],\"none\":null,\"t\":[\"x\",1]},\"s\":\"x\"}");
    JsonObject a = json.object("a");
    assertThat(json.path()).isEmpty();
    assertThat(a.path()).isEqualTo("a.");
    assertThatThrownBy(() -> json.string("x")).hasMessage("x is missing");
    assertThatThrownBy(() -> a.object("x")).hasMessage("a.x is missing");
    assertThatThrownBy(() -> a.string("b")).hasMessage("a.b must be a text");
    assertThatThrownBy(() -> a.number("b")).hasMessage("a.b must be a whole number");
    assertThatThrownBy(() -> a.object("b")).hasMessage("a.b must be an object");
    assertThatThrownBy(() -> json.objects("s")).hasMessage("s must be a list");
    assertThatThrownBy(() -> json.strings("s")).hasMessage("s must be a list");
    assertThatThrownBy(() -> a.objects("b")).hasMessage("a.b[1] must be an object");
    assertThatThrownBy(() -> a.strings("t")).hasMessage("a.t[1] must be a text");
    assertThatThrownBy(() -> a.string("none")).hasMessage("a.none must be a text");
    assertThatThrownBy(() -> a.optionalString("none")).hasMessage("a.none must be a text");
    assertThatThrownBy(() -> a.optionalObject("none")).hasMessage("a.none must be an object");
    assertThat(a.optionalString("x")).isEmpty();
    assertThat(a.optionalObject("x")).isEmpty();
    assertThat(json.optionalString("s")).contains("x");
  }

  @Test
  void mapsKeepTheirOrder() throws Exception {
    assertThat(parse("{\"b\":\"1\",\"a\":\"2\"}").stringMembers())
        .containsExactly(Map.entry("b", "1"), Map.entry("a", "2"));
    assertThat(parse("{\"b\":1,\"a\":2}").numberMembers())
        .containsExactly(Map.entry("b", 1L), Map.entry("a", 2L));
  }

  private static String nested(int depth) {
    return "{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";
  }

  private static JsonObject parse(String json) throws MalformedJsonException {
    return Json.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static AbstractThrowableAssert<?, ?> assertMalformed(String json) {
    return assertMalformed(json.getBytes(StandardCharsets.UTF_8));
  }

  private static AbstractThrowableAssert<?, ?> assertMalformed(byte[] json) {
    String shown = new String(json, 0, Math.min(json.length, 100), StandardCharsets.ISO_8859_1);
    return assertThatThrownBy(() -> Json.parse(json))
        .as(shown)
        .isInstanceOf(MalformedJsonException.class);
  }
}
