package dev.lifeboat.sqlite;

import dev.lifeboat.catalog.Text;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A SQLite database that a backup is brought back into: one {@linkplain #live in use}, or a {@linkplain #file file} that
 * is not there yet.
 *
 * <p>A live database is replaced through SQLite, in one transaction: connections stay open, readers see all of the old
 * state or all of the new one, and so does whoever comes after {@code kill -9}. It keeps its journal mode. What was in
 * it before is kept in the staging directory until the restore is over. If it is locked for longer than the
 * {@linkplain #patience patience}, the restore fails and it is as it was.
 *
 * <p>A database in WAL mode whose page size is not the backup's can only be replaced while nobody else has it open.
 *
 * <p>Immutable and safe for several threads; the methods that look like setters give a changed copy.
 */
public final class SqliteTarget implements RestoreTarget {
  static final String TYPE = "sqlite";

  private enum Kind {
    LIVE,
    FILE,
    FILE_OVERWRITING
  }

  private final Place place;
  private final Kind kind;
  private final boolean overBroken;
  private final Proving proving;
  private final Patience patience;

  private SqliteTarget(
      Place place, Kind kind, boolean overBroken, Proving proving, Patience patience) {
    this.place = place;
    this.kind = kind;
    this.overBroken = overBroken;
    this.proving = proving;
    this.patience = patience;
  }

  static SqliteTarget of(Place place, Proving proving, Patience patience) {
    return new SqliteTarget(place, Kind.LIVE, false, proving, patience);
  }

  /**
   * A database in use, or the place where one was. If it is missing, it is put in, private to its owner (0600); a log or
   * journal left beside the place is kept aside as {@code <name>.aside-<n>-wal}.
   *
   * @param database its main file, on the default file system; its directory must exist
   * @throws IllegalArgumentException if it is on another file system, where SQLite cannot open it
   */
  public static SqliteTarget live(Path database) {
    Objects.requireNonNull(database, "database");
    return of(Place.of(database), Proving.DEFAULT, Patience.DEFAULT);
  }

  /**
   * A new file, private to its owner (0600). One that is there is refused, and so is a log or a journal without one.
   *
   * @param file on the default file system; its directory must exist
   * @throws IllegalArgumentException if it is on another file system, where SQLite cannot open it
   */
  public static SqliteTarget file(Path file) {
    Objects.requireNonNull(file, "file");
    return new SqliteTarget(Place.of(file), Kind.FILE, false, Proving.DEFAULT, Patience.DEFAULT);
  }

  /**
   * Replaces the file if it is there, whatever it holds. One with a log or a journal beside it is refused still, for it
   * may be in use: {@link #live} is for that.
   *
   * @throws IllegalStateException if this is not a {@link #file}
   */
  public SqliteTarget overwriting() {
    if (kind == Kind.LIVE) {
      throw new IllegalStateException("a live database is replaced anyway");
    }
    return new SqliteTarget(place, Kind.FILE_OVERWRITING, overBroken, proving, patience);
  }

  /**
   * Adds a check of the host, run on the staged copy before anything live is touched.
   *
   * @param what what must hold, for messages: {@code "orders exist"}
   * @throws IllegalArgumentException if there is one of this name
   */
  public SqliteTarget check(String what, SqliteSource.Check check) {
    return with(proving.and(what, check));
  }

  /** {@code integrity_check} instead of {@code quick_check}: about 15 s a GiB instead of 1.5 s. */
  public SqliteTarget fullIntegrityCheck() {
    return with(proving.with(Integrity.FULL));
  }

  /** Neither of the two; see {@link SqliteSource#noIntegrityCheck}. */
  public SqliteTarget noIntegrityCheck() {
    return with(proving.with(Integrity.NONE));
  }

  /**
   * How long a locked database is waited for. Default: 30 s.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public SqliteTarget patience(Duration duration) {
    return new SqliteTarget(place, kind, overBroken, proving, new Patience(duration));
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public String description() {
    return place.description();
  }

  @Override
  public boolean holdsData() throws IOException {
    return LiveFile.size(place.find()).orElse(0L) > 0;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Assumes that staging lies on the same disk: the log or journal of the change, the image of what was live and what
   * the new one is larger, and the copy that proves what is live. Where no usable database is, the new file and that copy.
   */
  @Override
  public Space spaceFor(long contentSize) throws IOException {
    Path live = live();
    Optional<Long> old = overBroken ? Optional.empty() : LiveFile.size(live);
    long copies = old.isPresent() ? 3 : 2;
    long largest = Math.max(contentSize, old.orElse(0L));
    return new Space(
        largest > Long.MAX_VALUE / copies ? Long.MAX_VALUE : copies * largest,
        Files.getFileStore(directoryOf(live)).getUsableSpace());
  }

  /**
   * {@inheritDoc}
   *
   * <p>The main file is kept as {@code <name>.aside-<n>}, n being the first number that is free, and its log and journal
   * beside it by the same endings; they stay there. {@link #check} notes the name.
   *
   * @throws UnsupportedOperationException if this is a {@link #file}
   */
  @Override
  public RestoreTarget overBroken() {
    if (kind != Kind.LIVE) {
      return RestoreTarget.super.overBroken();
    }
    return new SqliteTarget(place, kind, true, proving, patience);
  }

  /** With {@code integrity_check}, unless {@link #noIntegrityCheck} was chosen. */
  @Override
  public RestoreTarget thorough() {
    return with(proving.with(proving.integrity().thorough()));
  }

  /**
   * {@inheritDoc}
   *
   * @throws FileAlreadyExistsException if this is a {@link #file} that is there already
   */
  @Override
  public void stage(InputStream content, Facts recorded, Path staging) throws IOException {
    if (kind != Kind.LIVE) {
      requireFree(live());
    }
    new Staging(staging).stage(content);
  }

  @Override
  public Facts check(Path staging) throws IOException {
    Staging staged = new Staging(staging);
    Facts facts = staged.header().facts().and(Examination.of(staged.staged(), proving));
    if (overBroken) {
      String aside = Text.printable(plan(staged).aside().toString());
      return facts.note("what is live will be kept as", aside);
    }
    return facts;
  }

  @Override
  public void apply(Path staging) throws IOException {
    OneLibrary.require();
    Staging staged = new Staging(staging);
    staged.header();
    Plan plan = plan(staged);
    if (plan.way() == Plan.Way.DATABASE) {
      new InPlace(staged, plan, patience).apply();
    } else {
      new PutIn(staged, plan, patience).apply();
    }
  }

  @Override
  public void undo(Path staging) throws IOException {
    Staging staged = new Staging(staging);
    Optional<Plan> plan = staged.plan();
    if (plan.isEmpty()) {
      return; // apply never got that far
    }
    OneLibrary.require();
    if (plan.get().way() == Plan.Way.DATABASE) {
      Uninterrupted.run(new InPlace(staged, plan.get(), patience)::undo);
    } else {
      Uninterrupted.run(new PutIn(staged, plan.get(), patience)::undo);
    }
  }

  /** Removes a new file that never came to its place. What {@link #overBroken} has kept aside stays. */
  @Override
  public void discard(Path staging) throws IOException {
    Staging staged = new Staging(staging);
    Optional<Plan> plan = staged.plan();
    if (plan.isPresent() && plan.get().way() != Plan.Way.DATABASE) {
      new PutIn(staged, plan.get(), patience).discard(kind == Kind.FILE_OVERWRITING);
    }
  }

  /** What it is, for people. */
  @Override
  public String toString() {
    return "SqliteTarget[" + kind + "]";
  }

  private SqliteTarget with(Proving other) {
    return new SqliteTarget(place, kind, overBroken, other, patience);
  }

  private Path live() throws IOException {
    return LiveFile.real(place.find());
  }

  private Plan plan(Staging staged) throws IOException {
    Optional<Plan> kept = staged.plan();
    if (kept.isPresent()) {
      return kept.get();
    }
    Plan plan = decide(staged, live());
    staged.keep(plan);
    return plan;
  }

  private Plan decide(Staging staged, Path live) throws IOException {
    if (kind != Kind.LIVE) {
      requireFree(live);
    }
    Optional<Long> size = LiveFile.size(live);
    if (size.isEmpty()) {
      directoryOf(live);
      return Plan.of(Plan.Way.MISSING, false, live);
    }
    if (overBroken) {
      return Plan.of(Plan.Way.BROKEN, false, live);
    }
    if (size.get() == 0) {
      return Plan.of(Plan.Way.DATABASE, staged.header().isWal(), live);
    }
    try (LiveDatabase database = LiveDatabase.open(live, patience)) {
      return Plan.of(Plan.Way.DATABASE, database.isWal(), live);
    } catch (BrokenException e) {
      if (kind == Kind.FILE_OVERWRITING) {
        return Plan.of(Plan.Way.BROKEN, false, live);
      }
      throw e;
    }
  }

  private void requireFree(Path file) throws IOException {
    boolean there = LiveFile.exists(file);
    if (there && kind == Kind.FILE) {
      throw new FileAlreadyExistsException(
          Text.printable(file.toString()), null, "it is there already. overwriting() replaces it.");
    }
    List<Path> siblings = LiveFile.siblingsOf(file);
    if (!siblings.isEmpty()) {
      throw new FileAlreadyExistsException(
          Text.printable(siblings.get(0).toString()),
          null,
          "a log or journal of SQLite lies there, so the database is in use or a crash left it."
              + " SqliteTarget.live is for that. Nothing was changed.");
    }
  }

  private static Path directoryOf(Path live) throws IOException {
    Path directory = Objects.requireNonNull(live.getParent(), "directory");
    if (!Files.exists(directory)) {
      throw new NoSuchFileException(
          Text.printable(directory.toString()), null, "the directory of the database is missing");
    }
    if (!Files.isDirectory(directory)) {
      throw new NotDirectoryException(Text.printable(directory.toString()));
    }
    return directory;
  }
}
