package dev.lifeboat;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The machine we run on. */
final class Host {
  private Host() {}

  /** Its name, as far as it knows it. */
  static String name() {
    for (String variable : new String[] {"HOSTNAME", "COMPUTERNAME"}) {
      String name = System.getenv(variable);
      if (name != null && !name.isBlank()) {
        return name;
      }
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
