package dev.lifeboat.storage.webdav;

import java.time.Instant;

/**
 * What a server tells of a file or a collection.
 *
 * @param name its last segment, as a server may give it: anything
 * @param size 0 of a collection
 * @param time {@link HttpDate#UNKNOWN} where the server tells none
 */
record Entry(String name, boolean isCollection, long size, Instant time) {}
