package dev.lifeboat.storage.s3;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.StorageClass;

/**
 * Keeps objects in a bucket: {@code S3Sink.in(client, "company-backups", "shop")}.
 *
 * <p>The client is the host's: its credentials, region, endpoint, HTTP client, timeouts and retries are the ones used, and
 * the host closes it. Where its endpoint comes from other people, the host decides which ones are allowed. An object's
 * name follows the prefix as its key. Each is put by one request, with its length, its SHA-256 and never in {@code
 * aws-chunked} framing, and looked at once more.
 *
 * <p>Stores that call themselves S3 differ, so the first put, or {@link #exclusivePut}, tries out what this one does; that
 * leaves an object {@code .lifeboat-probe} below the prefix, which no listing shows.
 *
 * <ul>
 *   <li><b>Write once.</b> Where the store honours {@code If-None-Match: *}, a put never replaces. Where it does not, a put
 *       looks first whether there is something: of two at the same moment, the later may replace the earlier.
 *   <li><b>Attested.</b> Where the store refuses bytes that have not the SHA-256 that came with them and tells the one it
 *       computed, objects are attested by it when they are put. Anything else, and what is listed, is not.
 *   <li><b>Versions.</b> In a bucket with versions, a delete leaves the old version behind a delete marker. Only current
 *       versions are read and listed.
 * </ul>
 *
 * <p>Immutable, and safe for several threads. A thread that is interrupted in the client gets an {@link
 * java.io.InterruptedIOException}, its flag set; how soon depends on the HTTP client.
 */
public final class S3Sink implements BackupSink {
  private final S3Client client;
  private final Place place;
  private final Requests requests;
  private final Clock clock;
  private final Probe probe;

  private S3Sink(S3Client client, Place place, Requests requests, Clock clock) {
    this.client = client;
    this.place = place;
    this.requests = requests;
    this.clock = clock;
    this.probe =
        new Probe(client, requests, place.folder(), trouble("put", place.folder() + Probe.ONCE));
  }

  /**
   * A sink in this bucket. Nothing is read or written yet.
   *
   * @param client stays the host's, who closes it when no verb runs any more
   * @param bucket must exist; its name, or the ARN of an access point
   * @param prefix what all keys begin with, in the words of an {@link ObjectName}, with or without a last {@code "/"}: {@code
   *     "shop"}; {@code ""} for the whole bucket
   * @throws IllegalArgumentException if {@code bucket} or {@code prefix} is not such a name
   */
  public static S3Sink in(S3Client client, String bucket, String prefix) {
    return in(client, bucket, prefix, Clock.systemUTC());
  }

  static S3Sink in(S3Client client, String bucket, String prefix, Clock clock) {
    Objects.requireNonNull(client, "client");
    Objects.requireNonNull(bucket, "bucket");
    Objects.requireNonNull(prefix, "prefix");
    return new S3Sink(
        client,
        Place.of(bucket, prefix, endpoint(client)),
        new Requests(bucket, Optional.empty(), Optional.empty(), Optional.empty()),
        clock);
  }

  /**
   * The same, with another storage class for what is put; without, the store's default. Objects are read back right after
   * they were put, and series are small at first: mind what a class charges for reading and for a shortest time.
   *
   * @throws IllegalArgumentException if objects of this class cannot be read at once, or it was given already
   */
  public S3Sink storageClass(StorageClass storageClass) {
    Objects.requireNonNull(storageClass, "storageClass");
    if (storageClass == StorageClass.GLACIER
        || storageClass == StorageClass.DEEP_ARCHIVE
        || storageClass == StorageClass.UNKNOWN_TO_SDK_VERSION) {
      throw new IllegalArgumentException(
          storageClass + " cannot be used: backups must be readable at once");
    }
    requireNotGiven(requests.storageClass(), "storageClass");
    return with(new Requests(
        requests.bucket(), Optional.of(storageClass), requests.encryption(), requests.kmsKeyId()));
  }

  /**
   * The same, where the store encrypts what is put under keys of its own (SSE-S3). It protects the store's disks; from who
   * may read the bucket, only encryption of the backups does.
   *
   * @throws IllegalArgumentException if an encryption was given already
   */
  public S3Sink encryptedByStore() {
    return encrypted(ServerSideEncryption.AES256, Optional.empty());
  }

  /**
   * The same, where the store encrypts what is put under a key of its key service (SSE-KMS). Who reads needs the right to
   * use it.
   *
   * @param keyId its id, ARN or alias
   * @throws IllegalArgumentException if it is blank, or an encryption was given already
   */
  public S3Sink encryptedByKms(String keyId) {
    Objects.requireNonNull(keyId, "keyId");
    if (keyId.isBlank()) {
      throw new IllegalArgumentException("keyId must not be blank");
    }
    return encrypted(ServerSideEncryption.AWS_KMS, Optional.of(keyId));
  }

  /**
   * {@inheritDoc}
   *
   * @throws FileAlreadyExistsException if an object of this name is kept already; it stays as it was
   * @throws NoSpaceException if the store says that it is full or a quota used up
   * @throws AccessDeniedException if the credentials are wrong or do not allow it
   */
  @Override
  public StoredObject put(ObjectName name, Content content) throws IOException {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(content, "content");
    Trouble trouble = trouble("put", place.key(name));
    return new Putting(client, requests, place, probe.manners(), name, content, trouble).put();
  }

  /**
   * {@inheritDoc}
   *
   * @throws NoSuchFileException if there is none of this name; never because the bucket is missing
   * @throws AccessDeniedException if the credentials are wrong or do not allow it
   */
  @Override
  public InputStream open(ObjectName name) throws IOException {
    String key = place.key(name);
    Trouble trouble = trouble("open", key);
    try {
      ResponseInputStream<GetObjectResponse> in = client.getObject(
          request -> request.bucket(place.bucket()).key(key).checksumMode(ChecksumMode.ENABLED));
      return received(in, trouble);
    } catch (RuntimeException e) {
      throw trouble.of(e);
    }
  }

  private Receiving received(ResponseInputStream<GetObjectResponse> in, Trouble trouble)
      throws IOException {
    try {
      trouble.requireStore(in.response());
      if (in.response().contentLength() == null) {
        throw new IOException(trouble.subject() + ": the store does not say how long it is");
      }
      return new Receiving(in, trouble, callTimeout());
    } catch (IOException e) {
      in.abort();
      throw e;
    }
  }

  @Override
  public List<StoredObject> list(String folder) throws IOException {
    ObjectName.requireFolder(folder);
    Trouble trouble = trouble("list", place.folder() + folder);
    return new Listing(client, place, folder, trouble).read();
  }

  /**
   * {@inheritDoc}
   *
   * @throws AccessDeniedException if the credentials do not allow it, or the object is locked
   */
  @Override
  public void delete(ObjectName name) throws IOException {
    String key = place.key(name);
    Trouble trouble = trouble("delete", key);
    try {
      SdkResponse response =
          client.deleteObject(request -> request.bucket(place.bucket()).key(key));
      trouble.requireStore(response);
    } catch (RuntimeException e) {
      IOException told = trouble.of(e);
      if (!(told instanceof NoSuchFileException)) { // as some stores say
        throw told;
      }
    }
  }

  @Override
  public boolean exclusivePut() throws IOException {
    return probe.manners().conditional();
  }

  /**
   * False, though most clients do: they try again what broke off on the way, and not what the store asks to try again or
   * keeps wrong.
   */
  @Override
  public boolean retriesItself() {
    return false;
  }

  /**
   * {@code "s3://company-backups/shop"}; for a client with an endpoint of its own {@code
   * "s3://company-backups@minio.example.com:9000/shop"}.
   */
  @Override
  public String description() {
    return place.toString();
  }

  private S3Sink encrypted(ServerSideEncryption encryption, Optional<String> keyId) {
    requireNotGiven(requests.encryption(), "encryption by the store");
    return with(
        new Requests(requests.bucket(), requests.storageClass(), Optional.of(encryption), keyId));
  }

  private S3Sink with(Requests changed) {
    return new S3Sink(client, place, changed, clock);
  }

  private Trouble trouble(String verb, String key) {
    return new Trouble(place, verb, key, clock);
  }

  private static void requireNotGiven(Optional<?> option, String what) {
    if (option.isPresent()) {
      throw new IllegalArgumentException(what + " was given already");
    }
  }

  /** What the host lets a call last, if it says so. */
  private Optional<Duration> callTimeout() {
    try {
      return client.serviceClientConfiguration().overrideConfiguration().apiCallTimeout();
    } catch (UnsupportedOperationException e) { // a client that somebody has wrapped
      return Optional.empty();
    }
  }

  /** Host and port: not the scheme, which may be changed, and nothing that could be a secret. */
  private static Optional<String> endpoint(S3Client client) {
    try {
      return client.serviceClientConfiguration().endpointOverride().map(S3Sink::hostAndPort);
    } catch (UnsupportedOperationException e) { // a client that somebody has wrapped
      return Optional.empty();
    }
  }

  private static String hostAndPort(URI endpoint) {
    String authority = String.valueOf(endpoint.getRawAuthority());
    return authority.substring(authority.lastIndexOf('@') + 1);
  }
}
