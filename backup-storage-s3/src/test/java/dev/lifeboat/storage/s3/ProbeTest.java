package dev.lifeboat.storage.s3;

import static dev.lifeboat.storage.s3.FakeS3.call;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** What a store honours is found out by trying, and trying leaves nothing that surprises. */
class ProbeTest {
  private static final byte[] BYTES = "the orders of a day".getBytes(US_ASCII);
  private static final FakeS3.Answer NOT_IMPLEMENTED = FakeS3.Answer.error(
      501, "NotImplemented", "A header you provided implies functionality that is not implemented");
  private static final FakeS3.Answer DENIED =
      FakeS3.Answer.error(403, "AccessDenied", "Access Denied");

  private FakeS3 store;
  private S3Client client;

  @BeforeEach
  void start() throws IOException {
    store = FakeS3.start();
    client = S3Server.impatient(store.endpoint());
  }

  @AfterEach
  void stop() {
    client.close();
    store.close();
  }

  @Test
  void aStoreThatHonoursEverythingAttests() throws Exception {
    assertThat(sink().exclusivePut()).isTrue();
    assertThat(put().attested()).contains(Digest.of(BYTES).sha256());
    assertThat(store.keys()).containsExactly("tenant/.lifeboat-probe", "tenant/shop/orders.db");
  }

  @Test
  void theNextProcessWritesNothingToFindOut() throws Exception {
    assertThat(sink().exclusivePut()).isTrue();
    store.forgetRequests();
    assertThat(sink().exclusivePut()).isTrue();
    assertThat(store.calls())
        .containsExactly(
            "PUT tenant/.lifeboat-probe", // there already
            "PUT tenant/.lifeboat-probe-checksum"); // refused
    assertThat(store.keys()).containsExactly("tenant/.lifeboat-probe");
  }

  @Test
  void aStoreThatIgnoresConditionsIsSeenThrough() throws Exception {
    store.ignoringConditions();
    assertThat(sink().exclusivePut()).isFalse();
    assertThat(put().attested()).isPresent();
    assertThat(requestsFor("PUT tenant/shop/orders.db", "if-none-match")).isZero();
  }

  @Test
  void aStoreThatDoesNotKnowConditionsIsNotAskedForThem() throws Exception {
    store.answering(has("if-none-match"), NOT_IMPLEMENTED);
    assertThat(sink().exclusivePut()).isFalse();
    assertThat(put().attested()).contains(Digest.of(BYTES).sha256());
  }

  @Test
  void neitherIfItCallsThemInvalid() throws Exception {
    store.answering(
        has("if-none-match"), FakeS3.Answer.error(400, "InvalidArgument", "If-None-Match: *?"));
    assertThat(sink().exclusivePut()).isFalse();
    assertThat(put().attested()).isPresent();
  }

  @Test
  void aStoreThatTakesNoSha256IsReadBack() throws Exception {
    store.answering(has("x-amz-checksum-sha256"), NOT_IMPLEMENTED);
    assertThat(sink().exclusivePut()).isTrue();
    assertThat(put().attested()).isEmpty();
    assertThat(store.keys()).doesNotContain("tenant/.lifeboat-probe-checksum");
  }

  @Test
  void aStoreThatKnowsNeitherIsAskedForNeither() throws Exception {
    store
        .answering(has("x-amz-checksum-sha256"), NOT_IMPLEMENTED)
        .answering(has("if-none-match"), NOT_IMPLEMENTED);
    assertThat(sink().exclusivePut()).isFalse();
    assertThat(put().attested()).isEmpty();
    assertThat(store.bytes("tenant/shop/orders.db")).isEqualTo(BYTES);
  }

  @Test
  void anAnswerFromSomewhereOnTheWayProvesNothing() throws Exception {
    FakeS3.Answer anyhow = FakeS3.Answer.error(400, "RequestTimeout", "Your socket was idle");
    store
        .echoingChecksums()
        .answeringOnce(FakeS3.call("PUT tenant/.lifeboat-probe-checksum"), anyhow);
    assertThat(put().attested()).isEmpty();
    store.forgetScripts();
    store.answeringOnce(has("if-none-match"), FakeS3.Answer.error(400, "BadRequest", "proxy"));
    assertThat(sink().exclusivePut()).isTrue();
  }

  @Test
  void aRefusalInOtherWordsIsBelievedTheSecondTime() throws Exception {
    store.answering(
        FakeS3.call("PUT tenant/.lifeboat-probe-checksum"),
        FakeS3.Answer.error(400, "InvalidRequest", "not the checksum"));
    assertThat(put().attested()).isPresent();
    assertThat(store.calls())
        .filteredOn(call -> call.startsWith("PUT tenant/.lifeboat-probe-checksum"))
        .hasSize(2);
  }

  @Test
  void aStoreThatTellsTheChecksumItWasSentAttestsNothing() throws Exception {
    store.echoingChecksums();
    assertThat(sink().exclusivePut()).isTrue();
    assertThat(put().attested()).isEmpty();
    assertThat(store.keys()).containsExactly("tenant/.lifeboat-probe", "tenant/shop/orders.db");
  }

  @Test
  void aStoreThatLooksAndDoesNotTellAttestsNothing() throws Exception {
    store.tellingNoChecksums();
    assertThat(put().attested()).isEmpty();
  }

  @Test
  void whoMayNotDeleteLeavesOneObjectAndNeverMore() throws Exception {
    store.answering(call("DELETE"), DENIED);
    for (int process = 0; process < 3; process++) {
      assertThat(sink().exclusivePut()).isTrue();
    }
    assertThat(store.keys()).containsExactly("tenant/.lifeboat-probe");
    assertThat(sink().list("")).isEmpty();
    assertThat(new String(store.bytes("tenant/.lifeboat-probe"), US_ASCII))
        .isEqualTo("Lifeboat finds out with this object whether the store replaces what it has,"
            + " and whether it\nlooks at checksums. It may be removed: the next process that makes a"
            + " backup puts it again.\n");
  }

  @Test
  void norMoreThanTwoInAStoreThatDoesNotLookAtChecksums() throws Exception {
    store.echoingChecksums().answering(call("DELETE"), DENIED);
    for (int process = 0; process < 3; process++) {
      assertThat(put("shop/orders." + process).attested()).isEmpty();
    }
    assertThat(store.keys())
        .filteredOn(key -> key.contains("probe"))
        .containsExactly("tenant/.lifeboat-probe", "tenant/.lifeboat-probe-checksum");
    assertThat(sink().list("")).hasSize(3);
  }

  @Test
  void aFailureIsNotRemembered() throws Exception {
    store.answeringOnce(call("PUT"), FakeS3.Answer.error(500, "InternalError", "We are sorry"));
    S3Sink sink = sink();
    assertThat(catchThrowableOfType(IOException.class, sink::exclusivePut))
        .hasMessage("cannot put " + address() + "/.lifeboat-probe: HTTP 500 InternalError, We are"
            + " sorry");
    assertThat(sink.exclusivePut()).isTrue();
  }

  @Test
  void whoMayNotWriteIsToldSoAndMayRead() throws Exception {
    put();
    store.answering(call("PUT"), DENIED);
    S3Sink sink = sink();
    assertThat(sink.list("")).hasSize(1);
    sink.open(ObjectName.of("shop/orders.db")).close();
    assertThat(catchThrowableOfType(
            AccessDeniedException.class,
            () -> sink.put(ObjectName.of("shop/users.db"), Content.of(BYTES))))
        .hasMessage(
            address() + "/.lifeboat-probe: may not put: HTTP 403 AccessDenied, Access" + " Denied");
  }

  @Test
  void aPolicyAgainstTheProbeOfChecksumsCostsOnlyTheReadingBack() throws Exception {
    store.answering(call("PUT tenant/.lifeboat-probe-checksum"), DENIED);
    assertThat(put().attested()).isEmpty();
  }

  private S3Sink sink() {
    return S3Sink.in(client, FakeS3.BUCKET, "tenant");
  }

  private String address() {
    return "s3://company-backups@127.0.0.1:" + store.port() + "/tenant";
  }

  private StoredObject put() throws IOException {
    return put("shop/orders.db");
  }

  private StoredObject put(String name) throws IOException {
    return sink().put(ObjectName.of(name), Content.of(BYTES));
  }

  private long requestsFor(String call, String header) {
    return store.requests().stream().filter(call(call).and(has(header))).count();
  }

  private static Predicate<FakeS3.Request> has(String header) {
    return request -> request.header(header).isPresent();
  }
}
