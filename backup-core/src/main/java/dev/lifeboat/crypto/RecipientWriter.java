package dev.lifeboat.crypto;

/** Makes slots for a recipient. */
record RecipientWriter(Recipient recipient) implements SlotWriter {
  @Override
  public String name() {
    return "recipient " + recipient.id();
  }

  @Override
  public Slot write(byte[] dataKey, Place place) {
    Hpke.Message message = Hpke.SLOT.seal(recipient, place.bytes(), dataKey);
    return new Slot.OfRecipient(recipient.id(), message.enc(), message.wrapped());
  }

  @Override
  public boolean isAsWritten(Slot slot, byte[] dataKey, Place place) {
    return slot instanceof Slot.OfRecipient of && of.recipient().equals(recipient.id());
  }
}
