package dev.lifeboat.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a private copy has to stand: the same for a source and its target. */
record Proving(Integrity integrity, List<NamedCheck> checks) {
  static final Proving DEFAULT = new Proving(Integrity.QUICK, List.of());

  /** A check of the host, with its name. */
  record NamedCheck(String what, SqliteSource.Check check) {}

  Proving {
    checks = List.copyOf(checks);
  }

  Proving with(Integrity other) {
    return new Proving(other, checks);
  }

  Proving and(String what, SqliteSource.Check check) {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(check, "check");
    if (checks.stream().anyMatch(named -> named.what().equals(what))) {
      throw new IllegalArgumentException("the check \"" + what + "\" is given twice");
    }
    List<NamedCheck> more = new ArrayList<>(checks);
    more.add(new NamedCheck(what, check));
    return new Proving(integrity, more);
  }
}
