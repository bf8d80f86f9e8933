package dev.lifeboat.testkit;

import dev.lifeboat.CreateRequest;
import dev.lifeboat.RestoreRequest;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import java.util.ArrayList;
import java.util.List;

/** What is done in a {@link Harbour} with five backups while something fails. */
public enum Errand {
  /** Makes a backup in two parts; nothing on this machine knows of the series yet. */
  CREATE {
    @Override
    void run(Harbour harbour) {
      harbour.backups().create(Reason.MANUAL);
    }
  },
  /** Makes a pinned one. */
  CREATE_PINNED {
    @Override
    void run(Harbour harbour) {
      harbour.backups().create(CreateRequest.of(Reason.MANUAL).pinned("for the audit"));
    }
  },
  /** Lets two of the five go. */
  PRUNE {
    @Override
    void run(Harbour harbour) {
      harbour.backups().prune();
    }

    @Override
    List<BackupId> safe(Harbour harbour) {
      return harbour.sea().subList(0, 3);
    }
  },
  /** Deletes the third by force. */
  DELETE {
    @Override
    void run(Harbour harbour) {
      harbour.backups().forceDelete(harbour.sea().get(2), "not needed any more");
    }

    @Override
    List<BackupId> safe(Harbour harbour) {
      List<BackupId> safe = new ArrayList<>(harbour.sea());
      safe.remove(2);
      return safe;
    }
  },
  /** Proves the newest by its content. */
  VERIFY {
    @Override
    void run(Harbour harbour) {
      harbour.backups().verify(harbour.sea().get(0), Depth.CONTENT);
    }
  },
  /** Proves the newest by a drill. */
  DRILL {
    @Override
    void run(Harbour harbour) {
      harbour.backups().verify(harbour.sea().get(0), Depth.DRILL);
    }
  },
  /** Brings the second back in place of what is live. */
  RESTORE {
    @Override
    void run(Harbour harbour) {
      harbour.backups().restore(harbour.sea().get(1));
    }
  },
  /** Brings the second back beside what is live. */
  RESTORE_ELSEWHERE {
    @Override
    void run(Harbour harbour) {
      harbour
          .backups()
          .restore(RestoreRequest.elsewhere(
              harbour.sea().get(1), "orders", harbour.elsewhere().target()));
    }
  };

  abstract void run(Harbour harbour);

  /** Which of the five are there whatever happens: all but those that are to go. */
  List<BackupId> safe(Harbour harbour) {
    return harbour.sea();
  }

  /** Whether it makes a backup. */
  boolean makes() {
    return this == CREATE || this == CREATE_PINNED || this == RESTORE;
  }

  /** Whether it takes backups away. */
  boolean takes() {
    return this == PRUNE || this == DELETE;
  }

  /** Whether it is the first that this machine does with the series. */
  boolean isFirst() {
    return this == CREATE;
  }
}
