package dev.lifeboat;

import dev.lifeboat.codec.Compression;
import dev.lifeboat.codec.EncodingStream;
import dev.lifeboat.sink.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/** Ten thousand times what it says it is. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Bomb(List<String> codecs, byte[] packed) {
  /** The size that its manifest declares, in bytes. */
  static final int DECLARED = 10_000;

  private static final int TIMES = 10_000;

  static Bomb of(List<String> codecs) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    List<EncodingStream> stages = new ArrayList<>();
    java.io.OutputStream top = packed;
    for (int i = codecs.size() - 1; i >= 0; i--) {
      EncodingStream stage = Compression.ofId(codecs.get(i)).encode(top, Runnable::run);
      stages.add(0, stage);
      top = stage;
    }
    byte[] zeros = new byte[DECLARED];
    for (int i = 0; i < TIMES; i++) {
      top.write(zeros);
    }
    for (EncodingStream stage : stages) {
      stage.finish();
    }
    return new Bomb(codecs, packed.toByteArray());
  }

  /** One that names it as the content of "orders", with the digest of so many zeros. */
  String manifest(String right) {
    Digest stored = Digest.of(packed);
    Digest plain = Digest.of(new byte[DECLARED]);
    String json = right.replaceFirst(
        "\"codecs\": \\[[^]]*]",
        "\"codecs\": "
            + codecs.stream().map(id -> '"' + id + '"').collect(Collectors.joining(",", "[", "]")));
    return withDigest(
        withDigest(json, json.indexOf("\"parts\""), stored), json.indexOf("\"plain\""), plain);
  }

  private static String withDigest(String json, int from, Digest digest) {
    String rest = json.substring(from)
        .replaceFirst("\"size\": \\d+", "\"size\": " + digest.size())
        .replaceFirst(
            "\"sha256\": \"[^\"]*\"",
            Matcher.quoteReplacement("\"sha256\": \"" + digest.sha256() + '"'));
    return json.substring(0, from) + rest;
  }
}
