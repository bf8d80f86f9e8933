package dev.lifeboat.storage.s3;

import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * One put. What is sent bears a random token, by which the store's answers are told apart: an object that is "there
 * already" with our token is our own, whose first answer was lost on the way and asked for again by the client.
 */
final class Putting {
  private static final String TOKEN = "lifeboat-put";

  private final S3Client client;
  private final Requests requests;
  private final Place place;
  private final Manners manners;
  private final ObjectName name;
  private final Content content;
  private final Trouble trouble;
  private final String token = UUID.randomUUID().toString();

  Putting(
      S3Client client,
      Requests requests,
      Place place,
      Manners manners,
      ObjectName name,
      Content content,
      Trouble trouble) {
    this.client = client;
    this.requests = requests;
    this.place = place;
    this.manners = manners;
    this.name = name;
    this.content = content;
    this.trouble = trouble;
  }

  StoredObject put() throws IOException {
    if (!manners.conditional() && find().isPresent()) {
      throw exists();
    }
    Optional<String> attested = send();
    HeadObjectResponse held = find()
        .orElseThrow(() -> new IOException(
            trouble.subject() + ": the store says that it is kept, and it is not there"));
    return settled(held, attested);
  }

  /** The SHA-256 that the store answers, if it does. */
  private Optional<String> send() throws IOException {
    try (Sending sending = new Sending(name, content)) {
      try {
        return sent(sending);
      } catch (RuntimeException e) {
        sending.rethrowFailure();
        return refused(e);
      }
    }
  }

  /** Not by the content: by the store, or on the way. */
  private Optional<String> refused(RuntimeException e) throws IOException {
    if (e instanceof S3Exception said && said.statusCode() == 412 && manners.conditional()) {
      requireOurs();
      return Optional.empty();
    }
    throw trouble.of(e);
  }

  private Optional<String> sent(Sending sending) {
    if (content.size() == 0) {
      sending.newStream(); // nobody else might look whether it is empty
    }
    PutObjectResponse response = client.putObject(
        requests
            .put(place.key(name), content.digest(), manners)
            .metadata(Map.of(TOKEN, token))
            .build(),
        RequestBody.fromContentProvider(sending, content.size(), "application/octet-stream"));
    return hex(response.checksumSHA256(), response.checksumType());
  }

  private void requireOurs() throws IOException {
    HeadObjectResponse found = find()
        .orElseThrow(() -> new IOException(
            trouble.subject() + ": the store says that it is there already, and it is not"));
    if (!token.equals(tokenOf(found))) {
      throw exists();
    }
  }

  private StoredObject settled(HeadObjectResponse held, Optional<String> answered)
      throws IOException {
    String found = tokenOf(held);
    if (found != null && !found.equals(token)) {
      throw exists(); // where nothing can be put on condition, somebody else came between
    }
    if (held.contentLength() == null || held.contentLength() != content.size()) {
      throw wrong(held, held.contentLength() + " bytes are kept of " + content.size());
    }
    Optional<String> attested = hex(held.checksumSHA256(), held.checksumType()).or(() -> answered);
    if (attested.isPresent() && !attested.get().equals(content.digest().sha256())) {
      throw wrong(
          held,
          "what is kept has the SHA-256 " + attested.get() + ", and was sent with "
              + content.digest().sha256());
    }
    Instant time = held.lastModified();
    if (time == null) {
      throw new IOException(trouble.subject() + ": the store does not say since when it keeps it");
    }
    return new StoredObject(
        name, held.contentLength(), time, attested.filter(sha256 -> manners.verifies()));
  }

  /** What lies there, with the checksum that the store computed. */
  private Optional<HeadObjectResponse> find() throws IOException {
    try {
      HeadObjectResponse found = client.headObject(request ->
          request.bucket(place.bucket()).key(place.key(name)).checksumMode(ChecksumMode.ENABLED));
      requireWhole(found);
      return Optional.of(found);
    } catch (S3Exception e) {
      if (e.statusCode() == 404) { // a HEAD has no body, so that is all one learns
        return Optional.empty();
      }
      throw trouble.of(e);
    } catch (RuntimeException e) {
      throw trouble.of(e);
    }
  }

  /** The JDK's HTTP client takes headers for whole where the connection was lost in the middle of them. */
  private void requireWhole(HeadObjectResponse found) throws IOException {
    String said = tokenOf(found);
    if (said != null && said.length() < token.length() && token.startsWith(said)) {
      throw new IOException(trouble.subject() + ": the store's answer was cut off");
    }
  }

  /** What is certainly ours is removed, so that it can be put again. */
  private IOException wrong(HeadObjectResponse held, String why) {
    if (!token.equals(tokenOf(held))) {
      return new IOException(trouble.subject() + ": " + why);
    }
    try {
      client.deleteObject(request -> request.bucket(place.bucket()).key(place.key(name)));
      return new IOException(trouble.subject() + ": " + why + ". It was removed.");
    } catch (RuntimeException e) {
      return new IOException(
          trouble.subject() + ": " + why + ". It could not be removed.",
          trouble.when("delete").of(e));
    }
  }

  private FileAlreadyExistsException exists() {
    return new FileAlreadyExistsException(
        place.address(place.key(name)), null, "kept already, and stays as it was");
  }

  private static @Nullable String tokenOf(HeadObjectResponse held) {
    return held.metadata().get(TOKEN);
  }

  /** Of the whole object, in hexadecimal digits; not of parts, and nothing that is no SHA-256. */
  private static Optional<String> hex(@Nullable String base64, @Nullable ChecksumType type) {
    if (base64 == null || type == ChecksumType.COMPOSITE) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      return bytes.length == 32 ? Optional.of(HexFormat.of().formatHex(bytes)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
