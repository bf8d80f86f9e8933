package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is shown of an exception that a host's part has thrown. */
class LogTest {
  @Test
  void whatItSuppressedIsShownOnItsLine() {
    IOException thrown = new IOException("first", new IOException("its cause"));
    IOException suppressed = new IOException("second\nline", new IOException("why"));
    suppressed.addSuppressed(new IOException("third"));
    thrown.addSuppressed(suppressed);

    Throwable shown = Log.Shown.of(thrown);

    assertThat(shown).hasMessage("java.io.IOException: first");
    assertThat(shown.getCause()).hasMessage("java.io.IOException: its cause");
    assertThat(shown.getSuppressed()).hasSize(1);
    Throwable second = shown.getSuppressed()[0];
    assertThat(second).hasMessage("java.io.IOException: second\\u000aline");
    assertThat(second.getStackTrace()).isEqualTo(suppressed.getStackTrace());
    assertThat(second.getCause()).hasMessage("java.io.IOException: why");
    assertThat(second.getSuppressed()[0]).hasMessage("java.io.IOException: third");
  }

  @Test
  void noRingAndNoThicketFillsTheLog() {
    List<IOException> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(new IOException("number " + i));
    }
    for (IOException one : all) {
      all.stream().filter(other -> other != one).forEach(one::addSuppressed);
    }
    assertThat(count(Log.Shown.of(all.get(0)))).isEqualTo(1 + 10 + 100 + 1000);
  }

  private static int count(Throwable shown) {
    Deque<Throwable> open = new ArrayDeque<>(List.of(shown));
    int count = 0;
    while (!open.isEmpty()) {
      count++;
      open.addAll(List.of(open.remove().getSuppressed()));
    }
    return count;
  }
}
