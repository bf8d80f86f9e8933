package dev.lifeboat.retention;

import dev.lifeboat.sum.Sum;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes what is kept fit, as far as it may.
 *
 * @param of whose limit it is, as the end of a clause: {@code " of scheduled"}; empty for all together
 */
record SizeLimit(long bytes, String of, String sink) {
  /** @param drafts newest first */
  void apply(List<Draft> drafts, List<String> warnings) {
    String text = "more than maxTotalSize" + of + ", " + Words.size(bytes)
        + ", and the oldest that only rules keep go first";
    long total = total(drafts);
    for (int i = drafts.size() - 1; i >= 0 && total > bytes; i--) {
      Draft draft = drafts.get(i);
      if (draft.isKept() && !draft.isHeld()) {
        draft.cut("size", text);
        total = total(drafts);
      }
    }
    if (total > bytes) {
      warnings.add(tooSmall(drafts));
    }
  }

  /** By now everything that is kept is held. */
  private String tooSmall(List<Draft> drafts) {
    Map<String, List<Draft>> byHold = drafts.stream()
        .filter(Draft::isKept)
        .collect(Collectors.groupingBy(Draft::heldBy, TreeMap::new, Collectors.toList()));
    String holds = byHold.entrySet().stream()
        .map(hold -> hold.getKey() + " (" + hold.getValue().size() + ", "
            + Words.size(total(hold.getValue())) + ")")
        .collect(Collectors.joining(", "));
    return "maxTotalSize" + of + " is " + Words.size(bytes) + ", but " + Words.size(total(drafts))
        + " must stay in " + sink + ", held by " + holds
        + ". Raise the limit, or unpin or delete some by hand.";
  }

  private static long total(Collection<Draft> drafts) {
    return Sum.of(drafts.stream().filter(Draft::isKept).mapToLong(Draft::size));
  }
}
