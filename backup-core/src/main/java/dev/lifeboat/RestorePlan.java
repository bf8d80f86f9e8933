package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import java.util.List;
import java.util.Objects;

/**
 * What a restore would do: a dry run, made without reading content. Inert.
 *
 * @param from the backup
 * @param steps what would be brought back, in order
 * @param staging bytes needed in the work directory when most lies there: the staged contents, and either the backup made
 *     before or what undoes and proves; an estimate
 * @param stagingFree bytes free there
 * @param objections what speaks against it, one sentence each; with any of them the restore would be refused
 */
public record RestorePlan(
    BackupId from, List<Step> steps, long staging, long stagingFree, List<String> objections) {
  public RestorePlan {
    Objects.requireNonNull(from, "from");
    steps = List.copyOf(steps);
    objections = List.copyOf(objections);
  }

  /**
   * One component.
   *
   * @param component its name
   * @param target where it would go
   * @param replaces whether something is there that would be replaced
   * @param size bytes of its content
   * @param needed bytes needed beside that where it goes
   * @param free bytes free there
   */
  public record Step(
      String component, String target, boolean replaces, long size, long needed, long free) {
    public Step {
      Objects.requireNonNull(component, "component");
      Objects.requireNonNull(target, "target");
    }
  }

  /** Whether nothing speaks against it. */
  public boolean isPossible() {
    return objections.isEmpty();
  }
}
