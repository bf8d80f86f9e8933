package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Names;
import dev.lifeboat.catalog.Proof;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.catalog.Text;
import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.source.BackupSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/**
 * One series of backups: made, proven, kept and brought back.
 *
 * <pre>{@code
 * Backups backups = Backups.builder("shop")
 *     .source(SqliteSource.of("orders", Path.of("data/orders.db")))
 *     .sink(LocalSink.in(Path.of("backups")))
 *     .retention(RetentionPolicy.keepLast(3).daily(7).weekly(4).monthly(12))
 *     .build();
 *
 * Backup backup = backups.create(Reason.MANUAL);
 * backups.verify(backup.id(), Depth.DRILL);
 * backups.restore(backup.id());
 * }</pre>
 *
 * <p>Verbs act, nouns are inert: a verb has done what its name says when it returns, or throws {@link BackupException}
 * and says what state things are in; requests, policies and plans only tell. Verbs block and may be interrupted. They may
 * be called from several threads and processes: those that change something take turns within a series, and one that
 * must wait does so until {@link Builder#patience} ends. Between calls nothing is open and no thread runs: there is
 * nothing to close.
 */
public final class Backups {
  private final Series series;

  private Backups(Series series) {
    this.series = series;
  }

  /**
   * Backs up one source into one sink, with every default; the series has the source's name. What is temporary lies in a
   * temporary directory, so nothing is remembered between calls; what a killed process left there is removed by the next one of
   * the same user that backs up a source of the same name.
   *
   * @throws BackupException if it was not made
   */
  public static Backup create(BackupSource source, BackupSink sink) {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(sink, "sink");
    try (TemporaryWork work = TemporaryWork.make(source.name())) {
      return builder(source.name())
          .source(source)
          .sink(sink)
          .workDirectory(work.directory())
          .build()
          .create(Reason.MANUAL);
    } catch (IOException e) {
      throw new BackupException(
          Kind.WORK,
          "Cannot back up \"" + source.name() + "\": no temporary directory: " + Words.of(e),
          e);
    }
  }

  /**
   * Begins to compose a series.
   *
   * @param series its name, {@code [a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?}; the folder in every sink
   * @throws IllegalArgumentException if the name does not match
   */
  public static Builder builder(String series) {
    return new Builder(Names.require("series", Objects.requireNonNull(series, "series")));
  }

  /** The same series, with a name for the manifests, marks and logs of what is done through it. */
  public Backups by(String actor) {
    return new Backups(series.by(Objects.requireNonNull(actor, "actor")));
  }

  // making

  /**
   * Makes a backup of every source.
   *
   * @return the backup; it is whole, attested by the sink or read back, and decodes to what was read. Its state is
   *     COMPLETE, or INCOMPLETE if an optional source is missing or a source has gaps.
   * @throws BackupException if it was not made; then nothing was added, unless the message says otherwise
   */
  public Backup create(Reason reason) {
    return create(CreateRequest.of(reason));
  }

  /**
   * Makes a backup as requested.
   *
   * @throws BackupException if it was not made; then nothing was added, unless the message says otherwise. REFUSED where
   *     the newest backup is encrypted and no encryption is configured
   */
  public Backup create(CreateRequest request) {
    Objects.requireNonNull(request, "request");
    return run("create")
        .inTurn(announcer -> new Creation(series, announcer).create(request), Backups::sentence);
  }

  /**
   * Makes one if the newest good one is at least of this age, or there is none; empty if it is not. One that is dated
   * more than five minutes in the future does not count, one that is still to be read back does. Two threads or processes that ask at the same time make one.
   *
   * @throws IllegalArgumentException if the age is negative
   * @throws BackupException if it was due and was not made, or that could not be told
   */
  public Optional<Backup> createIfDue(Duration age, Reason reason) {
    Objects.requireNonNull(age, "age");
    Objects.requireNonNull(reason, "reason");
    if (age.isNegative()) {
      throw new IllegalArgumentException("age must not be negative, was " + age);
    }
    return run("create")
        .inTurn(
            announcer -> {
              Instant now = series.clock().instant();
              Catalogue.View view = view("back up", announcer);
              Optional<Backup> newest = newestGood(view, backup -> true);
              if (newest.isPresent()
                  && Duration.between(newest.get().time(), now).compareTo(age) < 0) {
                new ReadBack(series, announcer).catchUp(view);
                return Optional.empty();
              }
              return Optional.of(new Creation(series, announcer).create(CreateRequest.of(reason)));
            },
            made -> made.map(Backups::sentence).orElse("not due"));
  }

  // looking

  /**
   * Every backup of the series that can be read, newest first. Those that cannot are told to listeners and the log, and
   * {@link #find} says of each what is wrong. With encryption, one of which nothing proves who wrote it is {@link
   * State#UNTRUSTED}; of one that cannot be opened here the details are absent.
   *
   * @throws BackupException if the sink cannot be read; an error is never an empty list
   */
  public List<Backup> list() {
    return run("list").beside(announcer -> List.copyOf(view("list", announcer).backups()));
  }

  /**
   * One backup; empty if there is none of this id.
   *
   * @throws BackupException DAMAGED or REFUSED if its manifest is there and cannot be read
   */
  public Optional<Backup> find(BackupId id) {
    Objects.requireNonNull(id, "id");
    return run("find").beside(announcer -> {
      Catalogue.View view = view("find " + id + " of", announcer);
      return view.holds(id)
          ? Optional.of(view.require(id, "find", series.subject()))
          : Optional.empty();
    });
  }

  /**
   * The newest good one that is proven, other than those a restore has made before it, and is not dated in the future; empty if
   * there is none.
   *
   * @throws BackupException if the sink cannot be read
   */
  public Optional<Backup> latest() {
    return run("find")
        .beside(announcer -> newestGood(view("find the latest of", announcer), Backup::isProven));
  }

  /**
   * One component's content, for downloads. The stream ends only if every byte was right: if one was not, its last read
   * throws {@link DamagedDataException}, and what was read before is not to be used. The caller closes it. A prune may
   * take the backup away meanwhile.
   *
   * @throws BackupException NOT_FOUND if there is no such backup or component; WRONG_KEY if it is encrypted for others;
   *     REFUSED also where nothing proves who wrote it; DAMAGED or SINK if it cannot be opened
   */
  public InputStream open(BackupId id, String component) {
    Objects.requireNonNull(component, "component");
    return run("open", id).beside(announcer -> {
      Opened opened = series.manifest(id, "open", "Nothing was changed.");
      opened.untrusted().ifPresent(why -> {
        throw new BackupException(
            Kind.REFUSED,
            "Cannot open " + id + " of " + series.subject() + ": nothing proves who wrote it: "
                + Words.printable(why)
                + ". A restore elsewhere with acceptUnsigned(why) takes it all the same.");
      });
      Component found = opened
          .manifest()
          .component(component)
          .filter(Component::isCaptured)
          .orElseThrow(() -> new BackupException(
              Kind.NOT_FOUND,
              "Cannot open " + id + " of " + series.subject() + ": it holds no component "
                  + Text.quoted(component) + "."));
      try {
        return Reading.open(series, Announcer.silent(series), id, found);
      } catch (NoSuchFileException e) {
        series.requireNotDeletedMeanwhile(id, "open", "Nothing was changed.");
        throw new BackupException(
            Kind.DAMAGED,
            "Cannot open " + id + " of " + series.subject() + ": " + Words.of(e)
                + ". Nothing was changed.",
            e);
      } catch (IOException e) {
        throw series.unreadable("open", id, e, "Nothing was changed.");
      }
    });
  }

  /**
   * Stored bytes: in total, by reason, and by the rule that keeps them.
   *
   * @throws BackupException if the sink cannot be read
   */
  public Usage usage() {
    return run("usage").beside(announcer -> {
      Catalogue.View view = view("count", announcer);
      return UsageCount.of(
          view.backups(),
          series
              .retention()
              .plan(view.backups(), series.shelf().description(), series.clock().instant()));
    });
  }

  // proving

  /**
   * Proves a backup. What is found damaged is marked, so that it does not count any more until its content is found right;
   * one that is only UNPROVEN stays as it was.
   *
   * @return the receipt, which is kept with the backup; a failure to keep it is only a warning
   * @throws BackupException DAMAGED or UNPROVEN with all findings in {@link BackupException#details}, UNPROVEN also where
   *     nothing proves who wrote it; WRONG_KEY if it cannot be opened here and the depth is more than STORED; NOT_FOUND;
   *     SINK if nothing could be found out
   */
  public Proof verify(BackupId id, Depth depth) {
    Objects.requireNonNull(depth, "depth");
    return run("verify", id)
        .inTurn(
            announcer -> WarmingUp.beside(
                series, () -> new Verification(series, announcer, id).verify(depth)),
            proof -> id + " is proven at " + depth + " in " + proof.took().toMillis() + " ms");
  }

  // bringing back

  /**
   * Brings everything back in place, all or nothing.
   *
   * @throws BackupException as {@link #restore(RestoreRequest)}
   */
  public Restored restore(BackupId id) {
    return restore(RestoreRequest.inPlace(id));
  }

  /**
   * Brings back what is requested: all of it is fetched, proven and staged before anything live is touched; in place,
   * what is live is backed up first ({@link Reason#PRE_RESTORE}), behind the maintenance gate.
   *
   * @throws BackupException REFUSED if something speaks against it, also that nothing proves who wrote it ({@link
   *     RestoreRequest#acceptUnsigned}); WRONG_KEY; UNDONE if it failed while it was applied and all was put back; STUCK if that failed too, with
   *     the steps by hand; HOOK if maintenance could not be entered, or, as the message then says, not be left after all
   *     was restored; with any other kind nothing live was touched
   */
  public Restored restore(RestoreRequest request) {
    Objects.requireNonNull(request, "request");
    return run("restore", request.id())
        .inTurn(
            announcer -> WarmingUp.beside(
                series, () -> new Restoration(series, announcer, request).restore()),
            restored ->
                restored.from() + " is restored: " + String.join(", ", restored.components())
                    + restored
                        .before()
                        .map(before -> "; what was live is kept as " + before.id())
                        .orElse(""));
  }

  /**
   * What a restore would do, without doing it: what would be replaced, sizes, space, and everything that speaks against
   * it. Reads no content.
   *
   * @throws BackupException NOT_FOUND if there is no such backup or component; another kind if that cannot be told
   */
  public RestorePlan planRestore(RestoreRequest request) {
    Objects.requireNonNull(request, "request");
    return run("plan-restore", request.id())
        .beside(announcer -> new Preflight(series, announcer, request).plan());
  }

  // keeping

  /**
   * What the policy would remove now, what stays, and why.
   *
   * @throws BackupException if the sink cannot be read
   */
  public RetentionPlan planPrune() {
    return run("plan-prune").beside(announcer -> new Pruning(series, announcer).plan());
  }

  /**
   * Plans and carries it out.
   *
   * @return what was done
   * @throws BackupException as {@link #prune(RetentionPlan)}
   */
  public RetentionPlan prune() {
    return prune(planPrune());
  }

  /**
   * Carries out a plan that somebody has seen: never more than it says, less if policy, pins or guards now object. Also
   * removes what crashed runs have left. Where the sink lets nobody delete, or has locked a backup, that is no failure:
   * it is warned of, and what was to go stays with the cause {@code not-permitted}.
   *
   * @return what was done
   * @throws BackupException if it was cut short; every backup that is still listed is whole, and the next prune goes on
   */
  public RetentionPlan prune(RetentionPlan plan) {
    Objects.requireNonNull(plan, "plan");
    return run("prune")
        .inTurn(
            announcer -> new Pruning(series, announcer).prune(plan),
            done -> done.removed().size() + " backups removed, " + done.kept().size() + " kept");
  }

  /**
   * Deletes one backup, unless a pin, {@code keepUntil} or a guard holds it.
   *
   * @throws BackupException REFUSED if it is held; NOT_FOUND
   */
  public void delete(BackupId id) {
    run("delete", id)
        .inTurn(
            announcer -> {
              new Pruning(series, announcer).delete(id, "deleted by request", false);
              return id;
            },
            deleted -> deleted + " is deleted");
  }

  /**
   * Deletes one backup whatever holds it, also one that cannot be read.
   *
   * @param why for the log and the tombstone
   * @throws BackupException NOT_FOUND
   */
  public void forceDelete(BackupId id, String why) {
    SeriesBuilder.requireText("why", why);
    run("delete", id)
        .inTurn(
            announcer -> {
              new Pruning(series, announcer).delete(id, why, true);
              return id;
            },
            deleted -> deleted + " is deleted by force: " + Words.printable(why));
  }

  /**
   * Holds a backup: retention and {@link #delete} leave it alone.
   *
   * @param why for people
   * @throws BackupException NOT_FOUND
   */
  public void pin(BackupId id, String why) {
    SeriesBuilder.requireText("why", why);
    run("pin", id)
        .inTurn(
            announcer -> new Pinning(series, announcer).pin(id, why),
            pin -> id + " is pinned: " + Words.printable(why));
  }

  /**
   * Takes every pin from a backup; one that has none stays as it is.
   *
   * @throws BackupException NOT_FOUND
   */
  public void unpin(BackupId id) {
    run("unpin", id)
        .inTurn(
            announcer -> new Pinning(series, announcer).unpin(id),
            pins -> id + " lost " + pins + " pins");
  }

  // changing keys

  /**
   * Changes who can open the backups that there are: the slots of their data keys become exactly those of {@code next}. What
   * is kept stays as it is, so this costs a few small objects for each backup. For a passphrase that is changed, a reader
   * that comes or goes. The host configures {@code next} from then on: with {@code next.alsoReading(old)} before it calls this,
   * and {@code next} alone when it has returned and the report holds no SKIPPED that is still wanted.
   *
   * <p>It does not take back what is known: whoever has kept an old {@code keys.json} and an old key or passphrase has the
   * data key, goes on reading that backup, and could write another in its place if he may write to the sink. Only {@link
   * #reencrypt} ends that.
   *
   * <p>New slots are put and proven to hold the same data key before old ones are deleted, so at every moment each
   * backup opens for the old readers or the new ones. Called again after it was cut short, it goes on. Every backup is changed
   * that opens with what is configured, or with {@code next}, and is proven to be written by one of ours; a forged one is
   * never made to look like one of ours. Tombstones of deleted backups are changed likewise, so that {@code next} proves them.
   *
   * @param next the readers from now on; it stays the caller's
   * @return what was done to each, oldest first, and to each tombstone; none has FAILED
   * @throws BackupException REFUSED if no encryption is configured, or {@code next} was destroyed; if one or more could not be
   *     changed, the kind of the first, with all of them in {@link BackupException#details}: the others are changed; REFUSED also
   *     for one that is not signed, if {@code next} has no slot that proves who wrote it
   */
  public List<Rewrapped> rewrap(Encryption next) {
    Objects.requireNonNull(next, "next");
    return run("rewrap")
        .inTurn(announcer -> new Rewrapping(series, announcer, next).rewrap(), Backups::rewrapped);
  }

  /**
   * Writes the backups that there are anew under new data keys, for exactly the readers that are configured: for a key or a
   * passphrase that may have leaked. The host configures {@code newKey.alsoReading(oldKey)} before, and {@code newKey} alone when
   * this has returned and the report holds no SKIPPED that is still wanted. What somebody has copied already stays readable to whoever has the old key.
   *
   * <p>What the old key proves is taken for ours: whoever has it, and may write to the sink, may have put backups of his own
   * there. Look at the list first, and delete what you do not know.
   *
   * <p>Each backup is read to its last byte, written under a new id with the time, reason and everything else of the old
   * one, and proven like a new backup; its pins move over; then the old one is deleted. So the sink needs room for one more
   * backup, and the old one is there until its copy counts. Called again after it was cut short, it goes on: what an earlier
   * call has written for exactly these readers is not written again (configure another key to have that too). Those that
   * nothing proves, that cannot be opened here or are damaged, and those in clear, are left as they are, and reported.
   * Tombstones of deleted backups get new keys too.
   *
   * @return what was done to each, oldest first; none has FAILED
   * @throws BackupException REFUSED if no encryption is configured, or nothing would prove the copies; if one or more could
   *     not be replaced, the kind of the first, with all of them in {@link BackupException#details}: each of them is still
   *     there, and the others are replaced
   */
  public List<Reencrypted> reencrypt() {
    return run("reencrypt")
        .inTurn(announcer -> new Reencryption(series, announcer).reencrypt(), Backups::reencrypted);
  }

  private static String rewrapped(List<Rewrapped> report) {
    long done = report.stream()
        .filter(one -> one.outcome() == Rewrapped.Outcome.REWRAPPED && !one.tombstone())
        .count();
    long skipped = report.stream()
        .filter(one -> one.outcome() == Rewrapped.Outcome.SKIPPED)
        .count();
    return done + " backups rewrapped, " + skipped + " left as they are";
  }

  private static String reencrypted(List<Reencrypted> report) {
    long done = report.stream()
        .filter(one -> one.outcome() == Reencrypted.Outcome.REENCRYPTED)
        .count();
    long skipped = report.stream()
        .filter(one -> one.outcome() == Reencrypted.Outcome.SKIPPED)
        .count();
    return done + " backups reencrypted, " + skipped + " left as they are";
  }

  private Run run(String verb) {
    return new Run(series, verb, Optional.empty());
  }

  private Run run(String verb, BackupId id) {
    return new Run(series, verb, Optional.of(Objects.requireNonNull(id, "id")));
  }

  private Catalogue.View view(String verb, Announcer announcer) {
    return Catalogue.of(series, verb, announcer);
  }

  private Optional<Backup> newestGood(Catalogue.View view, Predicate<Backup> wanted) {
    Instant now = series.clock().instant();
    return view.backups().stream()
        .filter(backup -> counts(backup)
            && wanted.test(backup)
            && !backup.reason().equals(Reason.PRE_RESTORE)
            && !Catalogue.isFuture(backup.id(), now))
        .findFirst();
  }

  /** Where a host can prove nothing, it would else make another one every time. */
  private boolean counts(Backup backup) {
    return backup.state().isGood()
        || (!series.canProve()
            && backup.state() == State.UNTRUSTED
            && backup.manifest().isEncrypted()
            && backup.manifest().state().isGood());
  }

  private static String sentence(Backup backup) {
    return backup.id() + " is " + backup.state() + ", " + backup.storedSize() + " bytes stored in "
        + backup.manifest().took().toMillis() + " ms";
  }

  /**
   * Composes a series. Each option may be given once, {@code source}, {@code optionalSource} and {@code listener} often:
   * one that is given twice, or is out of bounds, is an {@link IllegalArgumentException} at once. Not safe for several
   * threads; what {@link #build} gives is.
   */
  public static final class Builder {
    private final SeriesBuilder options;

    private Builder(String series) {
      this.options = new SeriesBuilder(series);
    }

    /** A source without which there is no backup. */
    public Builder source(BackupSource source) {
      options.source(source, false);
      return this;
    }

    /** A source whose failure makes the backup incomplete instead of failing it. */
    public Builder optionalSource(BackupSource source) {
      options.source(source, true);
      return this;
    }

    /** Where backups are kept. A backup that is not whole in here does not exist. */
    public Builder sink(BackupSink sink) {
      options.sink.set(sink);
      return this;
    }

    /**
     * How content is compressed. Default: {@code Compression.zstd()}.
     *
     * @throws IllegalArgumentException if its id is none that this version can read
     */
    public Builder compression(Codec codec) {
      options.compression(codec);
      return this;
    }

    /**
     * Who can read the backups: every new one is encrypted, and only what is proven to be written by one of ours counts
     * and is restored. The host destroys it when it needs the secrets no more. Default: backups lie in clear.
     */
    public Builder encryption(Encryption encryption) {
      options.encryption.set(encryption);
      return this;
    }

    /** What {@code prune} keeps. Default: {@code RetentionPolicy.keepAll()}. */
    public Builder retention(RetentionPolicy policy) {
      options.retention.set(policy);
      return this;
    }

    /**
     * Bytes of the largest object, 64 KiB to 1 GiB; two of them must fit into half the heap. Default: 16 MiB, less where
     * the heap is below 64 MiB.
     */
    public Builder partSize(int bytes) {
      options.partSize(bytes);
      return this;
    }

    /** Whose data this is; a backup of another application is not restored in place unasked. Default: the series' name. */
    public Builder application(String name) {
      options.application.set(name);
      return this;
    }

    /** Which installation this is; a backup of another is not restored in place unasked. Default: {@code "default"}. */
    public Builder environment(String name) {
      options.environment.set(name);
      return this;
    }

    /**
     * Tells the version of the schema that the live data has, for every backup and every restore in place: a backup of
     * another version is not restored in place unasked. Default: nothing is known of it.
     */
    public Builder schemaVersion(Callable<String> version) {
      options.schemaVersion.set(version);
      return this;
    }

    /** Shut while the snapshots are opened, for milliseconds. Default: none. */
    public Builder quiesce(Gate gate) {
      options.quiesce.set(gate);
      return this;
    }

    /** Shut while a restore in place backs up what is live and is applied. Default: none. */
    public Builder maintenance(Gate gate) {
      options.maintenance.set(gate);
      return this;
    }

    /** Makes a restore in place demand {@code confirmed("restore <series> <id>")}. */
    public Builder confirmRestores() {
      options.confirmRestores.set(true);
      return this;
    }

    /** Hears what happens. */
    public Builder listener(BackupListener listener) {
      options.listener(listener);
      return this;
    }

    /**
     * Private files of the engine; a directory of its own for each series, on a disk that survives a restart. It is made
     * when it is needed; one that holds anything else is refused, for what crashed runs leave in it is swept. Default:
     * {@code .lifeboat/<series>} in the user's home.
     */
    public Builder workDirectory(Path directory) {
      options.workDirectory.set(directory);
      return this;
    }

    /** How long a verb waits for another one's turn to end; zero tries once. Default: one minute. */
    public Builder patience(Duration duration) {
      options.patience(duration);
      return this;
    }

    /** Default: the system's clock. */
    public Builder clock(Clock clock) {
      options.clock.set(clock);
      return this;
    }

    /**
     * Checks what can be checked without touching anything. Without sources the series can be listed, verified and
     * pruned.
     *
     * @throws IllegalArgumentException if the sink is missing, the part size is too large for the heap, or there is no
     *     home directory for the default work directory
     * @throws IllegalStateException if {@code Compression.zstd()} is the default and its library is not there
     */
    public Backups build() {
      return new Backups(options.build());
    }
  }
}
