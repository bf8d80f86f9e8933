package dev.lifeboat.postgres;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * What was live before a restore and is kept under another name, so that it can be looked at and brought back.
 *
 * @param name its name now; nobody can connect before {@code ALTER DATABASE … ALLOW_CONNECTIONS true}
 * @param since when it was replaced
 * @param bytes what it takes on the server's disk; empty if the role may not ask
 */
public record KeptDatabase(String name, Instant since, OptionalLong bytes) {}
