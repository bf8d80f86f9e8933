package dev.lifeboat.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A database with one of every kind of thing, and what it shows. */
final class Fleet {
  private Fleet() {}

  static String create(Server server) throws SQLException {
    server.run(
        "postgres",
        "DO $$ BEGIN CREATE ROLE sailor; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "DO $$ BEGIN CREATE ROLE \"Harbour Master\"; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    return server.create(
        "fleet",
        "CREATE EXTENSION hstore",
        "CREATE EXTENSION btree_gist",
        "CREATE SCHEMA fleet AUTHORIZATION \"Harbour Master\"",
        "CREATE TYPE fleet.mood AS ENUM ('calm', 'rough', 'über')",
        "CREATE DOMAIN fleet.positive AS int CHECK (VALUE > 0)",
        "CREATE TYPE fleet.span AS RANGE (subtype = float8)",
        "CREATE TYPE fleet.pair AS (a int, b text)",
        """
        CREATE TABLE fleet.ships(
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          serial serial,
          name text COLLATE "C" NOT NULL UNIQUE,
          price numeric(30, 10),
          built timestamptz,
          photo bytea,
          data jsonb,
          tags text[],
          grid int[][],
          mood fleet.mood DEFAULT 'calm',
          crew fleet.positive,
          at int4range,
          wave fleet.span,
          pair fleet.pair,
          extra hstore,
          twice numeric GENERATED ALWAYS AS (price * 2) STORED,
          EXCLUDE USING gist (at WITH &&))""",
        """
        INSERT INTO fleet.ships(name, price, built, photo, data, tags, grid, crew, at, wave, pair, extra) VALUES
          ('Zoë "1"', 12345678901234567890.0123456789, '1912-04-15 02:20:00.123456+00', '\\x00ff5c0a',
           '{"a": [1, null, "ü\\n"]}', ARRAY['x', NULL, 'a,"b"'], '{{1,2},{3,4}}', 3, '[1,5)', '[1.5,2)', (1, 'b'), 'k=>"v\\\\"'),
          (E'tab\\t and \\\\. line\\nbreak', 'NaN', 'infinity', '', 'null', '{}', NULL, NULL, '[7,9)', NULL, NULL, NULL)""",
        "CREATE TABLE fleet.\"Odd \"\"Näme\" (\"a b\" int REFERENCES fleet.ships(serial) DEFERRABLE)"
            .replace("REFERENCES fleet.ships(serial)", "REFERENCES fleet.ships2(id)")
            .replace("CREATE TABLE", "CREATE TABLE fleet.ships2(id int PRIMARY KEY); CREATE TABLE"),
        "INSERT INTO fleet.ships2 VALUES (1), (2)",
        "INSERT INTO fleet.\"Odd \"\"Näme\" VALUES (1), (NULL)",
        "CREATE TABLE fleet.empty(x int)",
        "CREATE TABLE fleet.log(id int, at date) PARTITION BY RANGE (at)",
        "CREATE TABLE fleet.log_1 PARTITION OF fleet.log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
        "CREATE TABLE fleet.log_2 PARTITION OF fleet.log DEFAULT",
        "CREATE INDEX ON fleet.log(id)",
        "INSERT INTO fleet.log SELECT n, date '2025-12-20' + n FROM generate_series(1, 20) n",
        "CREATE TABLE fleet.child(more int) INHERITS (fleet.empty)",
        "INSERT INTO fleet.child VALUES (1, 2)",
        "CREATE VIEW fleet.names WITH (security_barrier) AS SELECT name FROM fleet.ships",
        "CREATE MATERIALIZED VIEW fleet.counts AS SELECT count(*) AS n FROM fleet.log",
        "CREATE MATERIALIZED VIEW fleet.unfilled AS SELECT 1 AS x WITH NO DATA",
        "CREATE FUNCTION fleet.double(x int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN x * 2; END'",
        "CREATE PROCEDURE fleet.sail() LANGUAGE sql AS 'SELECT 1'",
        "CREATE AGGREGATE fleet.total(int) (sfunc = int4pl, stype = int, initcond = '0')",
        "CREATE FUNCTION fleet.stamp() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.x := 1; RETURN NEW; END$$",
        "CREATE TRIGGER stamp BEFORE INSERT ON fleet.empty FOR EACH ROW EXECUTE FUNCTION fleet.stamp()",
        "CREATE RULE quiet AS ON DELETE TO fleet.ships2 DO INSTEAD NOTHING",
        "CREATE SEQUENCE fleet.numbers START 5 INCREMENT 7",
        "SELECT nextval('fleet.numbers'), nextval('fleet.numbers')",
        "ALTER TABLE fleet.ships ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON fleet.ships FOR SELECT TO sailor, \"Harbour Master\" USING (crew > 1)",
        "GRANT USAGE ON SCHEMA fleet TO sailor",
        "GRANT SELECT, UPDATE (name) ON fleet.ships TO sailor WITH GRANT OPTION",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA fleet GRANT SELECT ON TABLES TO sailor",
        "ALTER TABLE fleet.ships OWNER TO \"Harbour Master\"",
        "COMMENT ON TABLE fleet.ships IS 'all of ''em'",
        "CREATE STATISTICS fleet.st ON id, at FROM fleet.log",
        "SELECT lo_from_bytea(0, 'a large object'), lo_create(424242)",
        "GRANT SELECT ON LARGE OBJECT 424242 TO sailor",
        "CREATE EVENT TRIGGER watch ON sql_drop EXECUTE FUNCTION fleet.watch()"
            .replace(
                "CREATE EVENT",
                "CREATE FUNCTION fleet.watch() RETURNS event_trigger LANGUAGE plpgsql AS"
                    + " 'BEGIN END'; CREATE EVENT"));
  }

  /** Rows, positions of sequences, definitions, owners and privileges, as text. */
  static List<String> everything(Server server, String database) throws SQLException {
    List<String> all = new ArrayList<>();
    for (String table : server.query(
        database,
        "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname !~ '^(pg_|information)'"
            + " AND (c.relkind <> 'm' OR c.relispopulated) ORDER BY 1")) {
      for (String row : server.query(database, "SELECT t::text FROM " + table + " t ORDER BY 1")) {
        all.add(table + ": " + row);
      }
    }
    for (String sequence : server.query(
        database, "SELECT c.oid::regclass FROM pg_class c WHERE c.relkind = 'S' ORDER BY 1")) {
      all.addAll(server.query(
          database, "SELECT '" + sequence + " ' || last_value || is_called FROM " + sequence));
    }
    all.addAll(
        server.query(
            database,
            "SELECT c.relname || ' ' || c.relkind::text || ' ' || pg_get_userbyid(c.relowner) || ' '"
                + " || coalesce((SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(c.relacl) a), '')"
                + " || c.relrowsecurity || coalesce(pg_get_viewdef(c.oid), '') || coalesce(obj_description(c.oid, 'pg_class'), '')"
                + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^(pg_|information)' ORDER BY 1"));
    all.addAll(
        server.query(
            database,
            "SELECT attrelid::regclass || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || attnotnull || attidentity::text"
                + " || attgenerated::text || coalesce((SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum), '')"
                + " || coalesce(attacl::text, '') FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped"
                + " AND attrelid IN (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname !~ '^(pg_|information)') ORDER BY 1"));
    all.addAll(
        server.query(
            database,
            "SELECT conrelid::regclass || conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0 ORDER BY 1"));
    all.addAll(
        server.query(
            database,
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid IN (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^pg_') ORDER BY 1"));
    all.addAll(server.query(
        database,
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"));
    all.addAll(
        server.query(
            database,
            "SELECT polname || polrelid::regclass || polroles::regrole[]::text || pg_get_expr(polqual, polrelid) FROM pg_policy ORDER BY 1"));
    all.addAll(
        server.query(
            database,
            "SELECT p.oid::regprocedure::text || prosrc FROM pg_proc p WHERE pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname = 'fleet') ORDER BY 1"));
    all.addAll(
        server.query(
            database,
            "SELECT t.oid::regtype::text || typtype::text FROM pg_type t WHERE typnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = 'fleet') ORDER BY 1"));
    all.addAll(server.query(
        database,
        "SELECT enumtypid::regtype || ' ' || enumlabel || enumsortorder FROM pg_enum ORDER BY 1"));
    all.addAll(server.query(database, "SELECT extname || extversion FROM pg_extension ORDER BY 1"));
    all.addAll(
        server.query(
            database,
            "SELECT nspname || pg_get_userbyid(nspowner) || coalesce(nspacl::text, '') FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)' ORDER BY 1"));
    all.addAll(server.query(
        database, "SELECT defaclrole::regrole || defaclacl::text FROM pg_default_acl ORDER BY 1"));
    all.addAll(
        server.query(database, "SELECT evtname || evtevent FROM pg_event_trigger ORDER BY 1"));
    all.addAll(
        server.query(
            database,
            "SELECT m.oid || coalesce(lomacl::text, '') || encode(lo_get(m.oid), 'hex') FROM pg_largeobject_metadata m ORDER BY 1"));
    all.addAll(server.query(
        database,
        "SELECT rulename || definition FROM pg_rules WHERE schemaname = 'fleet' ORDER BY 1"));
    return all;
  }
}
