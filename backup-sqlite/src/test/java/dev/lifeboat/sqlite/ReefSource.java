package dev.lifeboat.sqlite;

import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.source.Snapshot;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/** A source of which every step of its snapshots and of its target is a reef. */
record ReefSource(BackupSource source, Reefs reefs) implements BackupSource {
  @Override
  public String name() {
    return source.name();
  }

  @Override
  public String type() {
    return source.type();
  }

  @Override
  public String suffix() {
    return source.suffix();
  }

  @Override
  public Snapshot open(Path scratch) throws IOException {
    String call = reefs.before("snapshot");
    Snapshot snapshot = source.open(scratch);
    reefs.after(call);
    return new ReefSnapshot(snapshot, reefs);
  }

  @Override
  public RestoreTarget target() {
    return new ReefTarget(source.target(), reefs);
  }

  private record ReefSnapshot(Snapshot snapshot, Reefs reefs) implements Snapshot {
    @Override
    public void capture(LongConsumer progress) throws IOException {
      String call = reefs.before("capture");
      snapshot.capture(bytes -> {
        reefs.within(call);
        progress.accept(bytes);
      });
      reefs.after(call);
    }

    @Override
    public OptionalLong estimate() {
      return snapshot.estimate();
    }

    @Override
    public Facts examine() throws IOException {
      String call = reefs.before("examine");
      Facts facts = snapshot.examine();
      reefs.after(call);
      return facts;
    }

    @Override
    public Facts writeTo(OutputStream out) throws IOException {
      String call = reefs.before("write");
      Facts facts = snapshot.writeTo(new FilterOutputStream(out) {
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          int half = length / 2;
          out.write(bytes, offset, half);
          reefs.within(call);
          out.write(bytes, offset + half, length - half);
        }
      });
      reefs.after(call);
      return facts;
    }

    @Override
    public void close() throws IOException {
      String call = reefs.before("close");
      snapshot.close();
      reefs.after(call);
    }
  }

  private record ReefTarget(RestoreTarget target, Reefs reefs) implements RestoreTarget {
    @Override
    public String type() {
      return target.type();
    }

    @Override
    public String description() {
      return target.description();
    }

    @Override
    public boolean holdsData() throws IOException {
      return target.holdsData();
    }

    @Override
    public Space spaceFor(long contentSize) throws IOException {
      return target.spaceFor(contentSize);
    }

    @Override
    public RestoreTarget overBroken() {
      return new ReefTarget(target.overBroken(), reefs);
    }

    @Override
    public RestoreTarget thorough() {
      return new ReefTarget(target.thorough(), reefs);
    }

    @Override
    public void stage(InputStream content, Facts recorded, Path staging) throws IOException {
      String call = reefs.before("stage");
      InputStream halved = new FilterInputStream(content) {
        private boolean begun;

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
          if (begun) {
            reefs.within(call);
          }
          begun = true;
          return super.read(buffer, offset, length);
        }
      };
      target.stage(halved, recorded, staging);
      reefs.after(call);
    }

    @Override
    public Facts check(Path staging) throws IOException {
      String call = reefs.before("check");
      Facts facts = target.check(staging);
      reefs.after(call);
      return facts;
    }

    @Override
    public void apply(Path staging) throws IOException {
      String call = reefs.before("apply");
      target.apply(staging);
      reefs.after(call);
    }

    @Override
    public void undo(Path staging) throws IOException {
      String call = reefs.before("undo");
      target.undo(staging);
      reefs.after(call);
    }

    @Override
    public void discard(Path staging) throws IOException {
      String call = reefs.before("discard");
      target.discard(staging);
      reefs.after(call);
    }
  }
}
