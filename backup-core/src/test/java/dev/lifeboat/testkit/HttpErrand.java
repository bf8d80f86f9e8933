package dev.lifeboat.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One operation of a sink in an {@link HttpTrial}, while something on the way fails. */
enum HttpErrand {
  /** Keeps another object. */
  PUT {
    @Override
    void run(HttpTrial trial, BackupSink sink) throws IOException {
      sink.put(trial.name(), Content.of(trial.content()));
      assertArrayEquals(trial.content(), trial.stored().orElse(null), "what was put");
    }

    @Override
    void settle(HttpTrial trial, BackupSink sink) throws IOException {
      Optional<byte[]> stored = trial.stored();
      stored.ifPresent(bytes -> assertArrayEquals(trial.content(), bytes, "what is there"));
      if (stored.isPresent() || trial.isThorough()) {
        putAgain(trial, sink, stored);
      }
    }

    private void putAgain(HttpTrial trial, BackupSink sink, Optional<byte[]> stored)
        throws IOException {
      try {
        trial.putAgain(sink);
        assertTrue(stored.isEmpty(), "put again, though it was there");
      } catch (FileAlreadyExistsException e) {
        assertTrue(stored.isPresent(), () -> "cannot be put again: " + e);
      }
      assertArrayEquals(trial.content(), trial.stored().orElse(null), "what was put again");
      trial.direct().delete(trial.name());
    }
  },
  /** Reads an object that was there before. */
  OPEN {
    @Override
    void run(HttpTrial trial, BackupSink sink) throws IOException {
      byte[] read = SinkContents.kept(sink, trial.large());
      if (!trial.isBelieving()) {
        assertArrayEquals(trial.content(), read, "what was read");
      }
    }

    @Override
    void settle(HttpTrial trial, BackupSink sink) throws IOException {
      if (trial.isThorough()) {
        run(trial, sink);
      }
    }
  },
  /** Lists a folder. */
  LIST {
    @Override
    void run(HttpTrial trial, BackupSink sink) throws IOException {
      assertEquals(trial.earlier(), SinkContents.names(sink.list("earlier/")), "what was listed");
    }

    @Override
    void settle(HttpTrial trial, BackupSink sink) throws IOException {
      if (trial.isThorough()) {
        run(trial, sink);
      }
    }
  },
  /** Lists everything. */
  LIST_ALL {
    @Override
    void run(HttpTrial trial, BackupSink sink) throws IOException {
      List<String> all = new ArrayList<>(trial.earlier());
      all.add(trial.large().value());
      assertEquals(all, SinkContents.names(sink.list("")), "what was listed");
    }

    @Override
    void settle(HttpTrial trial, BackupSink sink) throws IOException {
      if (trial.isThorough()) {
        run(trial, sink);
      }
    }
  },
  /** Removes an object. */
  DELETE {
    @Override
    void prepare(HttpTrial trial) throws IOException {
      trial.direct().put(trial.name(), Content.of(trial.content()));
    }

    @Override
    void run(HttpTrial trial, BackupSink sink) throws IOException {
      sink.delete(trial.name());
      assertTrue(
          trial.stored().isEmpty() || trial.isBelieving(), "is there, though it was deleted");
    }

    @Override
    void settle(HttpTrial trial, BackupSink sink) throws IOException {
      trial.stored().ifPresent(bytes -> assertArrayEquals(trial.content(), bytes, "what is left"));
      sink.delete(trial.name());
      assertTrue(trial.stored().isEmpty(), "is there, though it was deleted again");
    }
  },
  /** Finds out whether a put can be exclusive. */
  EXCLUSIVE_PUT {
    @Override
    void run(HttpTrial trial, BackupSink sink) throws IOException {
      boolean promised = sink.exclusivePut();
      assertTrue(trial.direct().exclusivePut() || !promised, "promised, and cannot be kept");
    }

    @Override
    void settle(HttpTrial trial, BackupSink sink) throws IOException {
      assertEquals(trial.direct().exclusivePut(), sink.exclusivePut(), "what is found out later");
    }
  };

  /** What must be there before. */
  void prepare(HttpTrial trial) throws IOException {}

  /** Does it through this sink; if it returns, it is looked whether it was done. */
  abstract void run(HttpTrial trial, BackupSink sink) throws IOException;

  /** Looks what is left after it threw, or returned, does it again through a sink that works, and tidies up. */
  abstract void settle(HttpTrial trial, BackupSink sink) throws IOException;
}
