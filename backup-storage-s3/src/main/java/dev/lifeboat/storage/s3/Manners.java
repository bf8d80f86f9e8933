package dev.lifeboat.storage.s3;

/**
 * What a store was found to do.
 *
 * @param conditional it honours {@code If-None-Match: *}, so a put never replaces
 * @param checksums it takes an {@code x-amz-checksum-sha256}
 * @param verifies it refuses bytes that have another one, so its answer tells what it computed, not what it was sent
 */
record Manners(boolean conditional, boolean checksums, boolean verifies) {}
