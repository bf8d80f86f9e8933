package dev.lifeboat.postgres;

/** Where one server listens. */
record Endpoint(String host, int port) {
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
