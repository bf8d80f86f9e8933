/** Live PostgreSQL databases: sources, and how to connect to them. */
@org.jspecify.annotations.NullMarked
module dev.lifeboat.postgres {
  requires transitive dev.lifeboat.core;
  requires transitive java.sql;
  requires org.slf4j;
  requires org.postgresql.jdbc;
  requires static org.checkerframework.checker.qual;
  requires static org.jspecify;

  exports dev.lifeboat.postgres;
}
