package dev.lifeboat.examples.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A client that asks a database one thing after the other, and connects anew at once when it is thrown out. */
final class Visitor implements AutoCloseable {
  private static final long PAUSE_NANOS = 2_000_000;

  private final String url;
  private final Thread thread = new Thread(this::visit, "visitor");
  private final AtomicLong longestNanos = new AtomicLong();
  private volatile boolean open = true;

  private Visitor(String url) {
    this.url = url;
  }

  static Visitor of(String url) {
    Visitor visitor = new Visitor(url);
    visitor.thread.start();
    return visitor;
  }

  private void visit() {
    long last = System.nanoTime();
    while (open) {
      try (Connection connection = DriverManager.getConnection(url);
          Statement statement = connection.createStatement()) {
        while (open) {
          try (ResultSet row = statement.executeQuery("SELECT note FROM sale WHERE id = 1")) {
            row.next();
          }
          long now = System.nanoTime();
          longestNanos.accumulateAndGet(now - last, Math::max);
          last = now;
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      } catch (SQLException e) {
        LockSupport.parkNanos(PAUSE_NANOS); // it is being swapped
      }
    }
  }

  /** The longest from one answer to the next, since this was asked last. */
  Duration longestGap() {
    return Duration.ofNanos(longestNanos.getAndSet(0));
  }

  @Override
  public void close() {
    open = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
