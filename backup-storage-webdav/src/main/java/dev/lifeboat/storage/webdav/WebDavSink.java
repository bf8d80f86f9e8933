package dev.lifeboat.storage.webdav;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps objects as files on a WebDAV server (RFC 4918), such as Nextcloud:
 *
 * <pre>{@code
 * WebDavSink.at(URI.create("https://cloud.example/remote.php/dav/files/alice/backups/"))
 *     .basic("alice", () -> secrets.get("nextcloud-app-password"))
 * }</pre>
 *
 * <p>The collection at the address must be there: it is never made, so that a wrong address is an exception and never
 * looks like an empty sink. Folders below it are made as they are needed.
 *
 * <p>An object is sent to a name of its own beside its place, with a length known beforehand; the server is asked how
 * much of it has arrived; then it is moved to its name, which never replaces anything, and looked for there. A content
 * that is not what its digest says never arrives whole. Objects are not attested, so whoever wants proof reads them
 * back. The first put, and one a day after it, sweeps what killed puts left and folders of backups that stayed empty, both
 * after a day by the server's clock; that takes up to a minute where there are many folders.
 *
 * <p>No redirect is followed, so credentials go to this address alone. An XML answer is read with nothing expanded or
 * fetched; what it lists outside of the collection is left out and logged once.
 *
 * <p>Immutable and safe for several threads; the methods that look like setters give a changed copy. There is nothing to
 * close: the threads of the JDK's {@link HttpClient}, made at the first call unless the host gives its own, end when
 * the sink is no longer referred to. An interrupt ends a call with an {@link java.io.InterruptedIOException}.
 */
public final class WebDavSink implements BackupSink {
  private static final long SWEEP_AGAIN = Duration.ofDays(1).toNanos();
  private static final long NEVER = Long.MIN_VALUE;

  private final URI root;
  private final Server server;
  private final Timing timing;
  private final Tree tree;
  private final Optional<Duration> readBack;
  private final AtomicLong swept = new AtomicLong(NEVER);

  private WebDavSink(URI root, Server server, Timing timing, Optional<Duration> readBack) {
    this.readBack = readBack;
    this.root = root;
    this.server = server;
    this.timing = timing;
    this.tree = new Tree(root, server);
  }

  /**
   * A sink in this collection, without credentials. Nothing is sent yet.
   *
   * @param collection {@code https://…}; the slash at its end may be left out
   * @throws IllegalArgumentException if it is no such address, or has user info, a query or a fragment
   */
  public static WebDavSink at(URI collection) {
    return new WebDavSink(
        Address.checked(Objects.requireNonNull(collection, "collection")),
        new Server(Optional.empty(), Credentials.none(), false),
        Timing.DEFAULT,
        Optional.empty());
  }

  /**
   * Basic authentication (RFC 7617), sent with every request without being asked for.
   *
   * @param password called for every request, by the thread that makes it; the array is wiped afterwards, so give a new
   *     one every time
   * @throws IllegalArgumentException if the user's name has a colon or a control character
   */
  public WebDavSink basic(String user, Supplier<char[]> password) {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(password, "password");
    return new WebDavSink(root, server.with(Credentials.basic(user, password)), timing, readBack);
  }

  /**
   * A bearer token (RFC 6750), sent with every request.
   *
   * @param token called for every request, by the thread that makes it, so it may be renewed meanwhile; the array is
   *     wiped afterwards
   */
  public WebDavSink bearer(Supplier<char[]> token) {
    Objects.requireNonNull(token, "token");
    return new WebDavSink(root, server.with(Credentials.bearer(token)), timing, readBack);
  }

  /**
   * The host's own client, for certificate authorities of one's own, client certificates, a proxy or an authenticator.
   * It stays the host's to close. HTTP/1.1 is spoken whatever it prefers.
   *
   * @throws IllegalArgumentException if it follows redirects: the JDK's client takes the credentials along to wherever
   *     it is sent
   */
  public WebDavSink client(HttpClient client) {
    Objects.requireNonNull(client, "client");
    if (client.followRedirects() != HttpClient.Redirect.NEVER) {
      throw new IllegalArgumentException(
          "client must follow no redirects (HttpClient.Redirect.NEVER): it would take the credentials to other"
              + " servers");
    }
    return new WebDavSink(root, server.with(client), timing, readBack);
  }

  /**
   * Lets an {@code http} address be used, over which everybody on the way can read credentials and backups. Without
   * this every call throws an {@link AccessDeniedException}, and nothing is sent.
   */
  public WebDavSink allowPlainHttp() {
    return new WebDavSink(root, server.withPlainHttp(), timing, readBack);
  }

  /**
   * How long a call waits while no byte moves in either direction. Default: 60 s.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public WebDavSink stallTimeout(Duration duration) {
    return new WebDavSink(root, server, timing.withStall(duration), readBack);
  }

  /**
   * How long a call may wait for the server in all, however steadily bytes trickle; the time that the content or the
   * reader takes is not counted. Default: 1 hour. Cleaning up after a failure may take 10 s more.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public WebDavSink deadline(Duration duration) {
    return new WebDavSink(root, server, timing.withDeadline(duration), readBack);
  }

  /**
   * Lets backups be listed before they were read back: of every object the server is asked only how much it holds. Such a
   * backup is proven, and counts for retention, once it was read: by {@code verify}, or by the first {@code create} or {@code
   * prune} after this time. What is made before a migration or a restore is always read at once. For slow lines; without
   * it everything is read back at once.
   *
   * @param within from the making of a backup
   * @throws IllegalArgumentException if it is not positive
   */
  public WebDavSink readBack(Duration within) {
    return new WebDavSink(root, server, timing, Optional.of(Timing.positive("within", within)));
  }

  /** With another time than the system's, for tests. */
  WebDavSink nanos(LongSupplier nanos) {
    return new WebDavSink(root, server, timing.withNanos(nanos), readBack);
  }

  /**
   * {@inheritDoc}
   *
   * @throws FileAlreadyExistsException if an object of this name is kept already; it stays as it was
   * @throws NoSpaceException if the disk is full or a quota used up, or no body of this size is taken (HTTP 413)
   * @throws NoSuchFileException if the sink's own collection is not there
   * @throws AccessDeniedException if the server does not accept the credentials or does not permit it
   * @throws dev.lifeboat.sink.RetryLaterException if the server asks to wait
   */
  @Override
  public StoredObject put(ObjectName name, Content content) throws IOException {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(content, "content");
    Call call = call("cannot keep " + name);
    try {
      StoredObject stored = new Putting(tree, call, name, content).put();
      sweep(call, stored);
      return stored;
    } catch (ContentFailedException e) {
      throw e.failure();
    }
  }

  @Override
  public InputStream open(ObjectName name) throws IOException {
    Objects.requireNonNull(name, "name");
    Call call = call("cannot open " + name);
    Optional<Entry> there = tree.find(call, name.value());
    if (there.isEmpty()) {
      tree.requireAbsent(call, name);
    }
    if (there.isEmpty() || there.get().isCollection()) {
      throw Trouble.absent(call, "no such object");
    }
    return Opening.open(tree, call, name, there.get().size());
  }

  @Override
  public List<StoredObject> list(String folder) throws IOException {
    ObjectName.requireFolder(folder);
    return tree.list(call("cannot list \"" + folder + "\""), folder);
  }

  /** {@inheritDoc} Folders stay, until they are swept. */
  @Override
  public void delete(ObjectName name) throws IOException {
    Objects.requireNonNull(name, "name");
    Call call = call("cannot delete " + name);
    Optional<Entry> there = tree.find(call, name.value());
    if (there.isEmpty()) {
      tree.requireRoot(call);
    } else if (!there.get().isCollection()) { // a collection would go with all that is in it
      try (Answer answer = server.send(call, "DELETE", tree.resolve(name.value()), Map.of())) {
        int status = answer.status();
        if (status != 204 && status != 200 && status != 404 && status != 410) {
          throw Trouble.of(answer);
        }
      }
    }
  }

  /**
   * False. Servers refuse to move one object onto another, but those over plain files look first and move then: of
   * puts of one name at the same moment several may be told that they won. Seen with Apache httpd and sabre/dav.
   */
  @Override
  public boolean exclusivePut() {
    return false;
  }

  /**
   * How many bytes may still be kept, as the server tells it (RFC 4331); empty if it tells nothing, or that there is no
   * limit.
   */
  public OptionalLong free() throws IOException {
    return tree.free(call("cannot ask for the quota"));
  }

  /** {@link #readBack} */
  @Override
  public Optional<Duration> readBackWithin() {
    return readBack;
  }

  /** {@code "WebDAV https://cloud.example/remote.php/dav/files/alice/backups/"}: the address. */
  @Override
  public String description() {
    return "WebDAV " + root;
  }

  /** The same as {@link #description()}. */
  @Override
  public String toString() {
    return description();
  }

  private Call call(String subject) {
    return new Call(root, subject, timing);
  }

  private void sweep(Call call, StoredObject stored) {
    long now = timing.nanos().getAsLong();
    long before = swept.get();
    if ((before == NEVER || now - before > SWEEP_AGAIN) && swept.compareAndSet(before, now)) {
      Uninterrupted.get(() -> {
        Sweep.below(tree, call, stored.time());
        return true;
      });
    }
  }
}
