package dev.lifeboat.postgres;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a child process is started with. Nothing secret is in it: any user of the machine can read arguments.
 *
 * @param program absolute
 * @param deadline for all of its life; its whole tree is killed then
 */
record Command(Path program, List<String> arguments, Duration deadline) {
  /** What a child may know of its surroundings; everything else stays with us, above all PG* and secrets of the host. */
  private static final Set<String> KEPT = Set.of(
      "PATH",
      "HOME",
      "USER",
      "LOGNAME",
      "TMPDIR",
      "TEMP",
      "TMP",
      "SYSTEMROOT",
      "USERPROFILE",
      "APPDATA",
      "LD_LIBRARY_PATH",
      "DYLD_LIBRARY_PATH",
      "KRB5CCNAME",
      "KRB5_CONFIG",
      "OPENSSL_CONF",
      "SSL_CERT_FILE",
      "SSL_CERT_DIR");

  Command {
    if (!program.isAbsolute()) {
      throw new IllegalArgumentException("program must be absolute, was " + program);
    }
    arguments = List.copyOf(arguments);
  }

  /** For messages: the program's own name. */
  String name() {
    return String.valueOf(program.getFileName());
  }

  List<String> line() {
    List<String> line = new ArrayList<>();
    line.add(program.toString());
    line.addAll(arguments);
    return line;
  }

  /** The child's environment, made from ours. */
  static Map<String, String> environment(Map<String, String> ours) {
    Map<String, String> environment = new HashMap<>();
    ours.forEach((name, value) -> {
      if (KEPT.contains(name.toUpperCase(Locale.ROOT))) {
        environment.put(name, value);
      }
    });
    environment.put("LC_ALL", "C");
    return environment;
  }

  /** @throws IOException if an argument has characters that this JVM would turn into question marks */
  void requireArgumentsCanBeSaid() throws IOException {
    Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    for (String argument : arguments) {
      if (!charset.newEncoder().canEncode(argument)) {
        throw new IOException("This JVM cannot pass the name in \"" + argument + "\" to " + name()
            + ": it was started with the character set " + charset
            + ". Start it with LC_ALL=C.UTF-8. Nothing was started.");
      }
    }
  }
}
