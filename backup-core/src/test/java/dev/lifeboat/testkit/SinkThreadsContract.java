package dev.lifeboat.testkit;

import static dev.lifeboat.testkit.SinkContents.assertNothingAt;
import static dev.lifeboat.testkit.SinkContents.bytes;
import static dev.lifeboat.testkit.SinkContents.kept;
import static dev.lifeboat.testkit.SinkContents.named;
import static dev.lifeboat.testkit.SinkContents.names;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The part of {@link BackupSinkContract} in which several threads meet, or one is interrupted. */
interface SinkThreadsContract {
  BackupSink emptySink() throws Exception;

  BackupSink again(BackupSink sink) throws Exception;

  @Test
  default void aPutUnderWayIsNotSeen() throws Exception {
    BackupSink sink = emptySink();
    ObjectName name = named("orders/slow.data");
    WaitingContent content = new WaitingContent(bytes(2 << 20));
    try (Threads threads = new Threads(1)) {
      Future<StoredObject> put = threads.start(() -> sink.put(name, content));
      content.awaitHalfway();
      assertNothingAt(sink, name);
      assertNothingAt(again(sink), name);
      content.release();
      put.get(60, TimeUnit.SECONDS);
    }
    assertArrayEquals(bytes(2 << 20), kept(sink, name));
    assertEquals(List.of("orders/slow.data"), names(sink.list("")));
  }

  @Test
  default void ofTwoPutsOfOneNameExactlyOneWins() throws Exception {
    BackupSink sink = emptySink();
    assumeTrue(sink.exclusivePut(), "this store does not honour create-if-absent");
    BackupSink other = again(sink);
    int rounds = 10 * Integer.getInteger("loops", 1);
    for (int round = 0; round < rounds; round++) {
      ObjectName name = named("orders/" + round);
      List<byte[]> contents =
          List.of(bytes(100_001), bytes(100_002), bytes(100_003), bytes(100_004));
      List<Integer> winners = new ArrayList<>();
      try (Threads threads = new Threads(contents.size())) {
        List<Future<StoredObject>> puts = new ArrayList<>();
        for (byte[] content : contents) {
          BackupSink one = puts.size() % 2 == 0 ? sink : other;
          puts.add(threads.startTogether(() -> one.put(name, Content.of(content))));
        }
        for (int i = 0; i < puts.size(); i++) {
          try {
            puts.get(i).get(60, TimeUnit.SECONDS);
            winners.add(i);
          } catch (ExecutionException e) {
            assertInstanceOf(FileAlreadyExistsException.class, e.getCause());
          }
        }
      }
      assertEquals(1, winners.size(), () -> "winners: " + winners);
      assertArrayEquals(contents.get(winners.get(0)), kept(sink, name));
    }
  }

  @Test
  default void manyThreadsPutReadListAndDeleteAtOnce() throws Exception {
    BackupSink sink = emptySink();
    int threadCount = 32;
    try (Threads threads = new Threads(threadCount)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threadCount; i++) {
        int number = i;
        all.add(threads.startTogether((Callable<Void>) () -> {
          byte[] content = bytes(10_000 + number);
          ObjectName stays = named("orders/" + number % 4 + "/" + number);
          ObjectName goes = named("gone/" + number % 4 + "/" + number);
          sink.put(stays, Content.of(content));
          sink.put(goes, Content.of(content));
          assertArrayEquals(content, kept(sink, stays));
          assertTrue(names(sink.list("orders/")).contains(stays.value()));
          sink.delete(goes);
          assertFalse(names(sink.list("gone/")).contains(goes.value()));
          return null;
        }));
      }
      for (Future<?> one : all) {
        one.get(120, TimeUnit.SECONDS);
      }
    }
    assertEquals(threadCount, sink.list("orders/").size());
    assertEquals(List.of(), sink.list("gone/"));
  }

  @Test
  default void aPutOnAnInterruptedThreadIsWholeOrNothing() throws Exception {
    BackupSink sink = emptySink();
    ObjectName name = named("orders/interrupted");
    boolean kept;
    Thread.currentThread().interrupt();
    try {
      sink.put(name, Content.of(bytes(1 << 20)));
      kept = true;
    } catch (IOException e) {
      kept = false;
    } finally {
      Thread.interrupted();
    }
    if (kept) {
      assertArrayEquals(bytes(1 << 20), kept(sink, name));
    } else {
      assertNothingAt(sink, name);
      sink.put(name, Content.of(bytes(9)));
      assertArrayEquals(bytes(9), kept(sink, name));
    }
  }

  @Test
  default void aPutInterruptedHalfwayLeavesNothing() throws Exception {
    BackupSink sink = emptySink();
    ObjectName name = named("orders/interrupted");
    WaitingContent content = new WaitingContent(bytes(2 << 20));
    try (Threads threads = new Threads(1)) {
      Future<StoredObject> put = threads.start(() -> sink.put(name, content));
      content.awaitHalfway();
      threads.interrupt();
      ExecutionException failed =
          assertThrows(ExecutionException.class, () -> put.get(60, TimeUnit.SECONDS));
      assertInstanceOf(IOException.class, failed.getCause());
    }
    assertNothingAt(sink, name);
  }
}
