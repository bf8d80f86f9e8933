package dev.lifeboat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Identity;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.MemorySink;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.Sinks;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.source.Snapshot;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.SettableClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What runs beside the test: every verb, well and in every way badly, over sources whose rows are secret, a sink with a
 * password, and a host whose every text tries to forge the log.
 */
final class Gauntlet {
  static final String ROW = "ROW-5e1f-canary";
  static final String PASSWORD = "PASSWORD-77aa-canary";
  static final String EVIL = "\n\u001b[31mFORGED\r\u0007\u202e\u2028" + "x".repeat(21_000);

  /** What nothing may tell, besides. */
  private static final List<String> SECRETS = new ArrayList<>();

  private final SettableClock clock = SettableClock.at("2026-02-14T14:30:45Z");
  private final MemorySink memory = new MemorySink("gauntlet", clock);
  private final FaultySink faulty = FaultySink.over(memory);
  private final List<BackupEvent> events = new CopyOnWriteArrayList<>();
  private final Paper paper = new Paper("orders", ROW);
  private final Path work;
  private final Backups backups;
  private String trying = "";
  private int tried;

  private final Optional<Encryption> encryption;

  private Gauntlet(Path place, Optional<Encryption> encryption) {
    this.work = place.resolve("work");
    this.encryption = encryption;
    this.backups = over(work);
  }

  private Backups over(Path directory) {
    Backups.Builder builder = Backups.builder("shop");
    encryption.ifPresent(builder::encryption);
    return builder
        .source(new Sealed(paper))
        .sink(Sinks.retrying(new Vault(faulty, PASSWORD), 1, Duration.ZERO))
        .retention(RetentionPolicy.keepLast(1))
        .workDirectory(directory)
        .quiesce(gate("quiesce"))
        .maintenance(gate("maintenance"))
        .listener(events::add)
        .listener(event -> {
          if (event instanceof BackupEvent.Started) {
            throw new IllegalStateException(EVIL, new IOException(EVIL));
          }
        })
        .clock(clock)
        .build()
        .by("office" + EVIL);
  }

  private String failingGate = "";

  private Gate gate(String name) {
    return Gate.of(() -> failAt(name + " shut"), () -> failAt(name + " open"));
  }

  private void failAt(String step) {
    if (failingGate.equals(step)) {
      throw new IllegalStateException("the gate" + EVIL);
    }
  }

  public static void main(String[] arguments) throws Exception {
    Gauntlet gauntlet = new Gauntlet(
        Path.of(arguments[0]),
        arguments.length > 1 ? Optional.of(encryption(arguments)) : Optional.empty());
    gauntlet.run();
    gauntlet.nothingInTheStoreTells();
    gauntlet.stuck(Path.of(arguments[0]).resolve("stuck"));
    System.out.println("TRIED " + gauntlet.tried);
  }

  /** With a passphrase, a key and an identity, as texts. */
  private static Encryption encryption(String[] texts) {
    Encryption all = Encryption.passphrase(texts[1].toCharArray())
        .alsoFor(BackupKey.parse(texts[2].toCharArray()))
        .alsoReading(Encryption.identity(Identity.parse(texts[3].toCharArray())));
    SECRETS.addAll(List.of(texts).subList(1, 4));
    return all;
  }

  /** What is encrypted shows nothing of the rows, and no secret is stored anywhere. */
  private void nothingInTheStoreTells() throws IOException {
    if (encryption.isEmpty()) {
      return;
    }
    trying = "what is stored";
    look("the encryption", encryption.get().toString());
    for (StoredObject stored : memory.list("shop/")) {
      try (InputStream in = memory.open(stored.name())) {
        look(
            stored.name().value(),
            new String(in.readAllBytes(), StandardCharsets.ISO_8859_1),
            false);
      }
    }
  }

  private void run() throws IOException {
    paper.facts = Facts.counting("rows" + EVIL, 3).value("version", EVIL).note("server", EVIL);
    verbs("well");
    paper.facts = paper.facts.gap("a page" + EVIL);
    verbs("with a gap");
    paper.facts = Facts.NONE;
    verbs("plainly");
    for (String step : List.of(
        "open", "capture", "write", "holds", "space", "stage", "check", "apply", "applied",
        "discard")) {
      paper.at(step, Paper.failing("source failed" + EVIL));
      verbs("a source that fails at " + step);
      paper.heal();
    }
    for (String step :
        List.of("quiesce shut", "quiesce open", "maintenance shut", "maintenance open")) {
      failingGate = step;
      verbs("a gate that fails at " + step);
      failingGate = "";
    }
    for (Call call : Call.values()) {
      for (int nth = 0; nth < 3; nth++) {
        faulty.failingFrom(
            call, faulty.calls(call) + 1 + nth, () -> new IOException("the store failed" + EVIL));
        verbs(call + " fails");
        faulty.healed();
      }
    }
    paper.description = "a target" + EVIL;
    paper.found = Facts.NONE.value("version", EVIL);
    verbs("a target that finds something else");
    paper.found = null;
    rowsWhereTheyDoNotBelong();
    oneLine();
  }

  /** A page of the database in the place of each record: what is told of it quotes nothing. */
  private void rowsWhereTheyDoNotBelong() throws IOException {
    backups.verify(backups.create(Reason.MANUAL).id(), Depth.CONTENT);
    Set<String> kinds = new HashSet<>();
    for (StoredObject stored : memory.list("")) {
      String kind = stored.name().last().replaceFirst("^[^.]*\\.", "").replaceFirst("-.*", "");
      if (!kinds.add(kind)
          || memory.list("").stream().noneMatch(there -> there.name().equals(stored.name()))) {
        continue; // one of each kind, unless a verb before has let it go
      }
      byte[] before;
      try (InputStream in = memory.open(stored.name())) {
        before = in.readAllBytes();
      }
      for (String text :
          List.of(ROW, "{\"" + ROW + "\":1,\"" + ROW + "\":2}", "{\"format\":" + ROW + "}")) {
        replace(stored.name(), text.getBytes(StandardCharsets.UTF_8));
        looks("rows in " + stored.name());
        replace(stored.name(), before);
      }
    }
  }

  private void replace(ObjectName name, byte[] bytes) throws IOException {
    memory.delete(name);
    memory.put(name, Content.of(bytes));
  }

  private void oneLine() {
    trying = "in one line";
    attempt("create", () -> Backups.create(new Sealed(paper), new Vault(faulty, PASSWORD)));
    paper.at("write", Paper.failing("source failed" + EVIL));
    attempt("create", () -> Backups.create(new Sealed(paper), new Vault(faulty, PASSWORD)));
    paper.heal();
  }

  /** What is needed to put things right by hand is kept, and so are the rows: in a place of its own here. */
  private void stuck(Path directory) {
    trying = "stuck";
    Backups other = over(directory);
    BackupId id = other.create(Reason.MANUAL).id();
    paper.at("applied", Paper.failing("source failed" + EVIL));
    paper.at("undo", Paper.failing("no way back" + EVIL));
    attempt("restore", () -> other.restore(id));
    paper.heal();
  }

  private void verbs(String what) {
    trying = what;
    clock.advance(Duration.ofHours(1));
    attempt(
        "create",
        () -> backups.create(CreateRequest.of(Reason.MANUAL)
            .note(EVIL)
            .tag("ticket" + EVIL, EVIL)
            .pinned("why" + EVIL)));
    attempt("create if due", () -> backups.createIfDue(Duration.ZERO, Reason.SCHEDULED));
    looks(what);
    attempt("prune", backups::prune);
    events.forEach(event -> look("event", event.toString()));
    events.clear();
  }

  private void looks(String what) {
    trying = what;
    List<Backup> listed = new ArrayList<>();
    attempt("list", () -> listed.addAll(backups.list()));
    attempt("latest", backups::latest);
    attempt("usage", backups::usage);
    attempt("plan", backups::planPrune);
    listed.stream().limit(1).map(Backup::id).forEach(this::each);
    listed.forEach(backup ->
        look("manifest", new String(backup.manifest().toBytes(), StandardCharsets.UTF_8), false));
    if (ProcessHandle.current().children().findAny().isPresent()) {
      System.out.println("FOUND " + trying + ": a child process");
    }
  }

  private void each(BackupId id) {
    attempt("find", () -> backups.find(id));
    for (Depth depth : Depth.values()) {
      attempt("verify", () -> backups.verify(id, depth));
    }
    attempt("plan a restore", () -> backups.planRestore(RestoreRequest.inPlace(id)));
    attempt(
        "restore",
        () -> backups.restore(RestoreRequest.inPlace(id).acrossIdentities("why" + EVIL)));
    attempt("open", () -> {
      try (InputStream in = backups.open(id, "orders")) {
        return in.readAllBytes().length;
      }
    });
    attempt("open nothing", () -> backups.open(id, "nothing" + EVIL));
    attempt("pin", () -> {
      backups.pin(id, "why" + EVIL);
      return "";
    });
    attempt("unpin", () -> {
      backups.unpin(id);
      return "";
    });
    attempt("delete", () -> {
      backups.delete(id);
      return "";
    });
    if (tried % 3 == 0) {
      attempt("force", () -> {
        backups.forceDelete(id, "why" + EVIL);
        return "";
      });
    }
  }

  private void attempt(String verb, Callable<?> action) {
    tried++;
    try {
      String.valueOf(action.call()).lines().forEach(line -> look(verb, line)); // a plan is a table
    } catch (Throwable e) {
      StringWriter all = new StringWriter();
      e.printStackTrace(new PrintWriter(all));
      look(verb + " throws", all.toString(), false);
      look(verb + " throws", e.toString());
      if (e instanceof BackupException told) {
        told.details().forEach(detail -> look("a detail", detail));
      } else {
        System.out.println("FOUND " + trying + ": " + verb + " throws " + e.getClass());
      }
    }
  }

  private void look(String where, String text) {
    look(where, text, true);
  }

  private void look(String where, String text, boolean oneLine) {
    if (text.contains(ROW)
        || text.contains(PASSWORD)
        || SECRETS.stream().anyMatch(text::contains)) {
      System.out.println("FOUND " + trying + ": " + where + " tells: " + Words.printable(text));
    }
    if (oneLine) {
      Printable.objections(where, text)
          .forEach(o -> System.out.println("FOUND " + trying + ": " + Words.printable(o)));
    }
  }

  /** A source that would tell its password to whoever prints it. */
  private record Sealed(Paper paper) implements BackupSource {
    @Override
    public String name() {
      return paper.name();
    }

    @Override
    public String type() {
      return paper.type();
    }

    @Override
    public String suffix() {
      return paper.suffix();
    }

    @Override
    public Snapshot open(Path scratch) throws IOException {
      return paper.open(scratch);
    }

    @Override
    public RestoreTarget target() {
      return paper.target();
    }

    @Override
    public String toString() {
      return PASSWORD;
    }
  }

  /** A sink that would do the same. */
  private static final class Vault extends Through {
    private final String password;

    Vault(BackupSink sink, String password) {
      super(sink);
      this.password = password;
    }

    @Override
    public String toString() {
      return password;
    }
  }
}
