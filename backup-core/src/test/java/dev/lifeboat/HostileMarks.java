package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.sink.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What somebody with access to the store may lay into a catalogue beside right manifests. */
final class HostileMarks {
  /** A file in the catalogue, by its name there. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Hostile(String file, byte[] bytes) {}

  private final BackupId id;
  private final List<Hostile> all = new ArrayList<>();

  private HostileMarks(BackupId id) {
    this.id = id;
  }

  /** Of a backup that is there, and of one that never was. */
  static List<Hostile> of(BackupId id, BackupId none) {
    HostileMarks hostile = new HostileMarks(id);
    hostile.names();
    hostile.documents();
    hostile.values();
    for (String kind : List.of("pin", "proof", "damage", "deleted")) {
      hostile.add(none + "." + kind + "-abcdefgh.json", envelope(mark(none, kind, "", "x")));
    }
    hostile.add(none + ".auth", "{}");
    return hostile.all;
  }

  private void names() {
    String right = envelope(mark(id, "deleted", "", "x"));
    for (String tail : List.of(
        ".deleted-abcdefg.json",
        ".deleted-abcdefghi.json",
        ".deleted-ABCDEFGH.json",
        ".deleted-abcdefg1.json",
        ".deleted_abcdefgh.json",
        ".deleted-abcdefgh.json.json",
        ".deleted-abcdefgh.jso",
        ".deleted-abcdefgh",
        ".Deleted-abcdefgh.json",
        ".deletion-abcdefgh.json",
        ".deleted-abcdefgh.json ",
        ".deleted-abcdefgh.json.",
        "..deleted-abcdefgh.json",
        ".deleted-abcdefgh.json\n",
        "\u001b[2J.deleted-abcdefgh.json",
        ".d\u0435leted-abcdefgh.json",
        ".deleted-abcdefgh.json\u202e",
        ".json.bak",
        ".json~",
        ".JSON",
        ".auth.json",
        ".-abcdefgh.json")) {
      add(id + tail, right);
    }
    for (String name : List.of(
        "con",
        "nul.json",
        "aux.deleted-abcdefgh.json",
        ".deleted-abcdefgh.json",
        "x".repeat(180) + ".json",
        "99999999T999999Z-manual-aaaaaaaa.json",
        "20260214T143045Z-MANUAL-aaaaaaaa.json",
        "20260230T143045Z-manual-aaaaaaaa.json",
        "00000101T000000Z-manual-aaaaaaaa.json",
        "20260214T143045Z-con-aaaaaaaa.json",
        "20260214T143045Z--aaaaaaaa.json",
        "%2e%2e",
        "~",
        "-",
        "a b")) {
      add(name, right);
    }
  }

  private void documents() {
    for (String kind : List.of("pin", "proof", "damage", "deleted")) {
      for (String document : List.of(
          "",
          "null",
          "[]",
          "{}",
          "\ufeff{}",
          "{\"format\":1}",
          "{\"format\":1e999,\"mark\":\"\",\"sha256\":\"\"}",
          "{\"format\":2,\"mark\":\"\",\"sha256\":\"\"}",
          "{\"format\":1,\"mark\":{},\"sha256\":\"\"}",
          "{\"format\":1,\"format\":1}",
          "{\"" + HostileManifests.EVIL + "\":1,\"" + HostileManifests.EVIL + "\":2}",
          HostileManifests.EVIL,
          "\u001b[31mFORGED\n",
          "[".repeat(60_000),
          "{\"a\":".repeat(10_000),
          "{\"format\":1,\"mark\":\"" + "\\u0000".repeat(10_000) + "\",\"sha256\":\"\"}",
          " ".repeat(65_537),
          "x".repeat(1 << 20),
          envelope("{}"),
          envelope(""),
          envelope("[".repeat(20_000)),
          envelope(mark(id, "pin", "", "x")).replace("\"sha256\":\"", "\"sha256\":\"A"))) {
        add(id + "." + kind + "-abcdefgh.json", document);
      }
    }
  }

  private void values() {
    String evil = HostileManifests.EVIL;
    for (String kind : List.of("pin", "proof", "damage")) {
      add(id + "." + kind + "-abcdefgh.json", envelope(mark(id, kind, evil, evil)));
      add(
          id + "." + kind + "-abcdefgh.json",
          envelope(mark(id, kind, evil, "\\ud83d\\ude00".repeat(3000))));
      for (String[] edit : new String[][] {
        {"\"at\":\"2026-02-14T14:30:45Z\"", "\"at\":\"" + evil + "\""},
        {"\"at\":\"2026-02-14T14:30:45Z\"", "\"at\":\"+1000000000-12-31T23:59:59Z\""},
        {"\"at\":\"2026-02-14T14:30:45Z\"", "\"at\":\"-1000000000-01-01T00:00:00Z\""},
        {"\"series\":\"shop\"", "\"series\":\"" + evil + "\""},
        {"\"backup\":\"" + id + "\"", "\"backup\":\"" + evil + "\""},
        {"\"kind\":\"" + kind + "\"", "\"kind\":\"" + evil + "\""},
        {"\"depth\":\"content\"", "\"depth\":\"" + evil + "\""},
        {"\"depth\":\"content\"", "\"depth\":\"" + "d".repeat(50_000) + "\""},
        {"\"sink\":\"s\"", "\"sink\":\"" + evil + "\""},
        {"\"tookMillis\":1", "\"tookMillis\":9223372036854775807"},
        {"\"tookMillis\":1", "\"tookMillis\":-1"}
      }) {
        String mark = mark(id, kind, "", "x");
        if (mark.contains(edit[0])) {
          add(id + "." + kind + "-abcdefgh.json", envelope(mark.replace(edit[0], edit[1])));
        }
      }
    }
  }

  private static String mark(BackupId of, String kind, String by, String why) {
    return "{\"backup\":\"" + of + "\",\"series\":\"shop\",\"kind\":\"" + kind
        + "\",\"at\":\"2026-02-14T14:30:45Z\",\"by\":\"" + by + "\",\"why\":\"" + why
        + "\",\"depth\":\"content\",\"sink\":\"s\",\"tookMillis\":1}";
  }

  /** With the right digest: who can write the one can write the other. */
  private static String envelope(String mark) {
    String sha256 = Digest.of(mark.getBytes(StandardCharsets.UTF_8)).sha256();
    return "{\"format\":1,\"mark\":\"" + mark.replace("\\", "\\\\").replace("\"", "\\\"")
        + "\",\"sha256\":\"" + sha256 + "\"}";
  }

  private void add(String file, String document) {
    all.add(new Hostile(file, document.getBytes(StandardCharsets.UTF_8)));
  }
}
