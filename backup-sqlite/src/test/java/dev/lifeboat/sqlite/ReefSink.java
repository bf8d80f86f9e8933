package dev.lifeboat.sqlite;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A sink whose every call is a reef, before and after it has had its effect, and a put also in the middle. */
record ReefSink(BackupSink sink, Reefs reefs) implements BackupSink {
  @Override
  public StoredObject put(ObjectName name, Content content) throws IOException {
    String call = reefs.before("put");
    StoredObject stored = sink.put(name, new Halved(content, reefs, call));
    reefs.after(call);
    return stored;
  }

  @Override
  public InputStream open(ObjectName name) throws IOException {
    String call = reefs.before("open");
    InputStream in = sink.open(name);
    reefs.after(call);
    return in;
  }

  @Override
  public List<StoredObject> list(String folder) throws IOException {
    String call = reefs.before("list");
    List<StoredObject> listed = sink.list(folder);
    reefs.after(call);
    return listed;
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    String call = reefs.before("delete");
    sink.delete(name);
    reefs.after(call);
  }

  @Override
  public boolean exclusivePut() throws IOException {
    return sink.exclusivePut();
  }

  @Override
  public String description() {
    return sink.description();
  }

  /** The reef is passed when some of it has been read, and not all. */
  private record Halved(Content content, Reefs reefs, String call) implements Content {
    @Override
    public Digest digest() {
      return content.digest();
    }

    @Override
    public InputStream open() throws IOException {
      return new FilterInputStream(content.open()) {
        private boolean begun;

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
          if (begun) {
            reefs.within(call);
          }
          begun = true;
          return super.read(buffer, offset, Math.min(length, (int) Math.max(1, size() / 2)));
        }
      };
    }
  }
}
