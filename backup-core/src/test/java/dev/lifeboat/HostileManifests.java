package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;

/** Manifests that somebody with access to the store has written, each as a change of a right one. */
final class HostileManifests {
  /** A line of its own, colours, a bell, text that runs backwards, and half a character. */
  static final String EVIL = "\\n\\u001b[31mFORGED\\r\\u0007\\u202e\\ud800\\u2028";

  /** What may become of one. */
  enum Fate {
    /** It is told, not listed, and every verb refuses it. */
    REFUSED,
    /** It may be listed; neither a verification nor a restore comes to a good end. */
    FAILS,
    /** It may be listed; what a restore brings back is what was backed up. */
    HARMLESS
  }

  /** Writes the document. */
  interface Body {
    void write(OutputStream out) throws IOException;
  }

  record Hostile(String name, Fate fate, Body body) {}

  private final String right;
  private final BackupId id;
  private final BackupId other;
  private final List<Hostile> all = new ArrayList<>();

  private HostileManifests(String right, BackupId id, BackupId other) {
    this.right = right;
    this.id = id;
    this.other = other;
  }

  /** Of a right manifest whose components are "orders" and "uploads". */
  static List<Hostile> of(String right, BackupId id, BackupId other) {
    String dense = right.replace("[ ]", "[]").replace("{ }", "{}");
    HostileManifests hostile = new HostileManifests(dense, id, other);
    hostile.documents();
    hostile.numbers();
    hostile.names();
    hostile.members();
    hostile.large();
    hostile.texts();
    return hostile.all;
  }

  private void documents() {
    refused("nothing", "");
    refused("spaces", "  \n");
    refused("a list", "[]");
    refused("a text", "\"manifest\"");
    refused("null", "null");
    refused("an empty object", "{}");
    refused("a mark of order before it", "\ufeff" + right);
    refused("something after it", right + "{}");
    refused("text after it", right + "x");
    refused("a comment", right.replaceFirst("\\{", "{ /* hello */"));
    refused("a line of comment", right.replaceFirst("\\{", "{ // hello\n"));
    refused("single quotes", right.replace('"', '\''));
    refused("names without quotes", right.replaceFirst("\"format\"", "format"));
    refused("a comma too many", right.replaceFirst("\\}\\s*$", ",}"));
    refused("a raw line feed in a text", changed("\"writer\": \"", "\"writer\": \"\n"));
    refused("half of it", right.substring(0, right.length() / 2));
    bytes(
        "bytes that are no text",
        new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'});
    bytes("an overlong slash", new byte[] {'{', '"', (byte) 0xc0, (byte) 0xaf, '"', ':', '1', '}'});
    bytes("zeros", new byte[1000]);
    bytes("another encoding", right.getBytes(StandardCharsets.UTF_16));
    bytes("yet another", right.getBytes(Charset.forName("UTF-32")));
    refused("a member twice", changed("\"zone\":", "\"series\": \"shop\", \"zone\":"));
    refused("an inner member twice", changed("\"host\":", "\"host\": \"x\", \"host\":"));
    refused("a size twice", changed("\"size\":", "\"size\": 1, \"size\":"));
    refused("a hostile member twice", changed("{", "{\"" + EVIL + "\":1,\"" + EVIL + "\":2,"));
  }

  private void numbers() {
    for (String number : List.of(
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "-1",
        "1.5",
        "01",
        "0x10",
        "true",
        "\"1\"",
        "null",
        "[]",
        "{}",
        "9223372036854775808",
        "1" + "0".repeat(399),
        "1e-400",
        "+1",
        ".5",
        "- 1")) {
      refused("took " + number, member("tookMillis", number));
    }
    for (String format : List.of("0", "-1", "2", "9223372036854775807", "\"1\"", "null", "1.0")) {
      refused("format " + format, member("format", format));
    }
    harmless("took for ever", member("tookMillis", Long.toString(Long.MAX_VALUE)));
    harmless("a skew for ever", member("skewMillis", Long.toString(Long.MAX_VALUE)));
    String parts = right.substring(0, right.indexOf("\"details\""));
    String details = right.substring(right.indexOf("\"details\""));
    String size = "\"size\": \\d+";
    for (String wrong : List.of("-1", "1073741825", "9223372036854775807", "1e3")) {
      refused("a part of " + wrong, parts.replaceFirst(size, "\"size\": " + wrong) + details);
    }
    for (String wrong : List.of("0", "1073741824")) {
      fails("a part of " + wrong, parts.replaceAll(size, "\"size\": " + wrong) + details);
    }
    for (String wrong : List.of("0", "9223372036854775807", "4611686018427387904")) {
      fails("content of " + wrong, parts + details.replaceAll(size, "\"size\": " + wrong));
    }
    refused("content of -1", parts + details.replaceFirst(size, "\"size\": -1"));
    refused("an upper-case digest", changed("\"sha256\": \"", "\"sha256\": \"A"));
    refused("a digest that is none", right.replaceFirst("(\"sha256\": )\"[^\"]*\"", "$1[1]"));
  }

  private void names() {
    String folder = "shop/" + id + "/";
    for (String name : List.of(
        "../x",
        "/etc/passwd",
        "C:\\\\x",
        "\\\\\\\\server\\\\x",
        folder + "../x",
        folder + "../../x",
        folder + "/x",
        folder + "./x",
        folder + ".x",
        folder + "x.",
        folder + "x ",
        folder,
        folder + "con",
        folder + "NUL.txt",
        folder + "aux.db",
        folder + "a/lpt1/b",
        folder + "x\\u0000",
        folder + "x\\u0000.db",
        folder + "%2e%2e/x",
        folder + "~",
        folder + "\\u043erders.txt",
        folder + "\\u202etxt",
        folder + EVIL,
        folder + "x".repeat(300),
        "shop/" + other + "/orders.txt",
        "club/" + id + "/orders.txt",
        "shop/catalog/" + other + ".json",
        "shop/series.json",
        "shop/" + id,
        "SHOP/" + id + "/orders.txt",
        "shop/" + id + "x/orders.txt",
        "",
        " ",
        "x",
        "..",
        "shop\\\\x")) {
      refused("a part called " + name, part(name));
    }
    fails("a part called as a folder", part(folder + "orders.txt.gz/x"));
    fails("a part that is not there", part(folder + "nothing"));
    refused(
        "a part twice",
        changed(
            "\"parts\": [",
            "\"parts\": [{\"name\": \"" + folder
                + "x\", \"size\": 1, \"sha256\": \"" + "0".repeat(64) + "\"}, {\"name\": \""
                + folder
                + "x\", \"size\": 1, \"sha256\": \"" + "0".repeat(64) + "\"}, "));
    for (String name : List.of("../orders", "con", "Orders", "o".repeat(41), "catalog", "", EVIL)) {
      refused(
          "a component called " + name,
          right.replaceFirst(
              "\"name\": \"orders\"", Matcher.quoteReplacement("\"name\": \"" + name + "\"")));
    }
    refused("a component twice", changed("\"name\": \"uploads\"", "\"name\": \"orders\""));
    for (String text :
        List.of("../../x", other.toString(), id + ".json", "", EVIL, "x".repeat(100_000))) {
      refused("the id " + text.length(), member("id", "\"" + text + "\""));
    }
    for (String text : List.of("club", "SHOP", "..", "", EVIL, "s".repeat(41))) {
      refused("the series " + text, member("series", "\"" + text + "\""));
    }
  }

  private void members() {
    refused("a critical member", changed("\"critical\": []", "\"critical\": [\"erasure\"]"));
    refused("a hostile critical member", critical("[\"" + EVIL + "\"]"));
    refused("critical is a text", critical("\"layout\""));
    refused("critical holds a number", critical("[1]"));
    refused("critical is null", critical("null"));
    refused("another layout", member("layout", "\"chunks\""));
    refused("a hostile layout", member("layout", "\"" + EVIL + "\""));
    refused("a state that is none", member("state", "\"pinned\""));
    refused("a state that is not written", member("state", "\"damaged\""));
    refused("no zone of this world", member("zone", "\"Mars/Base\""));
    refused("a hostile zone", member("zone", "\"" + EVIL + "\""));
    refused("a long zone", member("zone", "\"" + "Z".repeat(900_000) + "\""));
    refused(
        "a hostile time",
        changed("\"components\": [", "\"keepUntil\": \"" + EVIL + "\", \"components\": ["));
    harmless(
        "kept until the end of time",
        changed(
            "\"components\": [",
            "\"keepUntil\": \"+1000000000-12-31T23:59:59Z\", \"components\": ["));
    refused("no identity", member("identity", "null"));
    refused(
        "components are an object",
        right.replaceFirst(
            "(?s)\"components\": \\[.*\"details\"", "\"components\": {}, \"details\""));
    refused("a component is null", changed("\"components\": [", "\"components\": [null, "));
    refused("a part is null", changed("\"parts\": [", "\"parts\": [null, "));
    refused("codecs are a text", codecs("\"gzip\""));
    refused("a codec is a number", codecs("[1]"));
    refused("a thousand times gzip", codecs(list(1000, i -> "\"gzip\"")));
    refused("a thousand times zstd", codecs(list(1000, i -> "\"zstd\"")));
    fails("a thousand codecs", codecs(list(1000, i -> "\"codec" + i + "\"")));
    fails("a hostile codec", codecs("[\"" + EVIL + "\"]"));
    fails("no codec", codecs("[]"));
    fails("another codec", codecs("[\"zstd\"]"));
    fails("a second codec", codecs("[\"zstd\", \"gzip\"]"));
    harmless(
        "a hostile type",
        right.replaceAll(
            "\"type\": \"paper\"", Matcher.quoteReplacement("\"type\": \"paper" + EVIL + "\"")));
    fails("no details", right.replaceFirst("(?s)\"details\": \\{.*\"previous\"", "\"previous\""));
    refused(
        "details are null",
        right.replaceFirst(
            "(?s)\"details\": \\{.*\"previous\"", "\"details\": null, \"previous\""));
    refused(
        "no details of a component",
        right.replaceFirst("(?s)(\"components\": \\{).*\"previous\"", "$1}}, \"previous\""));
    harmless("it is its own predecessor", previous(id.toString()));
    harmless("a predecessor to come", previous("99991231T235959Z-manual-aaaaaaaa"));
    harmless("a predecessor that never was", previous("20200101T000000Z-manual-aaaaaaaa"));
    refused("a hostile predecessor", previous(EVIL));
  }

  private void large() {
    refused("10 MB in a note", member("note", "\"" + "x".repeat(10) + "\""), 10_000_000, 'x');
    refused(
        "10 MB in a member nobody knows",
        changed("{", "{\"more\": \"xxxxxxxxxx\","),
        10_000_000,
        'x');
    refused("a name of 10 MB", changed("{", "{\"xxxxxxxxxx\": 1,"), 10_000_000, 'x');
    refused(
        "10,000 lists deep",
        changed("{", "{\"more\": " + "[".repeat(10_000) + "]".repeat(10_000) + ","));
    refused(
        "10,000 objects deep",
        changed("{", "{\"more\": " + "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000) + ","));
    add("a million lists deep", Fate.REFUSED, out -> repeat(out, 1_000_000, i -> "["));
    add("one byte too many", Fate.REFUSED, out -> padded(out, (16 << 20) + 1));
    add("as large as may be", Fate.HARMLESS, out -> padded(out, 16 << 20));
    many(
        "a million components",
        Fate.REFUSED,
        "\"components\": [",
        1_000_000,
        i -> "{\"name\":\"x\"},");
    many("100,000 parts", Fate.REFUSED, "\"parts\": [", 100_000, this::oneOfMany);
    many("60,000 parts", Fate.FAILS, "\"parts\": [", 60_000, this::oneOfMany);
    many("25,000 parts", Fate.FAILS, "\"parts\": [", 25_000, this::oneOfMany);
    many("120,000 members", Fate.HARMLESS, "{", 120_000, i -> "\"m" + i + "\":" + i + ",");
    many(
        "120,000 long members",
        Fate.HARMLESS,
        "{",
        120_000,
        i -> "\"" + "m".repeat(65) + i + "\":" + i + ",");
    many(
        "120,000 tags",
        Fate.HARMLESS,
        "\"tags\": {",
        120_000,
        i -> (i == 0 ? "" : ",") + "\"t" + i + "\":\"\"");
    many(
        "9 texts of a megabyte",
        Fate.HARMLESS,
        "{",
        9,
        i -> "\"m" + i + "\":\"" + "y".repeat(1_000_000) + "\",");
    many("200,000 members", Fate.HARMLESS, "{", 200_000, i -> "\"m" + i + "\":" + i + ",");
    many(
        "200,000 tags",
        Fate.HARMLESS,
        "\"tags\": {",
        200_000,
        i -> (i == 0 ? "" : ",") + "\"t" + i + "\":\"\"");
    many(
        "400,000 doubts",
        Fate.HARMLESS,
        "\"doubts\": [",
        400_000,
        i -> (i == 0 ? "" : ",") + "\"\"");
    many(
        "15 texts of a megabyte",
        Fate.HARMLESS,
        "{",
        15,
        i -> "\"m" + i + "\":\"" + "y".repeat(1_000_000) + "\",");
    many(
        "5 foreign texts of a megabyte",
        Fate.HARMLESS,
        "{",
        5,
        i -> "\"m" + i + "\":\"" + "\u0436".repeat(1_000_000) + "\",");
    many(
        "7 foreign texts of a megabyte",
        Fate.HARMLESS,
        "{",
        7,
        i -> "\"m" + i + "\":\"" + "\u0436".repeat(1_000_000) + "\",");
  }

  private void texts() {
    harmless("a hostile note", member("note", "\"" + EVIL + "\""));
    harmless("a hostile actor", member("by", "\"" + EVIL + "\""));
    harmless("a hostile writer", member("writer", "\"" + EVIL + "\""));
    refused(
        "a hostile writer to come",
        member("format", "7").replace("\"writer\": \"", "\"writer\": \"" + EVIL));
    harmless("hostile doubts", changed("\"doubts\": [", "\"doubts\": [\"" + EVIL + "\""));
    harmless(
        "hostile tags", changed("\"tags\": {", "\"tags\": {\"" + EVIL + "\": \"" + EVIL + "\""));
    harmless("a hostile host", member("host", "\"" + EVIL + "\""));
    harmless(
        "hostile facts",
        changed("\"values\": {", "\"values\": {\"" + EVIL + "\": \"" + EVIL + "\""));
    harmless(
        "hostile counts",
        changed("\"counts\": {", "\"counts\": {\"" + EVIL + "\": -9223372036854775808"));
    harmless(
        "hostile notes of a source",
        changed("\"notes\": {", "\"notes\": {\"" + EVIL + "\": \"" + EVIL + "\""));
    harmless("hostile gaps", changed("\"gaps\": [", "\"gaps\": [\"" + EVIL + "\""));
    harmless("a hostile application", member("application", "\"" + EVIL + "\""));
  }

  private String oneOfMany(int i) {
    return "{\"name\":\"shop/" + id + "/p" + i + "\",\"size\":1,\"sha256\":\"" + "0".repeat(64)
        + "\"},";
  }

  private void padded(OutputStream out, int size) throws IOException {
    byte[] document = right.getBytes(StandardCharsets.UTF_8);
    out.write(document);
    repeat(out, size - document.length, i -> " ");
  }

  private String part(String name) {
    return right.replaceFirst(
        "(\"parts\": \\[\\s*\\{\\s*\"name\": )\"[^\"]*\"",
        "$1" + Matcher.quoteReplacement("\"" + name + "\""));
  }

  private String codecs(String json) {
    return right.replaceFirst(
        "\"codecs\": \\[[^]]*]", Matcher.quoteReplacement("\"codecs\": " + json));
  }

  private String critical(String json) {
    return changed("\"critical\": []", "\"critical\": " + json);
  }

  private String previous(String who) {
    return right.replaceFirst(
        "(\"previous\": \\{\\s*\"id\": )\"[^\"]*\"",
        "$1" + Matcher.quoteReplacement("\"" + who + "\""));
  }

  /** The first member of this name with another value. */
  private String member(String name, String json) {
    return right.replaceFirst(
        "\"" + name + "\": (\"[^\"]*\"|-?\\d+|\\{[^}]*})",
        Matcher.quoteReplacement("\"" + name + "\": " + json));
  }

  private String changed(String what, String by) {
    int at = right.indexOf(what);
    if (at < 0) {
      throw new IllegalArgumentException("nowhere: " + what);
    }
    return right.substring(0, at) + by + right.substring(at + what.length());
  }

  private static String list(int count, IntFunction<String> element) {
    StringBuilder list = new StringBuilder("[");
    for (int i = 0; i < count; i++) {
      list.append(i == 0 ? "" : ",").append(element.apply(i));
    }
    return list.append(']').toString();
  }

  private void refused(String name, String document) {
    text(name, Fate.REFUSED, document);
  }

  private void fails(String name, String document) {
    text(name, Fate.FAILS, document);
  }

  private void harmless(String name, String document) {
    text(name, Fate.HARMLESS, document);
  }

  private void text(String name, Fate fate, String document) {
    if (document.equals(right)) {
      throw new IllegalArgumentException(name + " changes nothing");
    }
    bytes(name, fate, document.getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(String name, byte[] document) {
    bytes(name, Fate.REFUSED, document);
  }

  private void bytes(String name, Fate fate, byte[] document) {
    add(name, fate, out -> out.write(document));
  }

  /** With ten of these characters in a row made so many. */
  private void refused(String name, String document, int count, char what) {
    String ten = String.valueOf(what).repeat(10);
    int at = document.indexOf(ten);
    add(name, Fate.REFUSED, out -> {
      out.write(document.substring(0, at).getBytes(StandardCharsets.UTF_8));
      repeat(out, count / 10, i -> ten);
      out.write(document.substring(at).getBytes(StandardCharsets.UTF_8));
    });
  }

  /** With so many elements put in behind the first place where this stands. */
  private void many(String name, Fate fate, String where, int count, IntFunction<String> element) {
    int at = right.indexOf(where) + where.length();
    add(name, fate, out -> {
      out.write(right.substring(0, at).getBytes(StandardCharsets.UTF_8));
      repeat(out, count, element);
      out.write(right.substring(at).getBytes(StandardCharsets.UTF_8));
    });
  }

  private static void repeat(OutputStream out, int count, IntFunction<String> element)
      throws IOException {
    for (int i = 0; i < count; i++) {
      out.write(element.apply(i).getBytes(StandardCharsets.UTF_8));
    }
  }

  private void add(String name, Fate fate, Body body) {
    all.add(new Hostile(name, fate, out -> {
      BufferedOutputStream buffered = new BufferedOutputStream(out, 64 << 10);
      body.write(buffered);
      buffered.flush();
    }));
  }
}
