package dev.lifeboat.examples.postgreshost;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** The application: threads that move money as fast as they can, and connect anew whenever their connection is lost. */
final class Tellers implements AutoCloseable {
  private static final int AT_WORK = 4;
  private static final long PAUSE_MILLIS = 10;

  private final String url;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong transfers = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong longestNanos = new AtomicLong();
  private volatile boolean open = true;

  private Tellers(String url) {
    this.url = url;
  }

  static Tellers atWork(String url) {
    Tellers tellers = new Tellers(url);
    for (int i = 0; i < AT_WORK; i++) {
      SplittableRandom random = new SplittableRandom(i);
      Thread thread = new Thread(() -> tellers.work(random), "teller-" + i);
      tellers.threads.add(thread);
      thread.start();
    }
    return tellers;
  }

  private void work(SplittableRandom random) {
    long last = System.nanoTime();
    while (open) {
      try (Connection connection = DriverManager.getConnection(url)) {
        connection.setAutoCommit(false);
        while (open) {
          transfer(connection, random);
          long now = System.nanoTime();
          longestNanos.accumulateAndGet(now - last, Math::max);
          last = now;
        }
      } catch (SQLException e) {
        lost.incrementAndGet();
        pause();
      }
    }
  }

  private void transfer(Connection connection, SplittableRandom random) throws SQLException {
    int one = random.nextInt(1, Bank.ACCOUNTS + 1);
    int other = random.nextInt(1, Bank.ACCOUNTS + 1);
    int amount = random.nextInt(1, 100);
    // the lower one first, or two tellers could wait for each other
    add(connection, Math.min(one, other), one < other ? -amount : amount);
    add(connection, Math.max(one, other), one < other ? amount : -amount);
    try (PreparedStatement insert = connection.prepareStatement(
        "INSERT INTO journal (giver, taker, amount) VALUES (?, ?, ?)")) {
      insert.setInt(1, one < other ? Math.min(one, other) : Math.max(one, other));
      insert.setInt(2, one < other ? Math.max(one, other) : Math.min(one, other));
      insert.setInt(3, amount);
      insert.executeUpdate();
    }
    connection.commit();
    transfers.incrementAndGet();
  }

  private static void add(Connection connection, int account, int amount) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE account SET balance = balance + ? WHERE id = ?")) {
      update.setInt(1, amount);
      update.setInt(2, account);
      update.executeUpdate();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  long transfers() {
    return transfers.get();
  }

  /** How often a connection was lost or refused. */
  long lost() {
    return lost.get();
  }

  /** The longest that one had to wait from one transfer to the next, since this was asked last. */
  Duration longestWait() {
    return Duration.ofNanos(longestNanos.getAndSet(0));
  }

  /** Lets them finish what they are at. */
  void stop() {
    open = false;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    stop();
  }
}
