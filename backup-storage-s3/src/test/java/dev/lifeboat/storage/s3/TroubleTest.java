package dev.lifeboat.storage.s3;

import static dev.lifeboat.storage.s3.FakeS3.any;
import static dev.lifeboat.storage.s3.FakeS3.call;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.RetryLaterException;
import dev.lifeboat.testkit.SettableClock;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/** What a store refuses, and what the sink makes of it: the JDK's words, whole sentences, no secret. */
class TroubleTest {
  private static final ObjectName NAME = ObjectName.of("shop/orders.db");
  private static final byte[] BYTES = "the orders of a day".getBytes(US_ASCII);

  private final SettableClock clock = SettableClock.at("2026-02-14T14:30:45Z");
  private FakeS3 store;
  private S3Client client;

  @BeforeEach
  void start() throws Exception {
    store = FakeS3.start();
    client = S3Server.impatient(store.endpoint());
    sink().put(NAME, Content.of(BYTES));
  }

  @AfterEach
  void stop() {
    client.close();
    store.close();
  }

  @Test
  void aMissingObjectIsNoSuchFile() {
    assertThat(catchThrowableOfType(
            NoSuchFileException.class, () -> sink().open(ObjectName.of("shop/users.db"))))
        .hasMessage("s3://company-backups@127.0.0.1:" + store.port()
            + "/tenant/shop/users.db: no such object");
  }

  @Test
  void soIsOneBehindADeleteMarker() {
    store.answering(
        call("GET"),
        FakeS3.Answer.error(404, "NoSuchKey", "The specified key does not exist.")
            .with("x-amz-delete-marker", "true"));
    assertThat(opening(NoSuchFileException.class)).hasMessage(address() + ": no such object");
  }

  @ParameterizedTest
  @CsvSource({"404, NoSuchBucket", "404, ''", "404, NotFound"})
  void aMissingBucketOrPageIsNotAMissingObject(int status, String code) {
    store.answering(call("GET"), FakeS3.Answer.error(status, code, "not here"));
    assertThat(opening(IOException.class)).isNotInstanceOf(FileSystemException.class);
  }

  @Test
  void aMissingBucketIsNamed() {
    store.answering(any(), FakeS3.Answer.error(404, "NoSuchBucket", "No such bucket"));
    assertThat(opening(IOException.class))
        .hasMessage("cannot open " + address() + ": the bucket \"company-backups\" does not exist");
    assertThat(putting(IOException.class))
        .hasMessage("cannot put " + probe() + ": the bucket \"company-backups\" does not exist");
    assertThat(deleting(IOException.class))
        .hasMessage(
            "cannot delete " + address() + ": the bucket \"company-backups\" does not exist");
  }

  @Test
  void whatIsRefusedIsAccessDenied() {
    store.answering(any(), FakeS3.Answer.error(403, "AccessDenied", "Access Denied"));
    assertThat(opening(AccessDeniedException.class))
        .hasMessage(address() + ": may not open: HTTP 403 AccessDenied, Access Denied");
    assertThat(deleting(AccessDeniedException.class))
        .hasMessage(address() + ": may not delete: HTTP 403 AccessDenied, Access Denied");
    assertThat(catchThrowableOfType(AccessDeniedException.class, () -> sink().list("")))
        .hasMessage("s3://company-backups@127.0.0.1:" + store.port()
            + "/tenant/: may not list: HTTP 403 AccessDenied, Access Denied");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | InvalidRequest | Object is WORM protected and cannot be overwritten",
        "403 | AccessDenied | Access Denied because object protected by object lock.",
        "403 | ObjectLockedByBucketPolicy | The object is locked by the bucket policy.",
        "409 | FileImmutable | The object you specified is immutable.",
        "400 | InvalidObjectState | under retention until 2027",
        "405 | MethodNotAllowed | The specified method is not allowed against this resource."
      })
  void soIsTheDeletingOfALockedObject(int status, String code, String message) {
    store.answering(call("DELETE"), FakeS3.Answer.error(status, code, message));
    assertThat(deleting(AccessDeniedException.class))
        .hasMessage(address() + ": may not delete: HTTP " + status + " " + code + ", " + message);
  }

  @Test
  void deletingWhatSomeStoresCallMissingSucceeds() throws Exception {
    store.answering(call("DELETE"), FakeS3.Answer.error(404, "NoSuchKey", "not there"));
    sink().delete(NAME);
  }

  @Test
  void aPageForPeopleIsNoSuccess() {
    store.answering(
        any(),
        new FakeS3.Answer(
            200,
            Map.of("Content-Type", "text/html; charset=utf-8"),
            "<html>Please log in</html>".getBytes(US_ASCII)));
    String why = ": what answers is no S3 store, but sends text/html; charset=utf-8";
    assertThat(deleting(IOException.class)).hasMessage("cannot delete " + address() + why);
    assertThat(opening(IOException.class)).hasMessage("cannot open " + address() + why);
  }

  @ParameterizedTest
  @CsvSource({
    "Last-Modified, the day before yesterday",
    "x-amz-missing-meta, 1e400",
    "x-amz-mp-parts-count, many",
    "x-amz-object-lock-retain-until-date, soon"
  })
  void aHeaderThatCannotBeReadIsAnIoException(String header, String value) {
    store.changing((request, usual) -> usual.with(header, value));
    assertThat(opening(IOException.class))
        .hasMessageStartingWith("cannot open " + address() + ": ");
    assertThat(catchThrowableOfType(IOException.class, this::putUsers))
        .hasMessageStartingWith("cannot put " + address("users") + ": ");
  }

  @Test
  void anErrorPageForPeopleIsNoRiddle() {
    store.answering(
        call("GET"),
        new FakeS3.Answer(
            502, Map.of("Content-Type", "text/html"), "<html>Bad Gateway".getBytes(US_ASCII)));
    assertThat(opening(IOException.class)).hasMessage("cannot open " + address() + ": HTTP 502");
  }

  @ParameterizedTest
  @CsvSource({
    "507, InsufficientStorage",
    "507, XMinioStorageFull",
    "403, QuotaExceeded",
    "400, XMinioAdminBucketQuotaExceeded"
  })
  void aFullStoreIsNoSpace(int status, String code) {
    store.answering(call("PUT tenant/shop/users"), FakeS3.Answer.error(status, code, "Full"));
    assertThat(catchThrowableOfType(NoSpaceException.class, this::putUsers))
        .hasMessage("cannot put " + address("users") + ": the store has no room left: HTTP "
            + status + " " + code + ", Full");
  }

  @Test
  void soIsOneWhoseCapIsReached() {
    store.answering(
        call("PUT tenant/shop/users"),
        FakeS3.Answer.error(
            403, "AccessDenied", "Cannot upload files, storage cap exceeded. See the Caps page."));
    assertThat(catchThrowableOfType(NoSpaceException.class, this::putUsers)).isNotNull();
  }

  @Test
  void whatIsTooLargeSaysWhatHelps() {
    store.answering(
        call("PUT tenant/shop/users"),
        FakeS3.Answer.error(400, "EntityTooLarge", "Your proposed upload exceeds the maximum"));
    assertThat(catchThrowableOfType(IOException.class, this::putUsers))
        .hasMessage("cannot put " + address("users") + ": too large for this store, choose smaller"
            + " parts: HTTP 400 EntityTooLarge, Your proposed upload exceeds the maximum");
  }

  @Test
  void aClockThatIsOffIsNamedAndMeasured() {
    store.answering(
        call("GET"),
        FakeS3.Answer.error(
            403, "RequestTimeTooSkewed", "The difference between the times is too large."));
    clock.set(Instant.now().plus(Duration.ofSeconds(62 * 60 + 30)));
    assertThat(opening(IOException.class))
        .isNotInstanceOf(AccessDeniedException.class)
        .hasMessage("cannot open " + address()
            + ": this machine's clock is not the store's, it is 62 min ahead: HTTP 403"
            + " RequestTimeTooSkewed, The difference between the times is too large.");
    clock.set(Instant.now().minus(Duration.ofSeconds(17 * 60 + 30)));
    assertThat(opening(IOException.class)).hasMessageContaining(", it is 17 min behind: ");
  }

  @Test
  void credentialsThatExpireInTheMiddleAreNamed() throws Exception {
    S3Sink sink = sink();
    sink.put(ObjectName.of("shop/1"), Content.of(BYTES));
    store.answering(
        any(), FakeS3.Answer.error(400, "ExpiredToken", "The provided token has expired."));
    assertThat(catchThrowableOfType(
            IOException.class, () -> sink.put(ObjectName.of("shop/2"), Content.of(BYTES))))
        .hasMessage("cannot put s3://company-backups@127.0.0.1:" + store.port()
            + "/tenant/shop/2: the credentials have expired, and the client was given no newer"
            + " ones: HTTP 400 ExpiredToken, The provided token has expired.");
  }

  @Test
  void aBucketElsewhereTellsWhere() {
    store.answering(
        call("GET"),
        FakeS3.Answer.error(301, "PermanentRedirect", "Please send all future requests there.")
            .with("x-amz-bucket-region", "eu-central-1"));
    assertThat(opening(IOException.class))
        .hasMessage("cannot open " + address()
            + ": the bucket is served elsewhere, in the region eu-central-1; give the S3Client the"
            + " region and endpoint of the bucket: HTTP 301 PermanentRedirect, Please send all"
            + " future requests there.");
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    try (FakeS3 other = FakeS3.start()) {
      store.answering(
          any(), FakeS3.Answer.of(307).with("Location", other.endpoint() + "/company-backups/x"));
      assertThat(opening(IOException.class))
          .hasMessage("cannot open " + address()
              + ": the bucket is served elsewhere; give the S3Client the region and endpoint of the"
              + " bucket: HTTP 307");
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void aStoreThatAsksToBeLeftAloneIsUnderstood() {
    store.answering(
        call("GET"),
        FakeS3.Answer.error(503, "SlowDown", "Please reduce your request rate.")
            .with("Retry-After", "7"));
    assertThat(opening(RetryLaterException.class))
        .hasMessage(
            "cannot open " + address() + ": HTTP 503 SlowDown, Please reduce your request rate.")
        .satisfies(e -> assertThat(e.after()).isEqualTo(Duration.ofSeconds(7)));
  }

  @Test
  void whatMayPassIsAPlainIoException() {
    for (int status : new int[] {408, 409, 429, 500, 502, 503, 504}) {
      store.answering(call("GET"), FakeS3.Answer.error(status, "Busy" + status, "later"));
      assertThat(opening(IOException.class))
          .isExactlyInstanceOf(IOException.class)
          .hasMessage(
              "cannot open " + address() + ": HTTP " + status + " Busy" + status + ", later");
      store.forgetScripts();
    }
  }

  @Test
  void aStoreThatIsNotThereIsAnIoException() {
    store.close();
    assertThat(opening(IOException.class))
        .isExactlyInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot open " + address() + ": Unable to execute HTTP request: ");
  }

  @Test
  void anInterruptIsAnInterrupt() {
    Thread.currentThread().interrupt();
    InterruptedIOException thrown;
    boolean flag;
    try {
      thrown = catchThrowableOfType(InterruptedIOException.class, () -> sink().list(""));
    } finally {
      flag = Thread.interrupted();
    }
    assertThat(flag).isTrue();
    assertThat(thrown)
        .hasMessage(
            "cannot list s3://company-backups@127.0.0.1:" + store.port() + "/tenant/: interrupted");
  }

  @Test
  void aBodyThatIsShorterThanItSaysDoesNotEnd() throws Exception {
    store.put(
        "tenant/shop/orders.db", BYTES); // without a checksum, which the client would miss first
    store.changing((request, usual) -> request.method().equals("GET")
        ? new FakeS3.Answer(200, usual.headers(), Arrays.copyOf(usual.body(), 10))
            .with("Content-Length", "19")
        : null);
    try (InputStream in = sink().open(NAME)) {
      // the JDK may find it first, and adds its words then
      assertThat(catchThrowableOfType(IOException.class, in::readAllBytes).getMessage())
          .matches(Pattern.quote("cannot open " + address()
                  + ": the store sent 10 bytes, and had said that there are 19")
              + "(: Premature EOF)?");
    }
  }

  @Test
  void aBodyThatIsNotWhatItsChecksumSaysIsAnIoException() throws Exception {
    store.changing((request, usual) -> request.method().equals("GET")
        ? new FakeS3.Answer(200, usual.headers(), new byte[19])
        : null);
    try (InputStream in = sink().open(NAME)) {
      assertThat(catchThrowableOfType(IOException.class, in::readAllBytes))
          .hasMessageStartingWith("cannot open " + address() + ": ")
          .isNotInstanceOf(EOFException.class);
    }
  }

  @Test
  void aBugIsNoTrouble() {
    IllegalStateException bug = new IllegalStateException("a bug");
    Trouble trouble = new Trouble(Place.of("bucket", "", Optional.empty()), "put", "key", clock);
    assertThatThrownBy(() -> trouble.of(bug)).isSameAs(bug);
  }

  @Test
  void whatTheStoreSaysIsCutAndOnOneLine() {
    store.answering(
        call("GET"),
        FakeS3.Answer.error(400, "Bad&#10;Code", "line\nline\r" + "x".repeat(100_000)));
    String message = opening(IOException.class).getMessage();
    assertThat(message.lines()).hasSize(1);
    assertThat(message).hasSizeLessThan(600).endsWith("…");
  }

  @Test
  void noExceptionHoldsASecret() throws Exception {
    try (S3Client session = S3Server.builder(store.endpoint(), "-", "-")
        .credentialsProvider(StaticCredentialsProvider.create(AwsSessionCredentials.create(
            "AKIACANARY", "canary-of-the-secret-key", "canary-of-the-session-token")))
        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build()) {
      S3Sink sink = S3Sink.in(session, FakeS3.BUCKET, "tenant");
      assertThat(sink.description()).doesNotContain("canary");
      for (int status : new int[] {0, 200, 301, 400, 401, 403, 404, 409, 412, 500, 503, 507}) {
        store.forgetScripts();
        store.answering(
            any(),
            status == 0
                ? FakeS3.Answer.lost()
                : FakeS3.Answer.error(status, "Code" + status, "message"));
        assertNoSecret(catchThrowableOfType(IOException.class, () -> sink.list("")));
        assertNoSecret(catchThrowableOfType(
            IOException.class, () -> sink.put(ObjectName.of("shop/x"), Content.of(BYTES))));
      }
    }
  }

  private static void assertNoSecret(IOException e) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).isNotEmpty().doesNotContain("canary-of");
  }

  private void putUsers() throws IOException {
    sink().put(ObjectName.of("shop/users"), Content.of(BYTES));
  }

  private S3Sink sink() {
    return S3Sink.in(client, FakeS3.BUCKET, "tenant", clock);
  }

  private String address() {
    return address("orders.db");
  }

  private String address(String last) {
    return "s3://company-backups@127.0.0.1:" + store.port() + "/tenant/shop/" + last;
  }

  private String probe() {
    return "s3://company-backups@127.0.0.1:" + store.port() + "/tenant/.lifeboat-probe";
  }

  private <E extends IOException> E opening(Class<E> type) {
    return catchThrowableOfType(type, () -> sink().open(NAME).close());
  }

  private <E extends IOException> E putting(Class<E> type) {
    return catchThrowableOfType(type, () -> sink().put(NAME, Content.of(BYTES)));
  }

  private <E extends IOException> E deleting(Class<E> type) {
    return catchThrowableOfType(type, () -> sink().delete(NAME));
  }
}
