package dev.lifeboat.postgres;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A connection string of libpq (PostgreSQL documentation, "Connection Strings"): where to, and never a secret. */
final class Conninfo {
  private final Map<String, String> words = new LinkedHashMap<>();

  Conninfo with(String word, Object value) {
    words.put(word, value.toString());
    return this;
  }

  @Override
  public String toString() {
    return words.entrySet().stream()
        .map(word ->
            word.getKey() + "='" + word.getValue().replace("\\", "\\\\").replace("'", "\\'") + "'")
        .collect(Collectors.joining(" "));
  }
}
