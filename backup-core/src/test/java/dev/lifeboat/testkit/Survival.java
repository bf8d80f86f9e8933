package dev.lifeboat.testkit;

import java.util.Random;

/** What of the unsynced operations a power cut leaves. */
interface Survival {
  Survival NONE = new Survival() {
    @Override
    public boolean ofName() {
      return false;
    }

    @Override
    public DiskNode.Edit of(DiskNode.Edit edit) {
      return edit.nothing();
    }
  };

  Survival ALL = new Survival() {
    @Override
    public boolean ofName() {
      return true;
    }

    @Override
    public DiskNode.Edit of(DiskNode.Edit edit) {
      return edit;
    }
  };

  /** Whether the next change of names, or of permissions, survives. */
  boolean ofName();

  /** What is left of this. */
  DiskNode.Edit of(DiskNode.Edit edit);

  /** Each on its own by chance; a write also torn, or with nothing in it. How many survive is a matter of chance too. */
  static Survival random(long seed) {
    Random random = new Random(seed);
    int ofTen = 1 + random.nextInt(9);
    return new Survival() {
      @Override
      public boolean ofName() {
        return random.nextInt(10) < ofTen;
      }

      @Override
      public DiskNode.Edit of(DiskNode.Edit edit) {
        if (random.nextInt(10) >= ofTen) {
          return edit.nothing();
        }
        return switch (random.nextInt(4)) {
          case 0, 1 -> edit;
          case 2 -> edit.blank();
          default ->
            edit.torn(random.nextInt(edit.length() + 1), random.nextBoolean() ? 512 : 4096);
        };
      }
    };
  }
}
