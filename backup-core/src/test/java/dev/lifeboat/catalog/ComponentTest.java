package dev.lifeboat.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComponentTest {
  /** A negative sum would make room where there is none. */
  @Test
  void sizesThatAreMoreThanALongHoldsAreTheLargest() {
    String sha256 = Digest.of(new byte[0]).sha256();
    List<Part> parts = List.of(
        new Part(ObjectName.of("a/1"), new Digest(Long.MAX_VALUE, sha256)),
        new Part(ObjectName.of("a/2"), new Digest(5, sha256)));
    Component component = new Component("orders", "doc", List.of(), parts, Optional.empty());
    assertThat(component.storedSize()).isEqualTo(Long.MAX_VALUE);
  }
}
