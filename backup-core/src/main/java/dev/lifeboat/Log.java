package dev.lifeboat;

import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one logger of the entry, {@code dev.lifeboat}: INFO for what an operator wants to read, never a secret. Whatever is
 * put into a message stays on its line.
 */
final class Log {
  private static final Logger LOGGER = LoggerFactory.getLogger("dev.lifeboat");

  private static final int MOST_CAUSES = 10;
  private static final int MOST_SUPPRESSED = 10;
  private static final int MOST_CAUSES_OF_SUPPRESSED = 2;

  private Log() {}

  static void debug(String message, Object... arguments) {
    if (LOGGER.isDebugEnabled()) {
      LOGGER.debug(message, printable(arguments));
    }
  }

  static void info(String message, Object... arguments) {
    if (LOGGER.isInfoEnabled()) {
      LOGGER.info(message, printable(arguments));
    }
  }

  static void warn(String message, Object... arguments) {
    if (LOGGER.isWarnEnabled()) {
      LOGGER.warn(message, printable(arguments));
    }
  }

  private static Object[] printable(Object... arguments) {
    return Arrays.stream(arguments)
        .map(argument -> argument instanceof Throwable e
            ? Shown.of(e)
            : Words.printable(String.valueOf(argument)))
        .toArray();
  }

  /** What a host's part has thrown: where and why, in words that stay on their lines. */
  static final class Shown extends Exception {
    private static final long serialVersionUID = 1;

    static Shown of(Throwable thrown) {
      return new Shown(thrown, MOST_CAUSES);
    }

    private Shown(Throwable thrown, int causes) {
      super(
          Words.printable(thrown.toString()),
          thrown.getCause() == null || causes == 0
              ? null
              : new Shown(thrown.getCause(), causes - 1));
      setStackTrace(thrown.getStackTrace());
      if (causes > 0) {
        int less = Math.min(causes - 1, MOST_CAUSES_OF_SUPPRESSED);
        Arrays.stream(thrown.getSuppressed())
            .limit(MOST_SUPPRESSED)
            .forEach(suppressed -> addSuppressed(new Shown(suppressed, less)));
      }
    }
  }
}
