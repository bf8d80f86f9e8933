package dev.lifeboat.storage.s3;

import dev.lifeboat.sink.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Tries out what a store honours, at first use: no vendor's word is taken for it.
 *
 * <p>It does so with two objects that no listing of ours shows. {@link #ONCE} is put where it is not there yet, and stays:
 * so the next process sees at its first request that it cannot be replaced, and credentials that cannot delete leave
 * no heap of attempts behind. {@link #WRONG} is put with the SHA-256 of something else, so it is there only in stores
 * that do not look, until it is removed.
 */
final class Probe {
  static final String ONCE = ".lifeboat-probe";
  static final String WRONG = ".lifeboat-probe-checksum";

  private static final byte[] TEXT = """
      Lifeboat finds out with this object whether the store replaces what it has, and whether it
      looks at checksums. It may be removed: the next process that makes a backup puts it again.
      """.getBytes(StandardCharsets.US_ASCII);
  private static final Set<String> NOT_UNDERSTOOD = Set.of(
      "NotImplemented", "InvalidArgument", "InvalidRequest", "InvalidHeader", "BadRequest", "");

  private static final Set<String> WRONG_CHECKSUM = Set.of(
      "BadDigest", "InvalidDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch");

  private enum Answer {
    KEPT,
    THERE_ALREADY,
    NOT_UNDERSTOOD
  }

  private final S3Client client;
  private final Requests requests;
  private final String folder;
  private final Trouble trouble;
  private @Nullable Manners manners;

  Probe(S3Client client, Requests requests, String folder, Trouble trouble) {
    this.client = client;
    this.requests = requests;
    this.folder = folder;
    this.trouble = trouble;
  }

  /** What was found; who comes while it is being tried out waits. A failure is not remembered. */
  synchronized Manners manners() throws IOException {
    if (manners == null) {
      try {
        manners = tryOut();
      } catch (RuntimeException e) {
        throw trouble.of(e);
      }
    }
    return manners;
  }

  private Manners tryOut() {
    Manners all = new Manners(true, true, false);
    Manners found = all;
    Answer first = put(all);
    if (first == Answer.NOT_UNDERSTOOD) {
      first = put(all); // a single such answer may come from anywhere on the way
    }
    if (first == Answer.NOT_UNDERSTOOD) {
      found = understood();
      first = found.conditional() ? put(found) : Answer.KEPT;
    }
    boolean conditional = found.conditional()
        && (first == Answer.THERE_ALREADY || put(found) == Answer.THERE_ALREADY);
    found = new Manners(conditional, found.checksums(), false);
    return new Manners(conditional, found.checksums(), found.checksums() && refusesWrong(found));
  }

  /** The most that it understands of the two headers. */
  private Manners understood() {
    Manners withoutCondition = new Manners(false, true, false);
    Manners withoutChecksum = new Manners(true, false, false);
    if (put(withoutCondition) != Answer.NOT_UNDERSTOOD) {
      return withoutCondition;
    } else if (put(withoutChecksum) != Answer.NOT_UNDERSTOOD) {
      return withoutChecksum;
    }
    Manners bare = new Manners(false, false, false);
    send(ONCE, Digest.of(TEXT), bare); // if it fails, it was not for the headers
    return bare;
  }

  private Answer put(Manners asked) {
    try {
      send(ONCE, Digest.of(TEXT), asked);
      return Answer.KEPT;
    } catch (S3Exception e) {
      if (e.statusCode() == 412) {
        return Answer.THERE_ALREADY;
      } else if (e.statusCode() == 501
          || (e.statusCode() == 400 && NOT_UNDERSTOOD.contains(Trouble.code(e)))) {
        return Answer.NOT_UNDERSTOOD;
      }
      throw e;
    }
  }

  /**
   * The right checksum was taken, so what is refused now is refused for being wrong. Where the store does not say so, the
   * right one must be taken again, and the wrong one refused again: an answer of another origin proves nothing.
   */
  private boolean refusesWrong(Manners asked) {
    Optional<String> code = refusalOfWrong(asked);
    if (code.isPresent() && !WRONG_CHECKSUM.contains(code.get())) {
      put(asked);
      code = refusalOfWrong(asked);
    }
    return code.isPresent();
  }

  /** The code of the error by which it was refused. */
  private Optional<String> refusalOfWrong(Manners asked) {
    try {
      send(WRONG, new Digest(TEXT.length, Digest.of(new byte[0]).sha256()), asked);
    } catch (S3Exception e) {
      if (e.statusCode() == 400) {
        return Optional.of(Trouble.code(e));
      } else if (e.statusCode() != 412 && e.statusCode() != 403) {
        throw e;
      } // it was taken by an earlier attempt, or it cannot be learnt
    }
    removeWrong();
    return Optional.empty();
  }

  private void removeWrong() {
    try {
      client.deleteObject(request -> request.bucket(requests.bucket()).key(folder + WRONG));
    } catch (S3Exception e) {
      return; // who may not delete finds it there next time, and knows what it means
    }
  }

  private void send(String name, Digest said, Manners asked) {
    client.putObject(
        requests.plain(folder + name, said, asked).build(), RequestBody.fromBytes(TEXT));
  }
}
