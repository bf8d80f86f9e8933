package dev.lifeboat.retention;

import dev.lifeboat.catalog.BackupId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Backups whose copy under another key lies beside them, because a reencrypt did not live to see its end. The two are one:
 * the copy takes the place that the policy gives them, and the original stays until the copy is gone, or the next
 * reencrypt removes it. So of a pair at least one is always there.
 */
final class Replaced {
  private Replaced() {}

  /** The same, where the original of a copy that is whole counts for nothing. */
  static List<Candidate> apart(List<Candidate> candidates) {
    Map<BackupId, BackupId> copies = copies(candidates);
    return candidates.stream()
        .map(candidate ->
            copies.containsKey(candidate.backup().id()) ? candidate.replaced() : candidate)
        .toList();
  }

  private static Map<BackupId, BackupId> copies(List<Candidate> candidates) {
    Map<BackupId, BackupId> copies = new HashMap<>();
    for (Candidate candidate : candidates) {
      if (candidate.isWhole()) {
        candidate
            .backup()
            .manifest()
            .replaces()
            .ifPresent(original -> copies.put(original, candidate.backup().id()));
      }
    }
    return copies;
  }

  /** Keeps them, and tells. */
  static void judge(List<Draft> drafts, Stock stock, List<String> warnings) {
    Map<BackupId, BackupId> copies =
        copies(drafts.stream().map(Draft::candidate).toList());
    long held = 0;
    for (Draft draft : drafts) {
      if (draft.candidate().isReplaced()) {
        draft.hold("replaced", "its copy " + copies.get(draft.id()) + " counts for both");
        held++;
      }
    }
    if (held > 0) {
      warnings.add(held + (held == 1 ? " backup in " : " backups in ") + stock.place()
          + (held == 1 ? " has" : " have")
          + " a copy under another key there, which counts for both. The next reencrypt removes "
          + (held == 1 ? "it." : "them."));
    }
  }
}
