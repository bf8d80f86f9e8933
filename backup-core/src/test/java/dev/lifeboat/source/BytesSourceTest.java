package dev.lifeboat.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeboat.testkit.BackupSourceContract;
import dev.lifeboat.testkit.RestoreTargetContract;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BytesSourceTest implements BackupSourceContract, RestoreTargetContract {
  @TempDir
  Path staging;

  private byte[] live = bytes("first");
  private int changes;

  @Override
  public BackupSource source() {
    return BytesSource.of("settings", () -> live, document -> live = document);
  }

  @Override
  public void change() {
    live = bytes("changed " + ++changes + " times");
  }

  @Override
  public Object liveState() {
    return new String(live, StandardCharsets.UTF_8);
  }

  @Test
  void itIsNamedForPeople() {
    assertThat(source().name()).isEqualTo("settings");
    assertThat(source().type()).isEqualTo("bytes");
    assertThat(source().suffix()).isEqualTo("bin");
    assertThat(source().target().description()).isEqualTo("the document \"settings\"");
  }

  @Test
  void nothingMayBeNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> BytesSource.of(nothing(), () -> live, document -> {}))
        .withMessage("name");
    assertThatNullPointerException()
        .isThrownBy(() -> BytesSource.of("settings", nothing(), document -> {}))
        .withMessage("supplier");
    assertThatNullPointerException()
        .isThrownBy(() -> BytesSource.of("settings", () -> live, nothing()))
        .withMessage("receiver");
  }

  @Test
  void theHostMayGoOnWritingIntoItsArray() throws IOException {
    Snapshot snapshot = source().open(staging);
    live[0] = '!';
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(snapshot.writeTo(out)).isEqualTo(Facts.counting("bytes", 5));
    assertThat(out).hasToString("first");
  }

  @Test
  void aDocumentOfNoBytesIsOne() throws IOException {
    live = new byte[0];
    assertThat(source().target().holdsData()).isTrue();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(source().open(staging).writeTo(out)).isEqualTo(Facts.counting("bytes", 0));
    stage("");
    live = bytes("something");
    source().target().apply(staging);
    assertThat(live).isEmpty();
  }

  @Test
  void aSupplierThatGivesNothingIsAnError() {
    BackupSource source = BytesSource.of("settings", BytesSourceTest::nothing, document -> {});
    String message = "the supplier of \"settings\" gave nothing: where there is no document yet, it"
        + " gives an empty one";
    assertThatThrownBy(() -> source.open(staging))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> source.target().holdsData())
        .isExactlyInstanceOf(IOException.class)
        .hasMessage(message);
  }

  @Test
  void whatTheHostThrowsIsPassedOnOrTheCause() {
    IOException io = new IOException("disk");
    assertThatThrownBy(() -> supplying(thrower(io)).open(staging)).isSameAs(io);
    IllegalStateException bug = new IllegalStateException("bug");
    assertThatThrownBy(() -> supplying(thrower(bug)).open(staging)).isSameAs(bug);
    TimeoutException late = new TimeoutException("too late");
    assertThatThrownBy(() -> supplying(thrower(late)).open(staging))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("the supplier of \"settings\" failed: java.util.concurrent.TimeoutException:"
            + " too late")
        .hasCause(late);
  }

  @Test
  void anInterruptedHostIsAnInterruptedRun() {
    assertThatThrownBy(() -> supplying(thrower(new InterruptedException())).open(staging))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("the supplier of \"settings\" was interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aReceiverThatFailsHalfwayIsGivenTheOldDocumentAgain() throws IOException {
    IOException failure = new IOException("no");
    BackupSource source = BytesSource.of("settings", () -> live, document -> {
      live = document;
      if (text().equals("new")) {
        throw failure;
      }
    });
    stage("new");
    assertThatThrownBy(() -> source.target().apply(staging))
        .isSameAs(failure)
        .hasNoSuppressedExceptions();
    assertThat(text()).isEqualTo("first");
    change();
    source.target().undo(staging);
    assertThat(text()).as("undo: nothing was applied").isEqualTo("changed 1 times");
  }

  @Test
  void anInterruptedReceiverIsGivenTheOldDocumentAgain() throws IOException {
    BackupSource source = BytesSource.of("settings", () -> live, document -> {
      live = document;
      if (text().equals("new")) {
        throw new InterruptedException();
      }
    });
    stage("new");
    assertThatThrownBy(() -> source.target().apply(staging))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("the receiver of \"settings\" was interrupted")
        .hasNoSuppressedExceptions();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(text()).isEqualTo("first");
  }

  @Test
  void aReceiverThatTakesNothingIsFound() throws IOException {
    BackupSource source = BytesSource.of("settings", () -> live, document -> {});
    stage("new");
    assertThatThrownBy(() -> source.target().apply(staging))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("the receiver of \"settings\" was given 3 bytes, and its supplier now gives 5"
            + " others; if its export is never the same twice, say withoutComparison()");
    assertThat(text()).isEqualTo("first");
  }

  @Test
  void anExportThatIsNeverTheSameTwiceIsNotCompared() throws IOException {
    BackupSource source = BytesSource.of(
            "settings", () -> bytes(text() + System.nanoTime()), document -> live = document)
        .withoutComparison();
    stage("new");
    source.target().apply(staging);
    assertThat(text()).isEqualTo("new");
    source.target().undo(staging);
    assertThat(text()).startsWith("first");
  }

  @Test
  void whereNeitherCanBeGivenTheOldOneIsKeptForTheNextUndo() throws IOException {
    boolean[] broken = {true};
    BackupSource source = BytesSource.of("settings", () -> live, document -> {
      live = document;
      if (broken[0]) {
        live = bytes("half");
        throw new IOException("no");
      }
    });
    stage("new");
    IOException failure =
        catchThrowableOfType(IOException.class, () -> source.target().apply(staging));
    assertThat(failure).hasMessage("no");
    String byHand = "the document \"settings\" could not be brought back as it was before: no. It"
        + " lies in " + staging.resolve("old") + ", to be given to the application by hand";
    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(failure.getSuppressed()[0]).hasMessage(byHand);
    assertThatThrownBy(() -> source.target().undo(staging))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage(byHand);
    assertThat(staging.resolve("old")).hasContent("first");
    broken[0] = false;
    source.target().undo(staging);
    assertThat(text()).isEqualTo("first");
  }

  @Test
  void anApplyThatWasCutShortKeepsTheOldDocumentItFound() throws IOException {
    stage("new");
    Files.writeString(staging.resolve("old"), "first"); // killed before the receiver returned
    live = bytes("half");
    source().target().apply(staging);
    assertThat(text()).isEqualTo("new");
    source().target().undo(staging);
    assertThat(text()).isEqualTo("first");
  }

  @Test
  void anApplyThatWasKilledWhileItKeptTheOldDocumentKeepsItAnew() throws IOException {
    stage("new");
    Files.writeString(staging.resolve("old.part"), "fir");
    source().target().undo(staging);
    assertThat(text()).isEqualTo("first");
    source().target().apply(staging);
    source().target().undo(staging);
    assertThat(text()).isEqualTo("first");
  }

  @Test
  void whatWasNotStagedIsNeitherCheckedNorApplied() {
    assertThatThrownBy(() -> source().target().check(staging)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> source().target().apply(staging)).isInstanceOf(IOException.class);
    assertThat(text()).isEqualTo("first");
  }

  private void stage(String document) throws IOException {
    source()
        .target()
        .stage(new ByteArrayInputStream(bytes(document)), Facts.counting("bytes", 1), staging);
  }

  private static BackupSource supplying(Callable<byte[]> supplier) {
    return BytesSource.of("settings", supplier, document -> {});
  }

  private static Callable<byte[]> thrower(Exception e) {
    return () -> {
      throw e;
    };
  }

  private String text() {
    return new String(live, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }
}
