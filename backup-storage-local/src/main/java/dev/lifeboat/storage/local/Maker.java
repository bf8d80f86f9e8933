package dev.lifeboat.storage.local;

import dev.lifeboat.sink.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The process that makes a part, told in the part's name as far as others can use it: which machine, which run of its
 * system, or of a container in it, and the process' number there. Who finds a part can so tell that nobody is writing it
 * any more. Where the system has no such names (it is not Linux), or shows processes by other numbers than their own
 * (its {@code /proc} is that of another container), nothing is told, and parts go when they are old.
 */
final class Maker {
  private static final Pattern TOLD = Pattern.compile("\\.([0-9a-f]{16})-([0-9]{1,18})\\..+");

  private final String here;

  private Maker(String here) {
    this.here = here;
  }

  /** This process, or one beside it. */
  static Maker here() {
    return under(Path.of("/"));
  }

  /** The same on a system whose files lie here. */
  static Maker under(Path root) {
    try {
      Path proc = root.resolve("proc");
      if (!showsProcesses(proc)) {
        return new Maker("");
      }
      // machines that were cloned while they ran share all but the host name
      String system = machine(root)
          + Files.readString(proc.resolve("sys/kernel/hostname"))
          + Files.readString(proc.resolve("sys/kernel/random/boot_id"))
          + Files.readSymbolicLink(proc.resolve("self/ns/pid"));
      return new Maker(
          Digest.of(system.getBytes(StandardCharsets.UTF_8)).sha256().substring(0, 16));
    } catch (IOException | RuntimeException e) {
      return new Maker("");
    }
  }

  /** Whether processes are seen there, and by the numbers they have for us. */
  private static boolean showsProcesses(Path proc) throws IOException {
    long own = ProcessHandle.current().pid();
    return Files.readSymbolicLink(proc.resolve("self")).toString().equals(Long.toString(own))
        && ProcessHandle.of(own).isPresent();
  }

  private static String machine(Path root) throws IOException {
    try {
      return Files.readString(root.resolve("etc/machine-id"));
    } catch (NoSuchFileException e) {
      return "";
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
