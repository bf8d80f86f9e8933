package dev.lifeboat;

import java.util.Objects;

/**
 * The host's own way to hold still: writers paused while snapshots are opened (quiesce), users turned away while a
 * restore is applied (maintenance). Each {@link #shut} that returned is followed by one {@link #reopen}, unless a
 * restore got stuck.
 */
public interface Gate {
  /**
   * Holds still. If it throws, the gate counts as open, and what was to happen behind it does not happen.
   *
   * @param why for people: {@code "backup shop"}
   */
  void shut(String why) throws Exception;

  /** Goes on. */
  void reopen() throws Exception;

  /** A gate of two actions. */
  static Gate of(Runnable shut, Runnable reopen) {
    Objects.requireNonNull(shut, "shut");
    Objects.requireNonNull(reopen, "reopen");
    return new Gate() {
      @Override
      public void shut(String why) {
        shut.run();
      }

      @Override
      public void reopen() {
        reopen.run();
      }
    };
  }
}
