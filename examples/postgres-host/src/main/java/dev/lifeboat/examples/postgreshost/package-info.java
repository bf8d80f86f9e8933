/** A host with a live PostgreSQL database. */
@org.jspecify.annotations.NullMarked
package dev.lifeboat.examples.postgreshost;
