/** Live SQLite databases: a source, and targets to bring them back. */
@org.jspecify.annotations.NullMarked
module dev.lifeboat.sqlite {
  requires transitive dev.lifeboat.core;
  requires transitive java.sql;
  requires org.slf4j;
  requires org.xerial.sqlitejdbc;
  requires static org.jspecify;

  exports dev.lifeboat.sqlite;
}
