package dev.lifeboat.testkit;

import static dev.lifeboat.testkit.SinkContents.assertNothingAt;
import static dev.lifeboat.testkit.SinkContents.bytes;
import static dev.lifeboat.testkit.SinkContents.kept;
import static dev.lifeboat.testkit.SinkContents.lying;
import static dev.lifeboat.testkit.SinkContents.named;
import static dev.lifeboat.testkit.SinkContents.names;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BackupSink} must do. Implement {@link #emptySink()} and these tests run:
 *
 * <pre>{@code
 * class LocalSinkTest implements BackupSinkContract {
 *   @TempDir Path directory;
 *
 *   @Override
 *   public BackupSink emptySink() {
 *     return LocalSink.in(directory);
 *   }
 * }
 * }</pre>
 */
public interface BackupSinkContract extends SinkThreadsContract {
  /** A sink without objects; called once for every test. */
  @Override
  BackupSink emptySink() throws Exception;

  /**
   * Another sink that looks at the same place, as a later process would. The same one, where the place lasts no longer
   * than the sink.
   */
  @Override
  default BackupSink again(BackupSink sink) throws Exception {
    return sink;
  }

  /** How long a name may be here: for sinks that live in a folder of another. */
  default int longestName() {
    return ObjectName.MAX_LENGTH;
  }

  @Test
  default void anObjectOfAnySizeComesBackAsItWas() throws Exception {
    BackupSink sink = emptySink();
    for (int size : new int[] {0, 1, (64 << 10) - 1, 64 << 10, (64 << 10) + 1, 5 << 20}) {
      ObjectName name = ObjectName.of("orders/data." + size);
      byte[] bytes = bytes(size);
      StoredObject stored = sink.put(name, Content.of(bytes));
      assertEquals(name, stored.name());
      assertEquals(size, stored.size());
      assertArrayEquals(bytes, kept(sink, name), () -> size + " bytes");
      assertArrayEquals(bytes, kept(again(sink), name), () -> size + " bytes, seen by another");
    }
  }

  @Test
  default void anAttestedDigestIsThatOfTheBytes() throws Exception {
    BackupSink sink = emptySink();
    byte[] bytes = bytes(70_000);
    StoredObject put = sink.put(named("orders/data"), Content.of(bytes));
    String sha256 = Digest.of(bytes).sha256();
    assertEquals(sha256, put.attested().orElse(sha256));
    for (StoredObject listed : sink.list("")) {
      assertEquals(sha256, listed.attested().orElse(sha256));
    }
  }

  @Test
  default void aPutNeverReplaces() throws Exception {
    BackupSink sink = emptySink();
    ObjectName name = named("orders/data");
    sink.put(name, Content.of(bytes(100)));
    assertThrows(FileAlreadyExistsException.class, () -> sink.put(name, Content.of(bytes(200))));
    assertThrows(FileAlreadyExistsException.class, () -> sink.put(name, Content.of(bytes(100))));
    assertArrayEquals(bytes(100), kept(sink, name));
    assertEquals(List.of("orders/data"), names(sink.list("")));
  }

  @Test
  default void aPutThatFailsHalfwayLeavesNothing() throws Exception {
    BackupSink sink = emptySink();
    ObjectName name = named("orders/halfway.data");
    IOException lost = new IOException("disk went away");
    IOException thrown = assertThrows(
        IOException.class, () -> sink.put(name, FailingContent.after(5 << 20, 16 << 20, lost)));
    assertSame(lost, thrown);
    assertNothingAt(sink, name);
    sink.put(name, Content.of(bytes(10)));
    assertArrayEquals(bytes(10), kept(sink, name));
  }

  @Test
  default void aContentThatFailsAtItsFirstByteLeavesNothing() throws Exception {
    BackupSink sink = emptySink();
    ObjectName name = named("orders/first.data");
    IOException lost = new IOException("disk went away");
    IOException thrown =
        assertThrows(IOException.class, () -> sink.put(name, FailingContent.after(0, 100, lost)));
    assertSame(lost, thrown);
    assertNothingAt(sink, name);
  }

  @Test
  default void aContentThatIsNotWhatItsDigestSaysIsRefusedAndLeavesNothing() throws Exception {
    BackupSink sink = emptySink();
    byte[] bytes = bytes(1000);
    Digest longer = Digest.of(bytes(1001));
    Digest shorter = Digest.of(bytes(999));
    Digest empty = Digest.of(new byte[0]);
    Digest other = Digest.of(new byte[1000]);
    for (Digest said : List.of(longer, shorter, empty, other)) {
      ObjectName name = named("orders/lying.data");
      assertThrows(IOException.class, () -> sink.put(name, lying(bytes, said)), said::toString);
      assertNothingAt(sink, name);
    }
  }

  @Test
  default void aPutClosesTheContentAsOftenAsItOpensIt() throws Exception {
    BackupSink sink = emptySink();
    CountingContent good = new CountingContent(Content.of(bytes(1000)));
    sink.put(named("orders/good"), good);
    assertTrue(good.opened() > 0);
    assertEquals(good.opened(), good.closed());

    CountingContent bad =
        new CountingContent(FailingContent.after(500, 1000, new IOException("lost")));
    assertThrows(IOException.class, () -> sink.put(named("orders/bad"), bad));
    assertEquals(bad.opened(), bad.closed());
  }

  @Test
  default void aListingIsInOrderOfNameAndGoesByWholeFolders() throws Exception {
    BackupSink sink = emptySink();
    // "-" and "." sort before "/", so a walk from folder to folder is not in order yet
    List<String> all = List.of(
        "a-b/x", "a.b/x", "a/b-c/x", "a/b/c/d/e/x", "a/b/x", "a/x", "a/x.1", "ab/x", "top", "z/x");
    List<String> shuffled = new ArrayList<>(all);
    Collections.rotate(shuffled, 4);
    for (String name : shuffled) {
      sink.put(named(name), Content.of(bytes(name.length())));
    }
    assertEquals(all, names(sink.list("")));
    assertEquals(
        List.of("a/b-c/x", "a/b/c/d/e/x", "a/b/x", "a/x", "a/x.1"), names(sink.list("a/")));
    assertEquals(List.of("a/b/c/d/e/x", "a/b/x"), names(sink.list("a/b/")));
    assertEquals(List.of("a/b/c/d/e/x"), names(sink.list("a/b/c/d/e/")));
    for (StoredObject listed : sink.list("")) {
      assertEquals(listed.name().value().length(), listed.size(), () -> "size of " + listed.name());
    }
    assertEquals(all, names(again(sink).list("")));
  }

  @Test
  default void aFolderThatHoldsNothingIsEmpty() throws Exception {
    BackupSink sink = emptySink();
    assertEquals(List.of(), sink.list(""));
    assertEquals(List.of(), sink.list("orders/"));
    sink.put(named("orders/data"), Content.of(bytes(1)));
    assertEquals(List.of(), sink.list("order/"));
    assertEquals(List.of(), sink.list("orders/dat/"));
    assertEquals(List.of(), sink.list("deep/er/"));
  }

  @Test
  default void whatIsNoFolderCannotBeListed() throws Exception {
    BackupSink sink = emptySink();
    for (String folder :
        List.of("orders", "/", "/orders/", "../", "orders/../", "orders//", "con/")) {
      assertThrows(IllegalArgumentException.class, () -> sink.list(folder), folder);
    }
  }

  @Test
  default void aThousandObjectsAreListed() throws Exception {
    BackupSink sink = emptySink();
    List<String> all = IntStream.range(0, 1000)
        .mapToObj(i -> String.format(Locale.ROOT, "orders/%03d/data", i))
        .toList();
    for (String name : all) {
      sink.put(named(name), Content.of(bytes(3)));
    }
    assertEquals(all, names(sink.list("orders/")));
    assertEquals(List.of("orders/500/data"), names(sink.list("orders/500/")));
  }

  @Test
  default void whatIsNotThereCannotBeOpened() throws Exception {
    BackupSink sink = emptySink();
    assertThrows(NoSuchFileException.class, () -> sink.open(named("orders/data")));
    sink.put(named("orders/data.1"), Content.of(bytes(1)));
    assertThrows(NoSuchFileException.class, () -> sink.open(named("orders/data")));
    assertThrows(NoSuchFileException.class, () -> sink.open(named("orders")));
  }

  @Test
  default void aReaderMayStopEarly() throws Exception {
    BackupSink sink = emptySink();
    ObjectName name = named("orders/data");
    sink.put(name, Content.of(bytes(1 << 20)));
    try (InputStream in = sink.open(name)) {
      assertArrayEquals(bytes(1 << 20, 10), in.readNBytes(10));
    }
    assertArrayEquals(bytes(1 << 20), kept(sink, name));
  }

  @Test
  default void deletingTakesOneObjectAndNoOther() throws Exception {
    BackupSink sink = emptySink();
    for (String name : List.of("orders/a", "orders/a.1", "orders/b/a", "ordersx/a")) {
      sink.put(named(name), Content.of(bytes(5)));
    }
    sink.delete(named("orders/a"));
    assertThrows(NoSuchFileException.class, () -> sink.open(named("orders/a")));
    assertEquals(List.of("orders/a.1", "orders/b/a", "ordersx/a"), names(sink.list("")));
    assertEquals(
        List.of("orders/a.1", "orders/b/a", "ordersx/a"), names(again(sink).list("")));
  }

  @Test
  default void deletingWhatIsNotThereSucceeds() throws Exception {
    BackupSink sink = emptySink();
    ObjectName name = named("orders/b/data");
    sink.delete(name);
    sink.put(name, Content.of(bytes(5)));
    sink.delete(name);
    sink.delete(name);
    assertEquals(List.of(), sink.list(""));
  }

  @Test
  default void aDeletedNameCanBeUsedAgain() throws Exception {
    BackupSink sink = emptySink();
    ObjectName name = named("orders/data");
    sink.put(name, Content.of(bytes(5)));
    sink.delete(name);
    sink.put(name, Content.of(bytes(7)));
    assertArrayEquals(bytes(7), kept(sink, name));
  }

  @Test
  default void everyValidNameIsKept() throws Exception {
    BackupSink sink = emptySink();
    int longest = longestName();
    List<String> all = Stream.of(
            "x".repeat(longest),
            "y/" + "x".repeat(longest - 2),
            "d/".repeat((longest - 1) / 2) + "x",
            "0",
            "a-",
            "a_",
            "a.b.c.d",
            "a--b__c",
            "console",
            "x.con",
            "UPPER",
            "temp.part",
            "temp.claim",
            "temp.tmp",
            "index.html",
            "e/DS_Store")
        .sorted()
        .toList();
    for (String name : all) {
      sink.put(named(name), Content.of(name.getBytes(US_ASCII)));
    }
    assertEquals(all, names(sink.list("")));
    for (String name : all) {
      assertArrayEquals(name.getBytes(US_ASCII), kept(sink, named(name)), name);
    }
    for (String name : all) {
      sink.delete(named(name));
    }
    assertEquals(List.of(), sink.list(""));
  }

  @Test
  default void theDescriptionIsStableAndOneLine() throws Exception {
    BackupSink sink = emptySink();
    String description = sink.description();
    assertFalse(description.isBlank());
    assertTrue(
        description.lines().count() == 1 && description.equals(description.strip()), description);
    sink.put(named("orders/data"), Content.of(bytes(1)));
    assertEquals(description, sink.description());
    assertEquals(description, again(sink).description());
  }

  @Test
  default void anExclusivePutIsPromisedOrNotButAlwaysTheSame() throws Exception {
    BackupSink sink = emptySink();
    boolean exclusive = sink.exclusivePut();
    assertEquals(exclusive, sink.exclusivePut());
    assertEquals(List.of(), sink.list(""), "trying it out leaves nothing behind");
  }
}
