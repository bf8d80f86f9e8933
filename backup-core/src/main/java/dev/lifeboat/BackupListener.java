package dev.lifeboat;

/**
 * Hears what happens, in order within a run, on a thread of the run. What it throws is logged and changes nothing; while
 * it blocks, progress is dropped and the run goes on.
 */
@FunctionalInterface
public interface BackupListener {
  /** Something happened. */
  void on(BackupEvent event);
}
