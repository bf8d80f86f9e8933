package dev.lifeboat.testkit;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A request that came to a {@link FaultProxy}.
 *
 * @param method in capitals, {@code PROPFIND}
 * @param target path and query as they were sent, not decoded
 * @param headers as they were sent, {@code Depth: 1}
 */
public record ProxiedRequest(String method, String target, List<String> headers) {
  /** The lists are not to be changed. */
  public ProxiedRequest {
    headers = List.copyOf(headers);
  }

  static ProxiedRequest of(HttpHead head) {
    return new ProxiedRequest(
        head.word(0), head.word(1), head.lines().subList(1, head.lines().size()));
  }

  /** Whether this is its method. */
  public boolean is(String method) {
    return this.method.equals(method);
  }

  /** The target up to its query. */
  public String path() {
    return target.split("\\?", 2)[0];
  }

  /** The first of this name, whatever its capitals. */
  public Optional<String> header(String name) {
    return head().header(name);
  }

  private HttpHead head() {
    return new HttpHead(Stream.concat(Stream.of(toString()), headers.stream()).toList());
  }

  @Override
  public String toString() {
    return method + " " + target;
  }
}
