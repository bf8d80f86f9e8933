/** Backs up PostgreSQL databases. Nothing is exported yet. */
@org.jspecify.annotations.NullMarked
module dev.lifeboat.postgres {
  requires transitive dev.lifeboat.core;
  requires static org.jspecify;
}
