package dev.lifeboat.crypto;

import dev.lifeboat.codec.DamagedDataException;
import java.io.IOException;
import java.io.InterruptedIOException;
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
      byte[] wrapped =
          asked(() -> Objects.requireNonNull(service.wrap(copy, place.name()), "wrapped"));
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
    byte[] dataKey =
        asked(() -> Objects.requireNonNull(service.unwrap(wrapped, place.name()), "dataKey"));
    if (dataKey.length != DataKey.LENGTH) {
      Arrays.fill(dataKey, (byte) 0);
      throw new DamagedDataException("the key service " + id + " gave back " + dataKey.length
          + " bytes; a data key has " + DataKey.LENGTH);
    }
    return Optional.of(dataKey);
  }

  private interface Question {
    byte[] ask() throws IOException;
  }

  /** Clients of services throw what they like. */
  private byte[] asked(Question question) throws IOException {
    try {
      return question.ask();
    } catch (DamagedDataException | InterruptedIOException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new KeyServiceException("the key service " + id + " failed: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean isAsWritten(Slot slot, byte[] dataKey, Place place) {
    return fits(slot);
  }
}
