package dev.lifeboat.postgres;

import dev.lifeboat.catalog.Text;
import dev.lifeboat.source.Facts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * What lies in a staging directory. Every file comes to its name by a rename when it is whole and on the disk, so that one
 * which is there can be relied on, also after a crash. Nobody but its owner can read any.
 */
record Staging(Path directory) {
  /** The content to be restored. */
  Path archive() {
    return directory.resolve("archive");
  }

  /** What of the archive is restored, entry by entry. */
  Path list() {
    return directory.resolve("list");
  }

  /** A dump of what was live before a restore in place. */
  Path old() {
    return directory.resolve("old");
  }

  /** Where {@link #old} is made. */
  Path oldPart() throws IOException {
    Path part = directory.resolve("old.part");
    Files.deleteIfExists(part);
    Files.createFile(part, PrivateFile.attributes(directory));
    return part;
  }

  void keepOld(Path part) throws IOException {
    sync(part);
    rename(part, old());
  }

  void keep(InputStream content) throws IOException {
    write("archive", content);
  }

  Optional<RestorePlan> plan() throws IOException {
    Optional<String> text = text("plan");
    return text.isPresent() ? Optional.of(RestorePlan.parse(text.get())) : Optional.empty();
  }

  /** @throws IOException if nothing was staged here */
  RestorePlan requirePlan() throws IOException {
    return plan()
        .orElseThrow(() -> new IOException("The staging directory "
            + Text.printable(directory.toString())
            + " holds no complete copy; nothing was changed."));
  }

  void keep(RestorePlan plan) throws IOException {
    keep("plan", plan.asText());
  }

  /** A text of a name of its own. */
  Optional<String> text(String name) throws IOException {
    Path file = directory.resolve(name);
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  void keep(String name, String text) throws IOException {
    write(name, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  void forget(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
    syncDirectory();
  }

  /** Values of a name of their own. */
  Optional<Map<String, String>> values(String name) throws IOException {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Properties all = new Properties();
    all.load(new StringReader(text.get()));
    Map<String, String> values = new TreeMap<>();
    all.stringPropertyNames().forEach(key -> values.put(key, all.getProperty(key)));
    return Optional.of(values);
  }

  void keep(String name, Map<String, String> values) throws IOException {
    Properties all = new Properties();
    all.putAll(values);
    StringWriter text = new StringWriter();
    all.store(text, null);
    keep(name, text.toString());
  }

  void keep(Facts recorded) throws IOException {
    Map<String, String> all = new TreeMap<>();
    recorded.counts().forEach((what, number) -> all.put("count " + what, number.toString()));
    recorded.values().forEach((what, text) -> all.put("value " + what, text));
    keep("recorded", all);
  }

  /** What must be found again. */
  Facts recorded() throws IOException {
    Facts facts = Facts.NONE;
    Set<Map.Entry<String, String>> all = values("recorded").orElse(Map.of()).entrySet();
    for (Map.Entry<String, String> each : all) {
      String what = each.getKey().substring("count ".length());
      facts = each.getKey().startsWith("count ")
          ? facts.count(what, Long.parseLong(each.getValue()))
          : facts.value(what, each.getValue());
    }
    return facts;
  }

  private void write(String name, InputStream content) throws IOException {
    Path part = directory.resolve(name + ".part");
    Files.deleteIfExists(part);
    Files.createFile(part, PrivateFile.attributes(directory));
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      content.transferTo(Channels.newOutputStream(channel));
      channel.force(true);
    }
    rename(part, directory.resolve(name));
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private void rename(Path part, Path name) throws IOException {
    Files.move(part, name, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory();
  }

  /** Windows has no such thing, and needs none. */
  private void syncDirectory() throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(directory, StandardOpenOption.READ);
    } catch (IOException e) {
      return;
    }
    try (channel) {
      channel.force(true);
    }
  }
}
