package dev.lifeboat.storage.s3;

import static dev.lifeboat.storage.s3.FakeS3.call;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.Sinks;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** No answer, a wrong one, or one that tells of somebody else: what a put makes of it. */
class LostAnswerTest {
  private static final byte[] BYTES = "the orders of a day".getBytes(US_ASCII);
  private static final ObjectName NAME = ObjectName.of("shop/orders.db");
  private static final Predicate<FakeS3.Request> PUT = call("PUT tenant/shop/orders.db");
  private static final Predicate<FakeS3.Request> HEAD = call("HEAD tenant/shop/orders.db");

  private FakeS3 store;
  private S3Client patient;
  private S3Client impatient;

  @BeforeEach
  void start() throws IOException {
    store = FakeS3.start();
    patient = S3Server.client(store.endpoint());
    impatient = S3Server.impatient(store.endpoint());
  }

  @AfterEach
  void stop() {
    patient.close();
    impatient.close();
    store.close();
  }

  @Test
  void whatTheClientTriesAgainAndFindsThereIsOurOwn() throws Exception {
    store.answeringOnceDone(PUT, FakeS3.Answer.lost());
    StoredObject stored = sink(patient).put(NAME, Content.of(BYTES));
    assertThat(stored.attested()).contains(Digest.of(BYTES).sha256());
    assertThat(store.requests()).filteredOn(PUT).hasSize(2);
    assertThat(store.bytes("tenant/shop/orders.db")).isEqualTo(BYTES);
  }

  @Test
  void alsoAfterAnErrorThatCameTooLate() throws Exception {
    store.answeringOnceDone(PUT, FakeS3.Answer.error(500, "InternalError", "We are sorry"));
    assertThat(sink(patient).put(NAME, Content.of(BYTES)).attested()).isPresent();
    assertThat(store.requests()).filteredOn(PUT).hasSize(2);
  }

  @Test
  void alsoWhereTheEngineTriesAgainAndTheClientDoesNot() throws Exception {
    store.answeringOnceDone(PUT, FakeS3.Answer.lost());
    BackupSink sink = Sinks.retrying(sink(impatient), 3, Duration.ZERO);
    assertThat(sink.put(NAME, Content.of(BYTES)).size()).isEqualTo(BYTES.length);
    assertThat(store.requests()).filteredOn(PUT).hasSize(2);
  }

  @Test
  void withoutASecondTryTheFailureIsTold() {
    store.answeringOnceDone(PUT, FakeS3.Answer.lost());
    assertThat(failure(IOException.class, impatient))
        .isNotInstanceOf(FileAlreadyExistsException.class)
        .hasMessageStartingWith("cannot put " + address() + ": Unable to execute HTTP request: ");
  }

  @Test
  void theSameBytesOfSomebodyElseAreSomebodyElses() throws Exception {
    S3Sink other = sink(patient);
    other.put(NAME, Content.of(BYTES));
    assertThat(failure(FileAlreadyExistsException.class, patient))
        .hasMessage(address() + ": kept already, and stays as it was");
  }

  @Test
  void alsoWhenTheAnswerOfOneOfThemWasLost() throws Exception {
    sink(patient).put(NAME, Content.of(BYTES));
    store.answeringOnceDone(PUT, FakeS3.Answer.lost()); // a refusal, whose answer is lost
    assertThat(failure(FileAlreadyExistsException.class, patient)).isNotNull();
  }

  @Test
  void whatBearsNoTokenAnyMoreIsNotTakenForOurs() throws Exception {
    sink(patient).exclusivePut();
    store.forgettingMetadata().answeringOnceDone(PUT, FakeS3.Answer.lost());
    assertThat(failure(FileAlreadyExistsException.class, patient)).isNotNull();
  }

  @Test
  void aTokenThatWasCutOffIsNotSomebodyElses() throws Exception {
    boolean[] cut = {true};
    store.changing((request, usual) -> {
      boolean first = HEAD.test(request) && cut[0];
      cut[0] &= !first;
      String header = "x-amz-meta-lifeboat-put";
      return first
          ? usual.with(
              header, Objects.requireNonNull(usual.headers().get(header)).substring(0, 7))
          : null;
    });
    assertThat(failure(IOException.class, impatient))
        .isNotInstanceOf(FileAlreadyExistsException.class)
        .hasMessage("cannot put " + address() + ": the store's answer was cut off");
    BackupSink sink = Sinks.retrying(sink(impatient), 3, Duration.ZERO);
    cut[0] = true;
    ObjectName another = ObjectName.of("shop/orders.db-2");
    assertThat(sink.put(another, Content.of(BYTES)).size()).isEqualTo(19);
  }

  @Test
  void whatIsSaidToBeThereAndIsNotMayBeTriedAgain() throws Exception {
    store.answeringOnce(PUT, FakeS3.Answer.error(412, "PreconditionFailed", "It is there"));
    assertThat(failure(IOException.class, impatient))
        .hasMessage("cannot put " + address() + ": the store says that it is there already, and it"
            + " is not");
    sink(impatient).put(NAME, Content.of(BYTES));
  }

  @Test
  void whatIsSaidToBeKeptAndIsNotIsAFailure() {
    store.answeringOnce(PUT, FakeS3.Answer.of(200));
    assertThat(failure(IOException.class, impatient))
        .hasMessage(
            "cannot put " + address() + ": the store says that it is kept, and it is not there");
  }

  @Test
  void soIsAnErrorThatCallsItselfSuccess() {
    FakeS3.Answer error = FakeS3.Answer.error(500, "InternalError", "We are sorry");
    store.answeringOnce(PUT, new FakeS3.Answer(200, error.headers(), error.body()));
    assertThat(failure(IOException.class, impatient))
        .hasMessage(
            "cannot put " + address() + ": the store says that it is kept, and it is not there");
  }

  @Test
  void whatIsKeptInAnotherSizeIsRemoved() {
    store.changing(told("Content-Length", "183"));
    assertThat(failure(IOException.class, impatient))
        .hasMessage("cannot put " + address() + ": 183 bytes are kept of 19. It was removed.");
    assertThat(store.keys()).doesNotContain("tenant/shop/orders.db");
  }

  @Test
  void aRetryThenPutsItAgain() throws Exception {
    boolean[] wrong = {true};
    store.changing((request, usual) -> {
      boolean first = HEAD.test(request) && wrong[0];
      wrong[0] &= !first;
      return first ? usual.with("Content-Length", "9") : null;
    });
    BackupSink sink = Sinks.retrying(sink(impatient), 3, Duration.ZERO);
    assertThat(sink.put(NAME, Content.of(BYTES)).size()).isEqualTo(19);
    assertThat(store.bytes("tenant/shop/orders.db")).isEqualTo(BYTES);
  }

  @Test
  void whereNothingCanBeRemovedThatIsSaid() {
    store
        .changing(told("Content-Length", "9"))
        .answering(call("DELETE"), FakeS3.Answer.error(403, "AccessDenied", "Access Denied"));
    assertThat(failure(IOException.class, impatient))
        .hasMessage(
            "cannot put " + address() + ": 9 bytes are kept of 19. It could not be removed.")
        .cause()
        .hasMessage(address() + ": may not delete: HTTP 403 AccessDenied, Access Denied");
  }

  @Test
  void whatIsNotCertainlyOursIsNotRemoved() {
    store.forgettingMetadata().changing(told("Content-Length", "9"));
    assertThat(failure(IOException.class, impatient))
        .hasMessage("cannot put " + address() + ": 9 bytes are kept of 19");
    assertThat(store.keys()).contains("tenant/shop/orders.db");
  }

  @Test
  void whatIsKeptWithAnotherChecksumIsRemoved() {
    String other = Digest.of(new byte[19]).sha256();
    store.changing(told("x-amz-checksum-sha256", Requests.base64(other)));
    assertThat(failure(IOException.class, impatient))
        .hasMessage("cannot put " + address() + ": what is kept has the SHA-256 " + other
            + ", and was sent with " + Digest.of(BYTES).sha256() + ". It was removed.");
    assertThat(store.keys()).doesNotContain("tenant/shop/orders.db");
  }

  @Test
  void aChecksumOfPartsIsNoneOfTheWhole() throws Exception {
    store
        .tellingNoChecksums()
        .changing(told("x-amz-checksum-type", "COMPOSITE"))
        .changing(
            told("x-amz-checksum-sha256", Requests.base64(Digest.of(new byte[3]).sha256())));
    assertThat(sink(impatient).put(NAME, Content.of(BYTES)).attested()).isEmpty();
  }

  @Test
  void aConflictOfConditionsMayBeTriedAgain() throws Exception {
    store.answeringOnce(
        PUT, FakeS3.Answer.error(409, "ConditionalRequestConflict", "Another one is under way"));
    BackupSink sink = Sinks.retrying(sink(patient), 3, Duration.ZERO);
    assertThat(sink.put(NAME, Content.of(BYTES)).size()).isEqualTo(19);
    store.answering(
        PUT, FakeS3.Answer.error(409, "ConditionalRequestConflict", "Another one is under way"));
    assertThat(failure(IOException.class, patient))
        .hasMessage("cannot put " + address() + ": HTTP 409 ConditionalRequestConflict, Another"
            + " one is under way");
  }

  @Test
  void withoutConditionsItIsLookedFirst() throws Exception {
    store.ignoringConditions();
    store.put("tenant/shop/orders.db", new byte[3]);
    assertThat(failure(FileAlreadyExistsException.class, patient))
        .hasMessage(address() + ": kept already, and stays as it was");
    assertThat(store.requests()).filteredOn(PUT).isEmpty();
    assertThat(store.bytes("tenant/shop/orders.db")).isEqualTo(new byte[3]);
  }

  @Test
  void withoutConditionsWhoWasReplacedAtTheSameMomentIsToldSo() {
    store.ignoringConditions().changing((request, usual) -> {
      if (PUT.test(request)) {
        store.keep(
            "tenant/shop/orders.db", new byte[3], "x-amz-meta-lifeboat-put", "somebody else's");
      }
      return null;
    });
    assertThat(failure(FileAlreadyExistsException.class, patient)).isNotNull();
    assertThat(store.bytes("tenant/shop/orders.db")).isEqualTo(new byte[3]);
  }

  private static FakeS3.Script told(String header, String value) {
    return (request, usual) -> HEAD.test(request) ? usual.with(header, value) : null;
  }

  private static S3Sink sink(S3Client client) {
    return S3Sink.in(client, FakeS3.BUCKET, "tenant");
  }

  private String address() {
    return "s3://company-backups@127.0.0.1:" + store.port() + "/tenant/shop/orders.db";
  }

  private static <E extends IOException> E failure(Class<E> type, S3Client client) {
    return catchThrowableOfType(type, () -> sink(client).put(NAME, Content.of(BYTES)));
  }
}
