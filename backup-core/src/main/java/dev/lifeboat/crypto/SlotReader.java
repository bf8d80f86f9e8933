package dev.lifeboat.crypto;

import dev.lifeboat.codec.DamagedDataException;
import java.io.IOException;
import java.util.Optional;

/** Something that opens slots. */
interface SlotReader {
  /** For people, free of secrets. */
  String name();

  /** In which order readers are tried: what proves the writer goes first, and then what is cheap. */
  Rank rank();

  /** Whether the slot says that it is for this one; of a passphrase, that is any slot for passphrases. */
  boolean fits(Slot slot);

  /** Whether trying it takes little, whoever has put it there. */
  default boolean isCheap(Slot slot) {
    return true;
  }

  /** Tells it how the sink names a series: what this one writes for it from now on can be told from what strangers add. */
  default void know(String series, String identity) {}

  /**
   * The data key out of a slot that fits, which the caller wipes.
   *
   * @return empty if the slot is for another one after all
   * @throws DamagedDataException if it is for this one, and damaged
   * @throws IOException if a key service fails, or this machine cannot afford it
   */
  Optional<byte[]> open(Slot slot, Place place) throws IOException;

  /** Ways into a backup, in the order of trying. */
  enum Rank {
    KEY(""),
    TRUSTED_SERVICE(""),
    PASSPHRASE(""),
    IDENTITY("a recipient's slot"),
    SERVICE("a key service's slot");

    private final String unproven;

    Rank(String unproven) {
      this.unproven = unproven;
    }

    /** Whether what opens this way was written by somebody who knows a secret. */
    boolean provesOrigin() {
      return unproven.isEmpty();
    }

    /** What to call the slot that proves nothing. */
    String unproven() {
      return unproven;
    }
  }
}
