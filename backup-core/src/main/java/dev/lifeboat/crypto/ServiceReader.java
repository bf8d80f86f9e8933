package dev.lifeboat.crypto;

import dev.lifeboat.codec.DamagedDataException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** Makes and opens slots by asking a service. */
record ServiceReader(KeyWrap service, String id) implements SlotWriter, SlotReader {
  ServiceReader {
    if (!SlotFormat.SERVICE.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "the id of a key service must be 1 to 200 printable ASCII characters");
    }
  }

  static ServiceReader of(KeyWrap service) {
    return new ServiceReader(service, Objects.requireNonNull(service.id(), "id"));
  }

  @Override
  public String name() {
    return "service " + id;
  }

  @Override
  public Rank rank() {
    return service.provesOrigin() ? Rank.TRUSTED_SERVICE : Rank.SERVICE;
  }

  @Override
  public Slot write(byte[] dataKey, Place place) throws IOException {
    byte[] copy = dataKey.clone();
    try {
      byte[] wrapped = service.wrap(copy, place.name());
      if (wrapped.length < 1 || wrapped.length > SlotFormat.MOST_WRAPPED) {
        throw new IOException("the key service " + id + " wrapped a key in " + wrapped.length
            + " bytes; 1 to " + SlotFormat.MOST_WRAPPED + " are allowed");
      }
      return new Slot.OfService(id, Base64Text.of(wrapped));
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  @Override
  public boolean fits(Slot slot) {
    return slot instanceof Slot.OfService of && of.by().equals(id);
  }

  @Override
  public Optional<byte[]> open(Slot slot, Place place) throws IOException {
    byte[] wrapped = Base64Text.bytes(((Slot.OfService) slot).wrapped());
    byte[] dataKey = unwrapped(wrapped, place);
    if (dataKey.length != DataKey.LENGTH) {
      Arrays.fill(dataKey, (byte) 0);
      throw new DamagedDataException("the key service " + id + " gave back " + dataKey.length
          + " bytes; a data key has " + DataKey.LENGTH);
    }
    return Optional.of(dataKey);
  }

  /** Clients of services throw what they like. */
  private byte[] unwrapped(byte[] wrapped, Place place) throws IOException {
    try {
      return Objects.requireNonNull(service.unwrap(wrapped, place.name()), "dataKey");
    } catch (RuntimeException e) {
      throw new IOException("the key service " + id + " failed: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean isAsWritten(Slot slot, byte[] dataKey, Place place) {
    return fits(slot);
  }
}
