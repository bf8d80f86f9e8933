package dev.lifeboat;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one logger of the entry, {@code dev.lifeboat}: INFO for what an operator wants to read, never a secret. */
final class Log {
  private static final Logger LOGGER = LoggerFactory.getLogger("dev.lifeboat");

  private Log() {}

  static void debug(String message, Object... arguments) {
    LOGGER.debug(message, arguments);
  }

  static void info(String message, Object... arguments) {
    LOGGER.info(message, arguments);
  }

  static void warn(String message, Object... arguments) {
    LOGGER.warn(message, arguments);
  }
}
