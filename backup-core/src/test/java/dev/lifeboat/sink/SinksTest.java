package dev.lifeboat.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.testkit.BackupSinkContract;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SinksTest {
  private static final ObjectName NAME = ObjectName.of("orders/data");
  private static final Content CONTENT = Content.of(new byte[] {1, 2, 3});

  private final MemorySink store = new MemorySink("here");

  @Nested
  class AFolderKeepsTheContract implements BackupSinkContract {
    @Override
    public BackupSink emptySink() throws IOException {
      store.put(ObjectName.of("tenant-70/orders/data"), CONTENT);
      store.put(ObjectName.of("other"), CONTENT);
      return Sinks.prefixed(store, "tenant-7/");
    }

    @Override
    public int longestName() {
      return ObjectName.MAX_LENGTH - "tenant-7/".length();
    }
  }

  @Test
  void aFolderOfASinkKeepsItsObjectsThere() throws IOException {
    BackupSink sink = Sinks.prefixed(store, "tenant-7/");
    StoredObject stored = sink.put(NAME, CONTENT);
    assertThat(stored.name()).isEqualTo(NAME);
    assertThat(stored.attested()).contains(CONTENT.digest().sha256());
    assertThat(store.list(""))
        .singleElement()
        .satisfies(object -> assertThat(object.name().value()).isEqualTo("tenant-7/orders/data"));
    assertThat(sink.list("orders/")).containsExactly(stored);
    assertThat(sink.description()).isEqualTo("memory here/tenant-7");
    assertThat(sink.exclusivePut()).isTrue();
    assertThat(sink.retriesItself()).isFalse();
    assertThat(Sinks.prefixed(sink, "shop/").description()).isEqualTo("memory here/tenant-7/shop");
  }

  @Test
  void theEmptyFolderIsTheSinkItself() {
    assertThat(Sinks.prefixed(store, "")).isSameAs(store);
  }

  @Test
  void whatIsNoFolderIsRefused() {
    assertThatThrownBy(() -> Sinks.prefixed(store, "tenant-7"))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a folder: \"tenant-7\"");
  }

  @Test
  void aNameTooLongBelowTheFolderIsRefused() {
    BackupSink sink = Sinks.prefixed(store, "tenant-7/");
    String name = "x".repeat(192);
    String message = "name too long: tenant-7/" + name
        + " has 201 characters with the folder tenant-7/, at most 200 are allowed";
    assertThatThrownBy(() -> sink.put(ObjectName.of(name), CONTENT))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> sink.open(ObjectName.of(name))).hasMessage(message);
    assertThatThrownBy(() -> sink.delete(ObjectName.of(name))).hasMessage(message);
    assertThatThrownBy(() -> sink.list(name + "/"))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("name too long: tenant-7/" + name
            + "/ has 201 characters with the folder tenant-7/, at most 200 are allowed");
  }

  @Test
  void aReadOnlySinkShowsEverythingAndChangesNothing() throws IOException {
    StoredObject stored = store.put(NAME, CONTENT);
    FaultySink asked = FaultySink.over(store);
    BackupSink sink = Sinks.readOnly(asked);
    assertThat(sink.list("")).containsExactly(stored);
    assertThat(sink.open(NAME).readAllBytes()).containsExactly(1, 2, 3);
    assertThatThrownBy(() -> sink.put(ObjectName.of("orders/more"), CONTENT))
        .isExactlyInstanceOf(AccessDeniedException.class)
        .hasMessage("orders/more: memory here is read-only");
    assertThatThrownBy(() -> sink.delete(NAME))
        .isExactlyInstanceOf(AccessDeniedException.class)
        .hasMessage("orders/data: memory here is read-only");
    assertThat(sink.exclusivePut()).isFalse();
    assertThat(sink.description()).isEqualTo("memory here");
    assertThat(asked.calls(Call.PUT) + asked.calls(Call.DELETE)).isZero();
    assertThat(store.list("")).containsExactly(stored);
  }
}
