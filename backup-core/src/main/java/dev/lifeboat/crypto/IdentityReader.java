package dev.lifeboat.crypto;

import dev.lifeboat.codec.DamagedDataException;
import java.util.Optional;

/** Opens the slots of a recipient. */
record IdentityReader(Identity identity) implements SlotReader {
  @Override
  public String name() {
    return identity.toString();
  }

  @Override
  public Rank rank() {
    return Rank.IDENTITY;
  }

  @Override
  public boolean fits(Slot slot) {
    return slot instanceof Slot.OfRecipient of
        && of.recipient().equals(identity.recipient().id());
  }

  @Override
  public Optional<byte[]> open(Slot slot, Place place) throws DamagedDataException {
    Slot.OfRecipient of = (Slot.OfRecipient) slot;
    return Optional.of(Hpke.SLOT.open(identity, place.bytes(), of.enc(), of.wrapped()));
  }

  /** Opens the words of a mark that were sealed for it. */
  byte[] reveal(SealedFor sealed, Place place) throws DamagedDataException {
    return Hpke.MARK.open(identity, place.bytes(), sealed.enc(), sealed.wrapped());
  }
}
