/**
 * Who can read a backup, and what proves who wrote it. Published constructions only; the bytes are described in section 7 of
 * FORMAT.md. Hosts meet {@link dev.lifeboat.crypto.Encryption} and the keys it is made of. Sees codec and json.
 */
package dev.lifeboat.crypto;
