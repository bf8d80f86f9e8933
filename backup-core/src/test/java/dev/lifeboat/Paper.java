package dev.lifeboat;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.source.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A source whose live data is a text; at each of its steps a test can put something in. Notes every step in a log. */
final class Paper implements BackupSource {
  /** What happens at a step. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  private final String name;
  private final List<String> log;
  private final Map<String, Action> actions = new ConcurrentHashMap<>();
  volatile @Nullable String live;
  volatile String type = "paper";
  volatile String description;
  volatile Facts facts = Facts.NONE;
  volatile @Nullable Facts found;
  volatile long free = Long.MAX_VALUE;
  volatile boolean hasWayOverBroken = true;

  Paper(String name, String live) {
    this(name, live, Collections.synchronizedList(new ArrayList<>()));
  }

  Paper(String name, @Nullable String live, List<String> log) {
    this.name = name;
    this.live = live;
    this.log = log;
    this.description = "the paper " + name;
  }

  /** From now on this happens at a step: {@code open capture write target holds space stage check apply applied undo discard}. */
  Paper at(String step, Action action) {
    actions.put(step, action);
    return this;
  }

  /** Nothing happens at any step any more. */
  void heal() {
    actions.clear();
  }

  /** The failure {@code text}, for {@link #at}. */
  static Action failing(String text) {
    return () -> {
      throw new IOException(text);
    };
  }

  private void step(String step) throws IOException {
    log.add(name + " " + step);
    Action action = actions.get(step);
    if (action != null) {
      action.run();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public String suffix() {
    return "txt";
  }

  @Override
  public Snapshot open(Path scratch) throws IOException {
    step("open");
    String state = live;
    if (state == null) {
      throw new IOException("there is no paper");
    }
    Files.writeString(scratch.resolve("copy"), state);
    return new Snapshot() {
      @Override
      public void capture() throws IOException {
        step("capture");
      }

      @Override
      public Facts writeTo(OutputStream out) throws IOException {
        out.write(state.getBytes(StandardCharsets.UTF_8));
        step("write");
        return facts;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Target target() {
    try {
      step("target");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return new Target(null);
  }

  /** A target beside what is live, whose content comes to lie in this file. */
  Target file(Path file) {
    return new Target(file);
  }

  /** The live text, or a file. */
  final class Target implements RestoreTarget {
    private final @Nullable Path file;

    private Target(@Nullable Path file) {
      this.file = file;
    }

    @Override
    public String type() {
      return type;
    }

    @Override
    public String description() {
      return description;
    }

    @Override
    public boolean holdsData() throws IOException {
      step("holds");
      return read() != null;
    }

    @Override
    public Space spaceFor(long contentSize) throws IOException {
      step("space");
      return new Space(contentSize, free);
    }

    @Override
    public RestoreTarget overBroken() {
      return hasWayOverBroken ? this : RestoreTarget.super.overBroken();
    }

    @Override
    public void stage(InputStream content, Facts recorded, Path staging) throws IOException {
      step("stage");
      if (actions.containsKey("stage-half")) {
        Files.write(staging.resolve("new"), content.readNBytes(1));
        return;
      }
      try (content) {
        Files.copy(content, staging.resolve("new"));
      }
    }

    @Override
    public Facts check(Path staging) throws IOException {
      step("check");
      Facts seen = found;
      return seen == null ? facts : seen;
    }

    @Override
    public void apply(Path staging) throws IOException {
      step("apply");
      String before = read();
      if (before != null) {
        Files.writeString(staging.resolve("old"), before);
      }
      Files.createFile(staging.resolve("begun"));
      write(Files.readString(staging.resolve("new")));
      step("applied");
    }

    @Override
    public void undo(Path staging) throws IOException {
      step("undo");
      if (Files.exists(staging.resolve("begun"))) {
        Path old = staging.resolve("old");
        write(Files.exists(old) ? Files.readString(old) : null);
      }
    }

    @Override
    public void discard(Path staging) throws IOException {
      step("discard");
    }

    private @Nullable String read() throws IOException {
      return file == null ? live : Files.exists(file) ? Files.readString(file) : null;
    }

    private void write(@Nullable String text) throws IOException {
      if (file == null) {
        live = text;
      } else if (text == null) {
        Files.deleteIfExists(file);
      } else {
        Files.writeString(file, text);
      }
    }
  }
}
