package dev.lifeboat.storage.s3;

import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.RetryLaterException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What the client's exceptions mean, in the JDK's words. The store's own words are repeated in part; the client puts no
 * secret into its own.
 *
 * @param place where
 * @param verb {@code "put"}, and what of: {@code key}
 * @param clock this machine's, to tell how far it is off
 */
record Trouble(Place place, String verb, String key, Clock clock) {
  private static final int MOST = 300;
  private static final Set<String> FULL = Set.of(
      "InsufficientStorage",
      "InsufficientCapacity",
      "QuotaExceeded",
      "XMinioStorageFull",
      "XMinioAdminBucketQuotaExceeded",
      "StorageFull",
      "StorageQuotaExceeded");
  private static final Set<String> EXPIRED =
      Set.of("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired");
  private static final Set<String> LOCKED =
      Set.of("ObjectLocked", "FileImmutable", "ObjectLockedByBucketPolicy");

  Trouble when(String otherVerb) {
    return new Trouble(place, otherVerb, key, clock);
  }

  /** {@code "cannot put s3://bucket/shop/series.json"}. */
  String subject() {
    return "cannot " + verb + " " + place.address(key);
  }

  /**
   * The exception to throw for what the client throws. An interrupt is noted in the thread's flag, which the client has cleared.
   *
   * @throws RuntimeException this one, if no client throws it for what a store answers: then it is a bug and no trouble
   */
  IOException of(RuntimeException e) {
    if (!isOfClient(e)) {
      throw e;
    }
    IOException told = e instanceof AwsServiceException refused ? answered(refused) : unanswered(e);
    if (told.getCause() == null) {
      told.initCause(e);
    }
    return told;
  }

  /**
   * The SDK wraps most of what goes wrong, but not all: an answer that breaks off while its XML is read is an {@code
   * UncheckedIOException}, one that breaks off within {@code HTTP/1.1}, and a number that is none, an {@code
   * IllegalArgumentException}, a time that is none a {@code DateTimeException}.
   */
  private static boolean isOfClient(RuntimeException e) {
    return e instanceof SdkException
        || e instanceof UncheckedIOException
        || e instanceof IllegalArgumentException
        || e instanceof DateTimeException;
  }

  /** A page for people, with a success on it, is not a success: somebody stands between us and the store. */
  void requireStore(SdkResponse response) throws IOException {
    Optional<String> type = response.sdkHttpResponse().firstMatchingHeader("Content-Type");
    if (type.filter(said -> said.startsWith("text/html")).isPresent()) {
      throw failure("what answers is no S3 store, but sends " + shown(type.get()));
    }
  }

  /** The store's code for what was wrong, {@code ""} if it sent none. */
  static String code(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  private IOException unanswered(RuntimeException e) {
    if (isInterrupt(e)) {
      Thread.currentThread().interrupt();
      return new InterruptedIOException(subject() + ": interrupted");
    }
    return new IOException(subject() + ": " + shown(String.valueOf(e.getMessage())));
  }

  private static boolean isInterrupt(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof AbortedException || t instanceof InterruptedException) {
        return true;
      }
    }
    return false;
  }

  private IOException answered(AwsServiceException e) {
    String code = code(e);
    int status = e.statusCode();
    if (code.equals("NoSuchKey")) {
      return new NoSuchFileException(place.address(key), null, "no such object");
    } else if (code.equals("NoSuchBucket")) {
      return failure("the bucket \"" + place.bucket() + "\" does not exist");
    } else if (FULL.contains(code) || status == 507 || isOverCap(e)) {
      return new NoSpaceException(subject() + ": the store has no room left: " + answer(e), e);
    } else if (code.equals("RequestTimeTooSkewed")) {
      return failure("this machine's clock is not the store's" + skew(e) + ": " + answer(e));
    } else if (EXPIRED.contains(code)) {
      return failure(
          "the credentials have expired, and the client was given no newer ones: " + answer(e));
    } else if (status / 100 == 3 || code.equals("AuthorizationHeaderMalformed")) {
      return failure("the bucket is served elsewhere" + region(e)
          + "; give the S3Client the region and endpoint of the bucket: " + answer(e));
    } else if (status == 401 || status == 403 || isLocked(e)) {
      return new AccessDeniedException(
          place.address(key), null, "may not " + verb + ": " + answer(e));
    } else if (code.equals("EntityTooLarge") || status == 413) {
      return failure("too large for this store, choose smaller parts: " + answer(e));
    }
    return asked(e)
        .<IOException>map(after -> new RetryLaterException(subject() + ": " + answer(e), after, e))
        .orElseGet(() -> failure(answer(e)));
  }

  /** How long the store asks to be left alone. */
  private static Optional<Duration> asked(AwsServiceException e) {
    return header(e, "Retry-After")
        .filter(after -> after.matches("[0-9]{1,6}"))
        .map(after -> Duration.ofSeconds(Long.parseLong(after)));
  }

  private IOException failure(String what) {
    return new IOException(subject() + ": " + what);
  }

  /** {@code "HTTP 403 AccessDenied, User: … is not authorized to perform: s3:PutObject"}. */
  private static String answer(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String message = details == null ? null : details.errorMessage();
    String code = code(e);
    return "HTTP " + e.statusCode() + (code.isEmpty() ? "" : " " + shown(code))
        + (message == null || message.isBlank() ? "" : ", " + shown(message.strip()));
  }

  private static boolean isOverCap(AwsServiceException e) {
    return e.statusCode() == 403 && message(e).contains("storage cap exceeded");
  }

  /** Stores that lock objects without making versions have each their own way to say so. */
  private boolean isLocked(AwsServiceException e) {
    String message = message(e);
    return LOCKED.contains(code(e))
        || (verb.equals("delete")
            && (e.statusCode() == 405
                || message.contains("worm")
                || message.contains("retention")
                || message.contains("locked")));
  }

  private static String message(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    return details == null ? "" : String.valueOf(details.errorMessage()).toLowerCase(Locale.ROOT);
  }

  private String skew(AwsServiceException e) {
    Optional<Instant> stores = header(e, "Date").flatMap(Trouble::time);
    if (stores.isEmpty()) {
      return "";
    }
    Duration ahead = Duration.between(stores.get(), clock.instant());
    return ", it is " + ahead.abs().toMinutes() + " min "
        + (ahead.isNegative() ? "behind" : "ahead");
  }

  private static Optional<Instant> time(String date) {
    try {
      return Optional.of(
          ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static String region(AwsServiceException e) {
    return header(e, "x-amz-bucket-region")
        .map(region -> ", in the region " + shown(region))
        .orElse("");
  }

  private static Optional<String> header(AwsServiceException e, String name) {
    AwsErrorDetails details = e.awsErrorDetails();
    return details == null || details.sdkHttpResponse() == null
        ? Optional.empty()
        : details.sdkHttpResponse().firstMatchingHeader(name);
  }

  /** Words from outside: on one line, and not endless. */
  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(MOST)
        .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return shown.append(text.length() > MOST ? "…" : "").toString();
  }
}
