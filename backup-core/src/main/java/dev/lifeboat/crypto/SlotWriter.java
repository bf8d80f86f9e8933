package dev.lifeboat.crypto;

import java.io.IOException;

/** Somebody for whom backups are made. */
interface SlotWriter {
  /** For people, free of secrets; two writers of the same name are for the same reader. */
  String name();

  /**
   * The data key for that reader.
   *
   * @param dataKey not kept, not changed
   * @throws IOException if a key service fails, or this machine cannot afford it
   */
  Slot write(byte[] dataKey, Place place) throws IOException;

  /** Whether this is a slot as {@link #write} makes it now, for the same reader, as far as it can be told here. */
  boolean isAsWritten(Slot slot, byte[] dataKey, Place place);
}
