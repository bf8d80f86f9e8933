/** Live SQLite databases: {@link dev.lifeboat.sqlite.SqliteSource} and {@link dev.lifeboat.sqlite.SqliteTarget}. */
package dev.lifeboat.sqlite;
