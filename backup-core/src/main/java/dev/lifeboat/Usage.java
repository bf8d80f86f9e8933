package dev.lifeboat;

import dev.lifeboat.catalog.Reason;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Stored bytes of a series in its sink, manifests and marks aside.
 *
 * @param total of all listed backups
 * @param byReason by why they were made
 * @param byRule by the first rule that keeps each ({@code "daily"}, {@code "pin"}, …), and under {@code "none"} what the
 *     next prune would remove; sums up to the total
 */
public record Usage(long total, Map<Reason, Long> byReason, Map<String, Long> byRule) {
  public Usage {
    byReason = Collections.unmodifiableMap(new TreeMap<>(byReason));
    byRule = Collections.unmodifiableMap(new TreeMap<>(byRule));
  }
}
