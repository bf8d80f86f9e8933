package dev.lifeboat.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lifeboat.BackupException;
import dev.lifeboat.Backups;
import dev.lifeboat.CreateRequest;
import dev.lifeboat.RestoreRequest;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.storage.local.Promises.Kind;
import java.util.List;

/** What is done while the power may fail at any moment, and what it promises on the way. */
enum Journey {
  /** Neither the sink's directory nor the work directory is there. */
  FIRST_CREATE {
    @Override
    void go(Machine machine, Promises promises) {
      made(promises, machine.make(machine.backups(), 500));
    }
  },
  /** Nobody knows this machine, and the sink is full of backups. */
  FIRST_WORK_DIRECTORY {
    @Override
    void go(Machine machine, Promises promises) {
      Backups backups = machine.backups();
      backups.list();
      made(promises, machine.make(backups, 500));
    }
  },
  CREATE {
    @Override
    void go(Machine machine, Promises promises) {
      made(promises, machine.make(machine.backups(), Machine.PART + 700));
    }
  },
  CREATE_PINNED {
    @Override
    void go(Machine machine, Promises promises) {
      Backup backup =
          machine.backups().create(CreateRequest.of(Reason.MANUAL).pinned("for the audit"));
      made(promises, machine.remembered(backup));
      promises.add(Kind.PINNED, backup.id());
    }
  },
  PRUNE {
    @Override
    void go(Machine machine, Promises promises) {
      prune(machine.backups(), promises);
      assertThat(promises.of(Kind.GONE, Integer.MAX_VALUE)).hasSize(1);
    }
  },
  DELETE {
    @Override
    void go(Machine machine, Promises promises) {
      Backups backups = machine.backups();
      BackupId id = backups.list().get(1).id();
      promises.add(Kind.GOING, id);
      backups.forceDelete(id, "not needed any more");
      promises.add(Kind.GONE, id);
    }
  },
  PIN {
    @Override
    void go(Machine machine, Promises promises) {
      Backups backups = machine.backups();
      BackupId id = backups.list().get(0).id();
      backups.pin(id, "for the audit");
      promises.add(Kind.PINNED, id);
    }
  },
  UNPIN {
    @Override
    void go(Machine machine, Promises promises) {
      Backups backups = machine.backups();
      for (Backup backup : backups.list()) {
        if (backup.isPinned()) {
          promises.add(Kind.UNPINNING, backup.id());
          backups.unpin(backup.id());
          promises.add(Kind.UNPINNED, backup.id());
        }
      }
    }
  },
  VERIFY {
    @Override
    void go(Machine machine, Promises promises) {
      Backups backups = machine.backups();
      BackupId id = backups.list().get(0).id();
      backups.verify(id, Depth.CONTENT);
      promises.add(Kind.PROVEN, id);
    }
  },
  DRILL {
    @Override
    void go(Machine machine, Promises promises) {
      Backups backups = machine.backups();
      BackupId id = backups.list().get(0).id();
      backups.verify(id, Depth.DRILL);
      promises.add(Kind.PROVEN, id);
    }
  },
  /** With the backup of what is live that comes first. */
  RESTORE {
    @Override
    void go(Machine machine, Promises promises) {
      Backups backups = machine.backups();
      byte[] live = machine.live();
      Backup before = backups.restore(backups.list().get(1).id()).before().orElseThrow();
      machine.remember(before.id(), live);
      promises.add(Kind.MADE, before.id());
    }
  },
  /** Which can be neither ended nor undone: somebody must put things right by hand. */
  STUCK_RESTORE {
    @Override
    void go(Machine machine, Promises promises) {
      Backups backups = machine.backups();
      BackupId id = backups.list().get(1).id();
      machine.refuses();
      RestoreRequest request = RestoreRequest.inPlace(id).withoutBackupBefore();
      assertThatExceptionOfType(BackupException.class)
          .isThrownBy(() -> backups.restore(request))
          .matches(e -> e.kind() == BackupException.Kind.STUCK);
      promises.add(Kind.STUCK, id);
    }
  },
  /** What a host does every night. */
  CREATE_AND_PRUNE {
    @Override
    void go(Machine machine, Promises promises) {
      Backups backups = machine.backups();
      made(promises, machine.make(backups, 500));
      prune(backups, promises);
    }
  };

  abstract void go(Machine machine, Promises promises);

  boolean hasWorkDirectory() {
    return this != FIRST_WORK_DIRECTORY;
  }

  /** Whether another has not been there already: every create begins like the one before it. */
  boolean isNewAt(Promises promises, int after) {
    return this != CREATE_AND_PRUNE || !promises.of(Kind.MADE, after).isEmpty();
  }

  /** How many backups are there before. The oldest is of two parts; of four it is one too many. */
  int backups() {
    return switch (this) {
      case FIRST_CREATE -> 0;
      case FIRST_WORK_DIRECTORY -> 1;
      default -> 4;
    };
  }

  private static void made(Promises promises, Backup backup) {
    promises.add(Kind.MADE, backup.id());
  }

  private static void prune(Backups backups, Promises promises) {
    RetentionPlan plan = backups.planPrune();
    List<BackupId> going =
        plan.removed().stream().map(each -> each.backup().id()).toList();
    promises.addAll(Kind.GOING, going);
    backups.prune(plan);
    promises.addAll(Kind.GONE, going);
  }
}
