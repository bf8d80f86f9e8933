package dev.lifeboat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Brings events to one listener, in order, on a thread of the run: what the listener does harms neither the run nor others. */
final class Courier {
  private static final BackupEvent END = () -> {
    throw new IllegalStateException("not for listeners");
  };

  private final BackupListener listener;
  private final BlockingQueue<BackupEvent> events = new LinkedBlockingQueue<>();
  private final AtomicBoolean busy = new AtomicBoolean();
  private final Thread thread;
  private volatile boolean abandoned;

  Courier(BackupListener listener) {
    this.listener = listener;
    this.thread = new Thread(this::deliver, "lifeboat-listener");
    thread.setDaemon(true);
    thread.start();
  }

  void send(BackupEvent event) {
    events.add(event);
  }

  /** Brings it if the listener is free, else drops it. */
  void offer(BackupEvent event) {
    if (!busy.get() && events.isEmpty()) {
      events.add(event);
    }
  }

  /** No other event comes. */
  void end() {
    events.add(END);
  }

  private void deliver() {
    try {
      for (BackupEvent event = events.take(); event != END && !abandoned; event = events.take()) {
        busy.set(true);
        try {
          listener.on(event);
        } catch (RuntimeException | Error e) {
          Log.warn("A listener failed at {}", event.getClass().getSimpleName(), e);
        }
        busy.set(false);
      }
    } catch (InterruptedException e) {
      Log.debug("A listener was interrupted between two events");
    }
  }

  /**
   * Waits until all was heard; a listener that still blocks then is interrupted and hears nothing more of this run.
   *
   * @param deadline as of {@link System#nanoTime}
   */
  void await(long deadline) {
    boolean interrupted = false;
    long left = deadline - System.nanoTime();
    while (thread.isAlive() && left > 0) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = deadline - System.nanoTime();
    }
    if (thread.isAlive()) {
      abandoned = true;
      thread.interrupt();
      Log.warn("A listener still blocked some time after the run had ended; it was interrupted");
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
