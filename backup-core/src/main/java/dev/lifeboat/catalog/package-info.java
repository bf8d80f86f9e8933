/** What a backup is, as values: no I/O, no engine. Sees source (facts), sink (names, digests) and json. */
package dev.lifeboat.catalog;
