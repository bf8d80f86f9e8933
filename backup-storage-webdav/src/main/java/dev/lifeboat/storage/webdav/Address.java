package dev.lifeboat.storage.webdav;

import java.net.URI;
import java.util.Locale;

/** The address of a sink's collection. */
final class Address {
  private Address() {}

  /**
   * With a slash at its end, in ASCII.
   *
   * @throws IllegalArgumentException which does not repeat what may hold a secret
   */
  static URI checked(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalArgumentException("the collection's address must begin with https://");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("the collection's address must name a host");
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "the collection's address must not hold a user or password; give them to basic(...)");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "the collection's address must have no query and no fragment");
    }
    String path = uri.normalize().getRawPath();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String slash = path.endsWith("/") ? "" : "/";
    URI address = URI.create(
        URI.create(scheme + "://" + uri.getHost() + port + path + slash).toASCIIString());
    Href.segments(address);
    return address;
  }
}
