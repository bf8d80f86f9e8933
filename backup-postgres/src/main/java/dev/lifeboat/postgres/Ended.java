package dev.lifeboat.postgres;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a child ended.
 *
 * @param printed its output, if that was kept
 * @param errors what it printed to stderr, in one line; empty if it did not
 * @param output the exception of who read its output
 * @param input the exception of who fed it; a broken pipe for one that did not want all
 */
record Ended(
    Command command,
    int status,
    Duration took,
    String printed,
    String errors,
    @Nullable IOException output,
    @Nullable IOException input,
    boolean overdue,
    boolean leftProcesses) {

  Ended printing(String text) {
    return new Ended(command, status, took, text, errors, output, input, overdue, leftProcesses);
  }

  boolean isGood() {
    return status == 0 && !overdue && !leftProcesses && output == null && input == null;
  }

  /** Why it is not good, as the beginning of a sentence without a full stop. */
  String failure() {
    String name = command.name();
    if (overdue) {
      return name + " was killed at its deadline of " + seconds(command.deadline()) + said();
    }
    if (status != 0) {
      return name + " ended with status " + status + (status > 128 ? " (killed)" : "") + " after "
          + seconds(took) + said();
    }
    if (leftProcesses) {
      return name + " ended with status 0 but had left a process behind, which was killed" + said();
    }
    IOException stream = output != null ? output : input;
    return name + " ended with status 0, but its stream failed: "
        + (stream == null ? "?" : stream.getMessage()) + said();
  }

  private String said() {
    return errors.isEmpty() ? "" : ": " + errors;
  }

  /** For messages: {@code 30 s}, {@code 250 ms}. */
  static String seconds(Duration duration) {
    long millis = duration.toMillis();
    return millis < 10_000 && millis % 1000 != 0 ? millis + " ms" : duration.toSeconds() + " s";
  }
}
