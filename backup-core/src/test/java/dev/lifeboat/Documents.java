package dev.lifeboat;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.source.Snapshot;
import dev.lifeboat.source.UnprovenException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A source whose live data is an array, and whose every step can be made to fail. */
final class Documents implements BackupSource {
  private final String name;
  byte @Nullable [] live;

  @Nullable
  IOException failOpen;

  @Nullable
  IOException failCapture;

  @Nullable
  IOException failExamine;

  @Nullable
  IOException failWrite;

  @Nullable
  IOException failStage;

  @Nullable
  IOException failCheck;

  @Nullable
  IOException failApply;

  @Nullable
  IOException failUndo;

  boolean applyBeforeFailing;
  long rows = 1;
  String gap = "";

  Documents(String name, byte[] live) {
    this.name = name;
    this.live = live;
  }

  /** One without live data. */
  static Documents none(String name) {
    Documents none = new Documents(name, new byte[0]);
    none.live = null;
    return none;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String type() {
    return "document";
  }

  @Override
  public String suffix() {
    return "doc";
  }

  @Override
  public Snapshot open(Path scratch) throws IOException {
    fail(failOpen);
    byte @Nullable [] state = live;
    if (state == null) {
      throw new IOException("there is no document");
    }
    Files.write(scratch.resolve("copy"), state);
    return new Snapshot() {
      @Override
      public void capture() throws IOException {
        fail(failCapture);
      }

      @Override
      public Facts examine() throws IOException {
        fail(failExamine);
        return Facts.counting("rows", rows);
      }

      @Override
      public Facts writeTo(OutputStream out) throws IOException {
        out.write(state, 0, state.length / 2);
        fail(failWrite);
        out.write(state, state.length / 2, state.length - state.length / 2);
        Facts facts = Facts.NONE.value("length", Integer.toString(state.length));
        return gap.isEmpty() ? facts : facts.gap(gap);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public RestoreTarget target() {
    return new Target();
  }

  /** The live array, or another that nobody uses yet. */
  final class Target implements RestoreTarget {
    @Override
    public String type() {
      return "document";
    }

    @Override
    public String description() {
      return "the document " + name;
    }

    @Override
    public boolean holdsData() {
      return live != null;
    }

    @Override
    public RestoreTarget overBroken() {
      return this;
    }

    @Override
    public void stage(InputStream content, Facts recorded, Path staging) throws IOException {
      fail(failStage);
      Files.copy(content, staging.resolve("new"));
    }

    @Override
    public Facts check(Path staging) throws IOException {
      if (failCheck != null) {
        throw new UnprovenException(String.valueOf(failCheck.getMessage()), failCheck);
      }
      return Facts.counting("rows", rows)
          .value("length", Long.toString(Files.size(staging.resolve("new"))));
    }

    @Override
    public void apply(Path staging) throws IOException {
      if (failApply != null && !applyBeforeFailing) {
        throw failApply;
      }
      if (live != null) {
        Path part =
            Files.write(staging.resolve("old.part"), live); // an interrupt may leave half of it
        Files.move(part, staging.resolve("old"), StandardCopyOption.REPLACE_EXISTING);
      }
      live = Files.readAllBytes(staging.resolve("new"));
      fail(failApply);
    }

    @Override
    public void undo(Path staging) throws IOException {
      fail(failUndo);
      if (Files.exists(staging.resolve("old"))) {
        live = Files.readAllBytes(staging.resolve("old"));
      }
    }
  }

  boolean isLive(byte[] expected) {
    return Arrays.equals(live, expected);
  }

  private static void fail(@Nullable IOException failure) throws IOException {
    if (failure != null) {
      throw failure;
    }
  }
}
