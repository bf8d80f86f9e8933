package dev.lifeboat.postgres;

import java.sql.SQLException;

/** What the tests' databases hold. */
final class Shop {
  private Shop() {}

  /** A few orders. */
  static String small(Server server) throws SQLException {
    return server.create(
        "shop",
        "CREATE TABLE orders(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, item text NOT NULL)",
        "INSERT INTO orders(item) SELECT 'item ' || n FROM generate_series(1, 300) n",
        "CREATE INDEX ON orders(item)",
        "CREATE VIEW items AS SELECT DISTINCT item FROM orders");
  }

  /** Orders of so many mebibytes. */
  static String large(Server server, int mebibytes) throws SQLException {
    return server.create(
        "shop",
        "CREATE TABLE orders(id bigint, item text)",
        "INSERT INTO orders SELECT n, repeat(md5(n::text), 32) FROM generate_series(1, 1000 * "
            + mebibytes + ") n");
  }
}
