package dev.lifeboat.examples.benchmarks;

import dev.lifeboat.storage.s3.S3Server;
import java.nio.file.Path;

/** An S3 server in a process of its own, {@code S3Process <directory>}: prints its address, and ends when its input does. */
public final class S3Process {
  private S3Process() {}

  /** See the class. */
  public static void main(String[] args) throws Exception {
    try (S3Server server = S3Server.over(Path.of(args[0]))) {
      System.out.println(server.endpoint());
      while (System.in.read() >= 0) {
        // whoever started it is there
      }
    }
    System.exit(0); // the server has threads that stay
  }
}
