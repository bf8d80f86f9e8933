package dev.lifeboat.storage.local;

import dev.lifeboat.sink.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The process that makes a part, told in the part's name as far as others can use it: which run of which machine's
 * system, or of a container in it, and the process' number there. Who finds a part can so tell that nobody is writing
 * it any more. Where the system has no such names (it is not Linux) nothing is told, and parts go when they are old.
 */
final class Maker {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path NUMBERS = Path.of("/proc/self/ns/pid");
  private static final Pattern TOLD = Pattern.compile("\\.([0-9a-f]{16})-([0-9]{1,18})\\..+");

  private final String here;

  private Maker(String here) {
    this.here = here;
  }

  /** This process, or one beside it. */
  static Maker here() {
    try {
      String system = Files.readString(BOOT) + Files.readSymbolicLink(NUMBERS);
      return new Maker(
          Digest.of(system.getBytes(StandardCharsets.UTF_8)).sha256().substring(0, 16));
    } catch (IOException | RuntimeException e) {
      return new Maker("");
    }
  }

  /** The beginning of the names of its parts. */
  String prefix() {
    return here.isEmpty() ? "." : "." + here + "-" + ProcessHandle.current().pid() + ".";
  }

  /** Whether a file of this name was made by a process beside this one that has ended. */
  boolean hasEnded(String fileName) {
    Matcher told = TOLD.matcher(fileName);
    return told.matches()
        && told.group(1).equals(here)
        && ProcessHandle.of(Long.parseLong(told.group(2))).isEmpty();
  }
}
