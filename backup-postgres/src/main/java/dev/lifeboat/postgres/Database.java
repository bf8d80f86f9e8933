package dev.lifeboat.postgres;

import java.util.Optional;

/**
 * A database as the server lists it.
 *
 * @param open whether anybody can connect
 * @param limit -1 for none
 */
record Database(long oid, String name, boolean open, int limit, Optional<String> comment) {
  Optional<Marker> marker() {
    return Marker.of(name, comment.orElse(null));
  }

  /** A name as SQL takes it. */
  String quoted() {
    return Session.quoted(name);
  }
}
