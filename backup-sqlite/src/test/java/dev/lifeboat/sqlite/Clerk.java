package dev.lifeboat.sqlite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A process of the host that commits one entry after the other into the {@link Books} of a live database, whoever
 * restores it meanwhile, and says of each that it is committed. Here is what it has said.
 */
final class Clerk implements AutoCloseable {
  private static final long LONGEST_WAIT_MILLIS = 120_000;

  private final ChildJvm child;
  private final Thread listener;
  private final List<Long> stamps = new ArrayList<>();
  private final Map<Long, Long> parents = new HashMap<>();
  private String odd = "";

  private Clerk(ChildJvm child) {
    this.child = child;
    this.listener = new Thread(this::listen, "clerk");
  }

  /** One that works in this database. */
  static Clerk in(Path database) throws IOException, InterruptedException {
    Clerk clerk = new Clerk(ChildJvm.start(Clerk.class, database));
    clerk.listener.start();
    clerk.awaitCommits(1);
    return clerk;
  }

  /** How many commits it has told. */
  synchronized int told() {
    return stamps.size();
  }

  /** The last one it has told. */
  synchronized long last() {
    return stamps.get(stamps.size() - 1);
  }

  /** The number of a commit in the order in which they were told; waits until that is known. */
  synchronized int indexOf(long stamp) throws InterruptedException {
    await("entry " + stamp, () -> parents.containsKey(stamp) || stamp == 0);
    return stamps.indexOf(stamp);
  }

  /** Waits until it has told so many more. */
  synchronized void awaitCommits(int more) throws InterruptedException {
    int wanted = stamps.size() + more;
    await("the clerk's " + more + " next commits", () -> stamps.size() >= wanted);
  }

  /** Whether a state that ends with {@code head} came from one that ended with {@code stamp}. */
  synchronized boolean descends(long head, long stamp) throws InterruptedException {
    indexOf(head);
    long at = head;
    while (at != stamp && at != 0) {
      at = Objects.requireNonNull(parents.get(at));
    }
    return at == stamp;
  }

  /** Where an entry did not go upon the one told before: the state it went upon. From the commit of this number on. */
  synchronized List<Long> breaks(int from) {
    List<Long> breaks = new ArrayList<>();
    for (int i = Math.max(1, from); i < stamps.size(); i++) {
      long parent = Objects.requireNonNull(parents.get(stamps.get(i)));
      if (parent != stamps.get(i - 1)) {
        breaks.add(parent);
      }
    }
    return breaks;
  }

  private interface Condition {
    boolean holds();
  }

  private void await(String what, Condition condition) throws InterruptedException {
    long deadline = System.currentTimeMillis() + LONGEST_WAIT_MILLIS;
    while (!condition.holds()) {
      long left = deadline - System.currentTimeMillis();
      if (left <= 0 || !odd.isEmpty()) {
        throw new AssertionError("waited in vain for " + what + "; the clerk said: " + odd);
      }
      wait(left);
    }
  }

  private void listen() {
    try {
      for (String line = child.nextLine(); !line.isEmpty(); line = child.nextLine()) {
        hear(line);
      }
    } catch (IOException e) {
      hear(e.toString());
    }
  }

  private synchronized void hear(String line) {
    String[] words = line.split(" ", -1);
    if (words[0].equals("committed")) {
      long stamp = Long.parseLong(words[1]);
      stamps.add(stamp);
      parents.put(stamp, Long.parseLong(words[2]));
    } else {
      odd = line;
    }
    notifyAll();
  }

  @Override
  public void close() {
    child.close();
  }

  /** Commits until it is killed. */
  public static void main(String[] arguments) throws Exception {
    Path database = Path.of(arguments[0]);
    try (Connection connection = Databases.connect(database)) {
      Databases.run(connection, "PRAGMA synchronous=OFF"); // it is not the one who is killed
      for (long stamp = 1; ; stamp++) {
        long parent = commit(connection, stamp);
        System.out.println("committed " + stamp + " " + parent);
        Thread.sleep(15); // a host has other things to do
      }
    } catch (SQLException | UncheckedIOException e) {
      System.out.println("failed: " + e);
    }
  }

  /** Whoever holds the database lets go of it, or is killed. */
  private static long commit(Connection connection, long stamp)
      throws SQLException, InterruptedException {
    while (true) {
      try {
        Databases.run(connection, "BEGIN IMMEDIATE");
        long parent = Books.enter(connection, stamp);
        Databases.run(connection, "COMMIT");
        return parent;
      } catch (SQLException e) {
        if (!SqliteErrors.isBusy(e)) {
          throw e;
        }
        rollBack(connection);
      }
    }
  }

  private static void rollBack(Connection connection) {
    try {
      Databases.run(connection, "ROLLBACK");
    } catch (SQLException e) {
      // none was begun
    }
  }
}
