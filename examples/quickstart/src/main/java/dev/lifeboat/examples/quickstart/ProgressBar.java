package dev.lifeboat.examples.quickstart;

import dev.lifeboat.BackupEvent;
import dev.lifeboat.BackupListener;
import java.io.PrintStream;
import java.util.Locale;

/** A bar that is printed anew at every quarter, since not every output is a terminal. */
final class ProgressBar implements BackupListener {
  private static final int QUARTERS = 4;
  private static final int QUARTER = 8;

  private final PrintStream out;
  private String what = "";
  private int shown;

  ProgressBar(PrintStream out) {
    this.out = out;
  }

  @Override
  public void on(BackupEvent event) {
    if (event instanceof BackupEvent.Progress progress) {
      progress.total().ifPresent(total -> show(progress, total));
    } else if (event instanceof BackupEvent.Warned warned) {
      out.println("  warning: " + warned.subject() + ": " + warned.message());
    }
  }

  private void show(BackupEvent.Progress progress, long total) {
    String subject = progress.step().name().toLowerCase(Locale.ROOT) + " " + progress.component();
    int quarters =
        total == 0 ? QUARTERS : (int) Math.min(QUARTERS, QUARTERS * progress.bytes() / total);
    if (!subject.equals(what) || quarters < shown) {
      what = subject;
      shown = 0;
    }
    if (quarters > shown) {
      shown = quarters;
      out.println(
          "  [" + "#".repeat(quarters * QUARTER) + ".".repeat((QUARTERS - quarters) * QUARTER)
              + "] " + subject + " " + Sizes.of(progress.bytes()) + " of " + Sizes.of(total));
    }
  }
}
