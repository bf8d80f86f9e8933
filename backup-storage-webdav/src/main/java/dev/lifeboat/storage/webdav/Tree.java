package dev.lifeboat.storage.webdav;

import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The collections and files below a sink's collection. Paths are relative to it; those of collections end in a slash. */
final class Tree {
  private static final Logger log = LoggerFactory.getLogger(WebDavSink.class);

  private static final String PROPFIND =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?><d:propfind xmlns:d=\"DAV:\"><d:prop>%s</d:prop></d:propfind>";
  private static final String ABOUT =
      String.format(PROPFIND, "<d:resourcetype/><d:getcontentlength/><d:getlastmodified/>");
  private static final String QUOTA = String.format(PROPFIND, "<d:quota-available-bytes/>");

  private final URI root;
  private final List<String> rootSegments;
  private final Server server;
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean reported = new AtomicBoolean();

  Tree(URI root, Server server) {
    this.root = root;
    this.rootSegments = Href.segments(root);
    this.server = server;
  }

  URI root() {
    return root;
  }

  Server server() {
    return server;
  }

  /** Names of objects and of ours need no encoding: every character in them is unreserved. */
  URI resolve(String path) {
    return root.resolve("./" + path);
  }

  static String folderOf(ObjectName name) {
    return name.value().substring(0, name.value().lastIndexOf('/') + 1);
  }

  /** What is under this path, if anything. */
  Optional<Entry> find(Call call, String path) throws IOException {
    try (Answer answer = propfind(call, path, "0", ABOUT)) {
      if (answer.status() == 404) {
        return Optional.empty();
      }
      if (!isRedirectedToCollection(answer, path)) {
        return Optional.of(self(call, answer, path));
      }
    }
    return find(call, path + "/");
  }

  /** Apache's and nginx's way to say that it is a collection; no other redirect is followed. */
  private boolean isRedirectedToCollection(Answer answer, String path) {
    String target = answer.header("Location").orElse("");
    return answer.status() / 100 == 3
        && !path.isEmpty()
        && !path.endsWith("/")
        && target.endsWith("/")
        && Href.segments(target, answer.uri()).equals(Optional.of(segments(path)));
  }

  private Entry self(Call call, Answer answer, String path) throws IOException {
    List<Entry> found = new ArrayList<>();
    List<String> wanted = segments(path);
    read(answer, (segments, response) -> {
      if (segments.equals(wanted)) {
        found.add(entry(call, path, response));
      }
    });
    if (found.size() != 1) {
      throw new IOException(
          call.message("the server's answer does not speak of what was asked for"));
    }
    return found.get(0);
  }

  /** Throws if the sink's own collection is not there: a wrong address must never look like an empty sink. */
  void requireRoot(Call call) throws IOException {
    Optional<Entry> there = find(call, "");
    if (there.isEmpty()) {
      throw Trouble.absent(
          call, "there is no such collection on the server; create it, or correct the address");
    }
    if (!there.get().isCollection()) {
      throw new NotDirectoryException(
          call.message("it is a file; a collection is needed to keep backups in"));
    }
    known.add("");
  }

  /**
   * Makes a folder and those above it, one level at a time, as far as they are not known to be there.
   *
   * @return whether any was made
   */
  boolean makeFolder(Call call, String folder) throws IOException {
    if (known.contains(folder)) {
      return false;
    }
    if (folder.isEmpty()) {
      requireRoot(call);
      return false;
    }
    boolean made =
        makeFolder(call, folder.substring(0, folder.lastIndexOf('/', folder.length() - 2) + 1));
    try (Answer answer = server.send(call, "MKCOL", resolve(folder), Map.of())) {
      made |= answer.status() == 201;
      // the status alone tells little: some say 201 to what exists, some 403 or 409
      if (answer.status() != 201) {
        requireFolder(call, folder, answer);
      }
    }
    known.add(folder);
    return made;
  }

  /** Nothing is known of this folder and those above it any more: somebody else may have removed them. */
  void forget(String folder) {
    known.removeIf(folder::startsWith);
  }

  private void requireFolder(Call call, String folder, Answer refusal) throws IOException {
    Optional<Entry> there = find(call, folder);
    if (there.isEmpty()) {
      throw Trouble.of(refusal);
    }
    if (!there.get().isCollection()) {
      throw new NotDirectoryException(
          call.message(folder + " is a file on the server, so nothing can be kept below it"));
    }
  }

  /** Every object in the folder and below, in order of name. */
  List<StoredObject> list(Call call, String folder) throws IOException {
    Map<ObjectName, StoredObject> objects = new TreeMap<>(Comparator.comparing(ObjectName::value));
    Optional<Folder> there = children(call, folder);
    if (there.isPresent()) {
      collect(call, folder, there.get(), objects);
    } else {
      requireNoFolder(call, folder);
    }
    return List.copyOf(objects.values());
  }

  /** One "not found" may be a stranger's, on the way: it is believed if what is above does not list the folder either. */
  private void requireNoFolder(Call call, String folder) throws IOException {
    if (folder.isEmpty()) {
      requireRoot(call);
      throw vanished(call, "the collection");
    }
    String above = folder.substring(0, folder.lastIndexOf('/', folder.length() - 2) + 1);
    Optional<Folder> there = children(call, above);
    if (there.isEmpty()) {
      requireNoFolder(call, above);
    } else if (there.get().entries().stream()
        .anyMatch(entry -> entry.isCollection() && folder.equals(above + entry.name() + "/"))) {
      throw vanished(call, folder);
    }
  }

  /** The same of an object, which is asked for once more: some servers do not list a folder while something is put there. */
  void requireAbsent(Call call, ObjectName name) throws IOException {
    requireRoot(call);
    if (find(call, name.value()).filter(entry -> !entry.isCollection()).isPresent()) {
      throw vanished(call, name.value());
    }
  }

  private static IOException vanished(Call call, String what) {
    return new IOException(
        call.message(what + " was listed and is not found; somebody else may be deleting there"));
  }

  private void collect(
      Call call, String folder, Folder there, Map<ObjectName, StoredObject> objects)
      throws IOException {
    for (Entry entry : there.entries()) {
      String name = folder + entry.name();
      if (!ObjectName.isValid(name)) {
        continue;
      }
      if (entry.isCollection()) {
        String inner = name + "/";
        Folder below = children(call, inner).orElseThrow(() -> vanished(call, inner));
        collect(call, inner, below, objects);
      } else {
        ObjectName object = ObjectName.of(name);
        objects.put(object, new StoredObject(object, entry.size(), entry.time(), Optional.empty()));
        if (objects.size() > Multistatus.MAX_ENTRIES) {
          throw new IOException(
              call.message("there are more than " + Multistatus.MAX_ENTRIES + " objects"));
        }
      }
    }
  }

  /**
   * What is in a folder.
   *
   * @param entries under object names and names of ours
   * @param holdsOthers whether there is anything under another name
   */
  record Folder(List<Entry> entries, boolean holdsOthers) {
    boolean isEmpty() {
      return entries.isEmpty() && !holdsOthers;
    }
  }

  /** What is in the folder itself, if there is one. */
  Optional<Folder> children(Call call, String folder) throws IOException {
    try (Answer answer = propfind(call, folder, "1", ABOUT)) {
      if (answer.status() == 404) {
        return Optional.empty();
      }
      List<String> wanted = segments(folder);
      Map<String, Entry> entries = new TreeMap<>();
      List<Entry> self = new ArrayList<>();
      AtomicBoolean others = new AtomicBoolean();
      read(answer, (segments, response) -> {
        if (segments.equals(wanted)) {
          self.add(entry(call, folder, response));
        } else if (isChild(segments, wanted)) {
          String name = segments.get(wanted.size());
          if (!name.contains("/") && (ObjectName.isValid(folder + name) || Part.isOurs(name))) {
            Entry entry = entry(call, folder + name, response);
            Entry before = entries.put(name, entry);
            if (before != null && !before.equals(entry)) {
              throw new IOException(
                  call.message("the server lists " + folder + name + " twice, and differently"));
            }
          } else {
            others.set(true);
          }
        }
      });
      if (self.isEmpty()) {
        throw new IOException(call.message(
            "the server's listing does not speak of the collection that was asked for"));
      }
      // a file has no children: there is no such folder
      return self.get(0).isCollection()
          ? Optional.of(new Folder(List.copyOf(entries.values()), others.get()))
          : Optional.empty();
    }
  }

  private static boolean isChild(List<String> segments, List<String> of) {
    return segments.size() == of.size() + 1 && segments.subList(0, of.size()).equals(of);
  }

  /** Bytes left, by the server's own word, where it gives it. */
  OptionalLong free(Call call) throws IOException {
    try (Answer answer = propfind(call, "", "0", QUOTA)) {
      if (answer.status() == 404) {
        requireRoot(call);
      }
      OptionalLong[] free = {OptionalLong.empty()};
      read(answer, (segments, response) -> free[0] = response.free());
      return free[0];
    }
  }

  private Answer propfind(Call call, String path, String depth, String what) throws IOException {
    Map<String, String> headers =
        Map.of("Depth", depth, "Content-Type", "application/xml; charset=utf-8");
    return server.send(call, "PROPFIND", resolve(path), headers, what);
  }

  private interface Taker {
    void take(List<String> segments, Multistatus.Response response) throws IOException;
  }

  /** Whatever lies below the sink's collection; the rest is reported, once, and left out. */
  private void read(Answer answer, Taker taker) throws IOException {
    if (answer.status() != 207) {
      throw Trouble.of(answer);
    }
    Multistatus.read(answer, response -> {
      Optional<List<String>> segments = Href.segments(response.href(), answer.uri())
          .filter(all -> all.size() >= rootSegments.size()
              && all.subList(0, rootSegments.size()).equals(rootSegments));
      if (segments.isPresent()) {
        taker.take(segments.get(), response);
      } else if (reported.compareAndSet(false, true)) {
        log.warn(
            "{} lists what lies outside of it and is left out: {} (reported once)",
            root,
            Printable.of(answer.redacted(response.href())));
      }
    });
  }

  private List<String> segments(String path) {
    List<String> segments = new ArrayList<>(rootSegments);
    for (String segment : path.split("/", -1)) {
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return segments;
  }

  private static Entry entry(Call call, String path, Multistatus.Response response)
      throws IOException {
    if (response.status() >= 300) {
      throw new IOException(call.message(
          "the server tells nothing of " + path + " (HTTP " + response.status() + ")"));
    }
    if (response.isCollection()) {
      return new Entry(last(path), true, 0, response.time());
    }
    long size = response
        .size()
        .orElseThrow(
            () -> new IOException(call.message("the server does not tell the size of " + path)));
    return new Entry(last(path), false, size, response.time());
  }

  private static String last(String path) {
    String inner = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return inner.substring(inner.lastIndexOf('/') + 1);
  }
}
