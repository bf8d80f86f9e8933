package dev.lifeboat.storage.webdav;

import dev.lifeboat.sink.StoredObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Times as servers write them: RFC 9110's usual form. */
final class HttpDate {
  static final Instant UNKNOWN = StoredObject.UNKNOWN_TIME;

  private HttpDate() {}

  /** {@link #UNKNOWN} if it is no such time: nothing is decided by it. */
  static Instant parse(String text) {
    try {
      return ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
          .toInstant();
    } catch (DateTimeException e) {
      return UNKNOWN;
    }
  }
}
