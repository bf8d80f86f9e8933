package dev.lifeboat.sqlite;

/** The version of the SQLite library. */
record SqliteVersion(int major, int minor, int patch) {
  static SqliteVersion of(String text) {
    String[] numbers = text.split("\\.", -1);
    return new SqliteVersion(number(numbers, 0), number(numbers, 1), number(numbers, 2));
  }

  /** Whether it has the WAL-reset bug that came with WAL in 3.7.0 and was mended in 3.51.3. */
  boolean mayCorruptWal() {
    return major == 3 && (minor < 51 || (minor == 51 && patch < 3));
  }

  private static int number(String[] numbers, int index) {
    return index < numbers.length ? Integer.parseInt(numbers[index]) : 0;
  }
}
