package dev.lifeboat.storage.s3;

import static dev.lifeboat.storage.s3.FakeS3.call;
import static dev.lifeboat.storage.s3.FakeS3.entry;
import static dev.lifeboat.storage.s3.FakeS3.listing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/** A listing is complete or an exception, whatever the store sends. */
class ListingTest {
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

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 49, 50, 51})
  void pagesOfAnySizeMakeOneListing(int size) throws Exception {
    List<String> names = IntStream.range(0, 50)
        .mapToObj(i -> String.format(Locale.ROOT, "catalog/%02d.json", i))
        .toList();
    names.forEach(name -> store.put("shop/" + name, new byte[3]));
    store.withPagesOf(size);
    assertThat(sink().list("catalog/")).extracting(o -> o.name().value()).isEqualTo(names);
    assertThat(store.requests()).hasSize((50 + size - 1) / size);
  }

  @Test
  void whatIsNotOursIsLeftOut() throws Exception {
    for (String key : List.of(
        "shop",
        "shop/",
        "shop/.lifeboat-probe",
        "shop/a//b",
        "shop/../up",
        "shop/ä ö?%2F#&+<>\"'",
        "shop/con",
        "shop/folder/",
        "shop/ours",
        "shop/ours.",
        "shopping/list",
        "top")) {
      store.put(key, new byte[3]);
    }
    assertThat(names(sink())).containsExactly("ours");
  }

  /** XML has no way to write a control character. */
  @Test
  void whatXmlCannotSayIsAskedForInAnotherWayAndLeftOut() throws Exception {
    answer(listing(entry("shop/a%01b", 1) + entry("shop/ours", 1), false)
        .replace("<IsTruncated>", "<EncodingType>url</EncodingType><IsTruncated>"));
    assertThat(names(sink())).containsExactly("ours");
    assertThat(store.requests())
        .allMatch(request -> "url".equals(request.query().get("encoding-type")));
  }

  @Test
  void keysOutsideTheFolderAreLeftOutToo() throws Exception {
    answer(listing(entry("other/x", 1) + entry("shop/a", 1) + entry("shop/b/c", 1), false));
    assertThat(names(sink())).containsExactly("a", "b/c");
    assertThat(sink().list("b/")).extracting(o -> o.name().value()).containsExactly("b/c");
  }

  @Test
  void moreToComeWithoutATokenIsAnError() {
    answer(listing(entry("shop/a", 1), true));
    assertCannotBeTrusted("more is to follow, and no token tells how to ask for it");
  }

  @Test
  void aTokenThatComesAgainIsAnError() {
    answer(truncated(entry("other/a", 1), "again"));
    assertCannotBeTrusted("the token of the next page was there before");
    assertThat(store.requests()).hasSize(2);
  }

  @Test
  void aPageThatComesTwiceIsAnError() {
    store.answeringOnce(call("LIST"), page(truncated(entry("shop/a", 1), "next")));
    answer(listing(entry("shop/a", 1), false));
    assertCannotBeTrusted("a comes twice");
  }

  @Test
  void namesOutOfOrderAreAnError() {
    answer(listing(entry("shop/b", 1) + entry("shop/a", 1), false));
    assertCannotBeTrusted("a comes after b");
  }

  @Test
  void aPageThatIsShorterThanItSaysIsAnError() {
    answer(listing(entry("shop/a", 1), false)
        .replace("<IsTruncated>", "<KeyCount>2</KeyCount><IsTruncated>"));
    assertCannotBeTrusted("a page has 1 objects, and says it has 2");
  }

  @Test
  void whatIsNoListingIsNotAnEmptyOne() {
    answer("<html><body>Please log in</body></html>");
    assertCannotBeTrusted("a page does not say whether more follow");
  }

  @Test
  void anObjectWithoutASizeIsAnError() {
    answer(listing(entry("shop/a", 1).replace("<Size>1</Size>", ""), false));
    assertCannotBeTrusted("a has no size or no time");
  }

  @Test
  void pagesWithoutObjectsDoNotGoOnForEver() {
    int[] page = {0};
    store.changing((request, usual) -> page(truncated("", "page " + page[0]++)));
    assertCannotBeTrusted("more than 1000 pages without an object");
  }

  @Test
  void aListingThatBreaksOffIsAnError() {
    answer("<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>shop/a</Key>");
    assertThat(failure()).hasMessageStartingWith("cannot list " + address() + ": ");
  }

  @Test
  void anErrorOnALaterPageIsAnError() {
    store.answeringOnce(call("LIST"), page(truncated(entry("shop/a", 1), "next")));
    store.answering(call("LIST"), FakeS3.Answer.error(500, "InternalError", "We are sorry"));
    assertThat(failure())
        .hasMessage("cannot list " + address() + ": HTTP 500 InternalError, We are sorry");
  }

  @Test
  void noBucketIsNoEmptyBucket() {
    store.answering(
        call("LIST"),
        FakeS3.Answer.error(404, "NoSuchBucket", "The specified bucket does not exist"));
    assertThat(failure())
        .isNotInstanceOf(NoSuchFileException.class)
        .hasMessage("cannot list " + address() + ": the bucket \"company-backups\" does not exist");
  }

  private void answer(String xml) {
    store.answering(call("LIST"), page(xml));
  }

  private static FakeS3.Answer page(String xml) {
    return FakeS3.Answer.xml(200, xml);
  }

  private static String truncated(String entries, String token) {
    return listing(entries, true)
        .replace(
            "</ListBucketResult>",
            "<NextContinuationToken>" + token + "</NextContinuationToken></ListBucketResult>");
  }

  private S3Sink sink() {
    return S3Sink.in(client, FakeS3.BUCKET, "shop/");
  }

  private String address() {
    return "s3://company-backups@127.0.0.1:" + store.port() + "/shop/";
  }

  private static List<String> names(S3Sink sink) throws IOException {
    return sink.list("").stream().map(StoredObject::name).map(Object::toString).toList();
  }

  private IOException failure() {
    return catchThrowableOfType(IOException.class, () -> sink().list(""));
  }

  private void assertCannotBeTrusted(String why) {
    assertThat(failure())
        .hasMessage("cannot list " + address() + ": the listing cannot be trusted: " + why);
  }
}
