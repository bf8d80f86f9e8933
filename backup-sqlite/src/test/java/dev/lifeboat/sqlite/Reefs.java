package dev.lifeboat.sqlite;

import dev.lifeboat.BackupEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The named points that a process passes: calls of its sink, source and target, its gates and events. At one of them it
 * strikes: it says so and holds still, until it is killed or told something.
 */
final class Reefs {
  static final String STRUCK = "struck";

  /** Where it is to strike; "" for nowhere. */
  private final String reef;

  private final Map<String, Integer> calls = new HashMap<>();
  private final Set<String> passed = new HashSet<>();

  Reefs(String reef) {
    this.reef = reef;
  }

  /** A call begins. Gives its name, which is the call and its number. */
  String before(String call) {
    String numbered;
    synchronized (this) {
      numbered = call + "-" + calls.merge(call, 1, Integer::sum);
    }
    pass("before-" + numbered);
    return numbered;
  }

  void within(String numbered) {
    pass("within-" + numbered);
  }

  void after(String numbered) {
    pass("after-" + numbered);
  }

  /** As listener; progress comes as it likes. */
  void on(BackupEvent event) {
    if (!(event instanceof BackupEvent.Progress)) {
      within(before(event.getClass().getSimpleName()));
    }
  }

  /** All names. */
  synchronized Set<String> passed() {
    return Set.copyOf(passed);
  }

  private void pass(String point) {
    boolean first;
    synchronized (this) {
      first = passed.add(point);
    }
    if (first && point.equals(reef)) {
      System.out.println(STRUCK);
      try {
        System.in.read();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
