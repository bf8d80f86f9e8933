package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Pin;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Identity;
import dev.lifeboat.crypto.Recipient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who cannot open a backup writes who set a mark and why once for every recipient: it must stay small enough to be read. */
class ManyRecipientsTest extends RotationShop {
  @Test
  void aLongReasonForAsManyRecipientsAsThereMayBeIsReadAgain() {
    List<Recipient> others = new ArrayList<>(
        Stream.generate(() -> Identity.generate().recipient()).limit(15).toList());
    Encryption shop = Encryption.recipients(office.recipient(), others.toArray(Recipient[]::new))
        .signedBy(host.getPrivate());
    for (String letter : List.of("a", "\u00fc", "\ud83d\udea2", "\u0001", "\"")) {
      BackupId id = made(host(shop), 1).get(0);
      host(shop).by(letter.repeat(3000)).pin(id, letter.repeat(3000));
      events.clear();
      Pin pin = stranger(Encryption.identity(office).trusting(host.getPublic()))
          .find(id)
          .orElseThrow()
          .pins()
          .get(0);
      assertNoWarnings();
      assertThat(pin.why()).startsWith(letter.repeat(50)).endsWith("\u2026");
      assertThat(pin.by()).startsWith(letter.repeat(50)).endsWith("\u2026");
      assertThat(memory.list("shop/catalog/")).allMatch(stored -> stored.size() <= Mark.MAX_BYTES);
    }
  }

  @Test
  void forFewRecipientsNothingIsLeftOut() {
    Encryption shop = Encryption.recipients(office.recipient()).signedBy(host.getPrivate());
    BackupId id = made(host(shop), 1).get(0);
    String why = "because ".repeat(200);
    host(shop).pin(id, why);
    assertThat(stranger(Encryption.identity(office).trusting(host.getPublic()))
            .find(id)
            .orElseThrow()
            .pins())
        .extracting(Pin::why)
        .containsExactly(why);
  }
}
