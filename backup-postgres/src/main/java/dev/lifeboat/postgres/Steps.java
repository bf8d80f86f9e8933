package dev.lifeboat.postgres;

/** Hears of every step of a restore as it is about to be made. */
@FunctionalInterface
interface Steps {
  Steps UNWATCHED = step -> {};

  void at(String step);
}
