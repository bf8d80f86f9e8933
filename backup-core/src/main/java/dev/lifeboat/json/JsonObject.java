package dev.lifeboat.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One object of a document, read member by member; what is missing or of another type is an error that names its path. */
public final class JsonObject {
  private final String path;
  private final Map<String, Object> members;

  JsonObject(String path, Map<String, Object> members) {
    this.path = path;
    this.members = members;
  }

  /** The names of all its members, in their order. */
  public Set<String> names() {
    return members.keySet();
  }

  /** Whether it has this member. */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /** A text. */
  public String string(String name) throws MalformedJsonException {
    return member(name, String.class, "a text");
  }

  /** A text, if the member is there. */
  public Optional<String> optionalString(String name) throws MalformedJsonException {
    return has(name) ? Optional.of(string(name)) : Optional.empty();
  }

  /** A whole number. */
  public long number(String name) throws MalformedJsonException {
    return member(name, Long.class, "a whole number");
  }

  /** A whole number of at least zero. */
  public long natural(String name) throws MalformedJsonException {
    long number = number(name);
    if (number < 0) {
      throw new MalformedJsonException(path + name + " must not be negative");
    }
    return number;
  }

  /** An object. */
  public JsonObject object(String name) throws MalformedJsonException {
    return object(path + name, member(name, Map.class, "an object"));
  }

  /** An object, if the member is there. */
  public Optional<JsonObject> optionalObject(String name) throws MalformedJsonException {
    return has(name) ? Optional.of(object(name)) : Optional.empty();
  }

  /** A list of objects. */
  public List<JsonObject> objects(String name) throws MalformedJsonException {
    List<JsonObject> objects = new ArrayList<>();
    for (Object element : member(name, List.class, "a list")) {
      String where = path + name + "[" + objects.size() + "]";
      if (!(element instanceof Map<?, ?> map)) {
        throw new MalformedJsonException(where + " must be an object");
      }
      objects.add(object(where, map));
    }
    return objects;
  }

  /** A list of texts. */
  public List<String> strings(String name) throws MalformedJsonException {
    List<String> strings = new ArrayList<>();
    for (Object element : member(name, List.class, "a list")) {
      if (!(element instanceof String text)) {
        throw new MalformedJsonException(path + name + "[" + strings.size() + "] must be a text");
      }
      strings.add(text);
    }
    return strings;
  }

  /** All members as texts: a map that the writer chose the keys of. */
  public Map<String, String> stringMembers() throws MalformedJsonException {
    return members(String.class, "a text");
  }

  /** All members as whole numbers. */
  public Map<String, Long> numberMembers() throws MalformedJsonException {
    return members(Long.class, "a whole number");
  }

  /** Where this object lies in its document, with a dot at the end; empty for the document itself. */
  public String path() {
    return path;
  }

  private <T> T member(String name, Class<T> type, String what) throws MalformedJsonException {
    Object value = members.get(name);
    if (!members.containsKey(name)) {
      throw new MalformedJsonException(path + name + " is missing");
    } else if (!type.isInstance(value)) {
      throw new MalformedJsonException(path + name + " must be " + what);
    }
    return type.cast(value);
  }

  /** Names no key in its message: those are the document's, and may hold anything. */
  private <T> Map<String, T> members(Class<T> type, String what) throws MalformedJsonException {
    Map<String, T> all = new LinkedHashMap<>();
    for (Map.Entry<String, Object> member : members.entrySet()) {
      if (!type.isInstance(member.getValue())) {
        String where = path.isEmpty() ? "" : path.substring(0, path.length() - 1) + ": ";
        throw new MalformedJsonException(where + "each member must be " + what);
      }
      all.put(member.getKey(), type.cast(member.getValue()));
    }
    return all;
  }

  @SuppressWarnings("unchecked") // Json builds maps of this type only
  private static JsonObject object(String path, Map<?, ?> map) {
    return new JsonObject(path + ".", (Map<String, Object>) map);
  }
}
