package dev.lifeboat.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A client program at work for a restore. Its process is noted in the staging directory and its sessions bear the restore's
 * id, so that it can be ended also by who comes after a crash: it goes on when its host is killed.
 */
final class Loading {
  private static final String NOTE = "child";

  private final PostgresConnection connection;
  private final Staging staging;
  private final RestorePlan plan;
  private final RestoreOptions options;

  Loading(
      PostgresConnection connection, Staging staging, RestorePlan plan, RestoreOptions options) {
    this.connection = connection;
    this.staging = staging;
    this.plan = plan;
    this.options = options;
  }

  /** Puts an archive into a database. */
  void restore(Session reached, Path archive, String database, Collection<String> more)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--exit-on-error", "--no-password", "--no-subscriptions"));
    arguments.addAll(more);
    try (ClientLogin login = connection.clientLogin(reached, database, staging.directory())) {
      arguments.add("--dbname=" + named(login));
      arguments.add(archive.toString());
      run("pg_restore", arguments, "into " + Session.quoted(database));
    }
  }

  /** Makes an archive of a database. */
  void dump(Session reached, String database, Path archive, Collection<String> more)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of(
        "--format=custom",
        "--compress=1",
        "--no-password",
        "--lock-wait-timeout=" + options.patience().toMillis(),
        "--file=" + archive));
    arguments.addAll(more);
    try (ClientLogin login = connection.clientLogin(reached, database, staging.directory())) {
      arguments.add("--dbname=" + named(login));
      run("pg_dump", arguments, "of " + Session.quoted(database));
    }
  }

  /** Later words win over earlier ones (libpq, "Connection Strings"). */
  private String named(ClientLogin login) {
    return login.conninfo() + " application_name='" + application() + "'";
  }

  private String application() {
    return "lifeboat restore " + plan.id();
  }

  private void run(String program, List<String> arguments, String what) throws IOException {
    Path binary = Path.of(plan.client()).resolve(program);
    try (Child child = Child.start(
        new Command(binary, arguments, options.deadline()),
        in -> in.transferTo(OutputStream.nullOutputStream()))) {
      note(child.pid());
      options.steps().at(program + " is running");
      Ended ended = child.await();
      staging.forget(NOTE);
      if (!ended.isGood()) {
        throw new IOException(ended.failure() + " (" + what + ")", ended.output());
      }
    }
  }

  private void note(long pid) throws IOException {
    Optional<Long> start = startOf(pid);
    if (start.isPresent()) {
      staging.keep(NOTE, Map.of("pid", Long.toString(pid), "start", start.get().toString()));
    }
  }

  private static Optional<Long> startOf(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().startInstant())
        .map(Instant::toEpochMilli);
  }

  /** Ends what a host that was killed has left at work: the process, and its sessions on the server. */
  void endLeftBehind(Session session) throws IOException {
    Optional<Map<String, String>> note = staging.values(NOTE);
    if (note.isPresent()) {
      long pid = Long.parseLong(note.get().getOrDefault("pid", "0"));
      if (startOf(pid)
          .map(Object::toString)
          .equals(Optional.ofNullable(note.get().get("start")))) {
        ProcessHandle.of(pid).ifPresent(process -> {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        });
      }
    }
    long begin = System.nanoTime();
    String ours = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        + " WHERE application_name = ? AND pid <> pg_backend_pid()";
    while (session.number(ours, application()) > 0) {
      if (System.nanoTime() - begin > options.patience().toNanos()) {
        throw new IOException("A pg_restore of the restore " + plan.id()
            + " that was killed is still at work on " + session.place() + ".");
      }
      Cluster.pause();
    }
    staging.forget(NOTE);
  }
}
