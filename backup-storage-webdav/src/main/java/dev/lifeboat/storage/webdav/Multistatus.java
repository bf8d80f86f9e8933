package dev.lifeboat.storage.webdav;

import java.io.CharConversionException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A multistatus (RFC 4918, 13) read as it comes. Nothing in it is fetched or expanded, and it may not be larger, deeper
 * or longer than any that makes sense. One that is cut or no multistatus is an exception, never an empty one.
 */
final class Multistatus {
  static final int MAX_ENTRIES = 500_000;

  private static final int MAX_DEPTH = 50;
  private static final int MAX_TEXT = 8192;
  private static final int MAX_MARKUP = 1 << 20;
  /** The parser remembers every name it has seen. */
  private static final int MAX_NAMES = 2000;

  private static final Pattern STATUS =
      Pattern.compile("HTTP/\\S+\\s+(\\d{3})\\b.*", Pattern.DOTALL);

  /** Takes what is in it. */
  @FunctionalInterface
  interface Taker {
    void take(Response response) throws IOException;
  }

  /**
   * What is said of one path.
   *
   * @param status of the whole, 0 where it has none of its own
   * @param time {@link HttpDate#UNKNOWN} where there is none
   */
  record Response(
      String href,
      int status,
      boolean isCollection,
      OptionalLong size,
      Instant time,
      OptionalLong free) {}

  private final Call call;
  private final Patient in;
  private final XMLStreamReader xml;
  private final Set<String> names = new HashSet<>();

  private Multistatus(Answer answer) throws XMLStreamException {
    this.call = answer.call();
    this.in = new Patient(answer.body());
    XMLInputFactory factory =
        XMLInputFactory.newDefaultFactory(); // not what the host has lying about
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setXMLResolver((publicId, systemId, base, namespace) -> {
      throw new XMLStreamException("it refers to something outside");
    });
    this.xml = factory.createXMLStreamReader(in);
  }

  /** Gives every response of a 207 to {@code taker}, in the server's order. */
  static void read(Answer answer, Taker taker) throws IOException {
    try {
      new Multistatus(answer).read(taker);
    } catch (XMLStreamException e) {
      if (e.getNestedException() instanceof IOException io
          && !(io instanceof CharConversionException)) {
        throw io; // of the connection
      }
      throw new IOException(
          answer
              .call()
              .message(
                  "the server's listing is cut or damaged: " + answer.redacted(Trouble.said(e))),
          e);
    }
  }

  /** The worst status in a 207 that should have been a plain success; 207 if it tells of no failure. */
  static int worst(Answer answer) throws IOException {
    int[] worst = {207};
    read(answer, response -> worst[0] = Math.max(worst[0], response.status()));
    return worst[0];
  }

  private void read(Taker taker) throws XMLStreamException, IOException {
    int entries = 0;
    while (next() != XMLStreamConstants.START_ELEMENT) {
      // the prolog
    }
    if (!isDav("multistatus")) {
      throw damaged("it is no multistatus");
    }
    while (nextChild()) {
      if (isDav("response")) {
        if (++entries > MAX_ENTRIES) {
          throw damaged("it has more than " + MAX_ENTRIES + " entries");
        }
        taker.take(response());
      } else {
        skip();
      }
    }
    while (xml.hasNext()) {
      next();
    }
  }

  private Response response() throws XMLStreamException, IOException {
    String href = "";
    int status = 0;
    Properties properties = new Properties();
    while (nextChild()) {
      if (isDav("href")) {
        href = text();
      } else if (isDav("status")) {
        status = status(text());
      } else if (isDav("propstat")) {
        properties = propstat(properties);
      } else {
        skip();
      }
    }
    return new Response(
        href, status, properties.collection, properties.size, properties.time, properties.free);
  }

  /** The properties, if they are there; else those before. */
  private Properties propstat(Properties before) throws XMLStreamException, IOException {
    Properties found = before.copy();
    int status = 200;
    while (nextChild()) {
      if (isDav("prop")) {
        prop(found);
      } else if (isDav("status")) {
        status = status(text());
      } else {
        skip();
      }
    }
    return status / 100 == 2 ? found : before;
  }

  private void prop(Properties found) throws XMLStreamException, IOException {
    while (nextChild()) {
      if (isDav("resourcetype")) {
        while (nextChild()) {
          found.collection |= isDav("collection");
          skip();
        }
      } else if (isDav("getcontentlength")) {
        found.size = number(text());
      } else if (isDav("quota-available-bytes")) {
        found.free = number(text());
      } else if (isDav("getlastmodified")) {
        found.time = HttpDate.parse(text());
      } else {
        skip();
      }
    }
  }

  private static final class Properties {
    boolean collection;
    OptionalLong size = OptionalLong.empty();
    OptionalLong free = OptionalLong.empty();
    Instant time = HttpDate.UNKNOWN;

    Properties copy() {
      Properties copy = new Properties();
      copy.collection = collection;
      copy.size = size;
      copy.free = free;
      copy.time = time;
      return copy;
    }
  }

  /** Nextcloud says -3 for "unlimited": that is no number of bytes. */
  private static OptionalLong number(String text) {
    try {
      long number = Long.parseLong(text.strip());
      return number < 0 ? OptionalLong.empty() : OptionalLong.of(number);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private int status(String line) throws IOException {
    Matcher matcher = STATUS.matcher(line.strip());
    if (!matcher.matches()) {
      throw damaged("it has a status that is none");
    }
    return Integer.parseInt(matcher.group(1));
  }

  private boolean isDav(String name) {
    return "DAV:".equals(xml.getNamespaceURI()) && name.equals(xml.getLocalName());
  }

  /** Whether the element that is open has another child; it is open then. Else it is closed. */
  private boolean nextChild() throws XMLStreamException, IOException {
    while (true) {
      int event = next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        if (names.add(xml.getLocalName()) && names.size() > MAX_NAMES) {
          throw damaged("it has more than " + MAX_NAMES + " kinds of elements");
        }
        return true;
      }
      if (event == XMLStreamConstants.END_ELEMENT) {
        return false;
      }
    }
  }

  /** To the end of the element that is open. */
  private void skip() throws XMLStreamException, IOException {
    int depth = 1;
    while (depth > 0) {
      depth = nextChild() ? depth + 1 : depth - 1;
      if (depth > MAX_DEPTH) {
        throw damaged("it is nested more than " + MAX_DEPTH + " deep");
      }
    }
  }

  private String text() throws XMLStreamException, IOException {
    StringBuilder text = new StringBuilder();
    while (true) {
      switch (next()) {
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
          text.append(xml.getText());
          if (text.length() > MAX_TEXT) {
            throw damaged("it has a text of more than " + MAX_TEXT + " characters");
          }
        }
        case XMLStreamConstants.START_ELEMENT -> skip();
        case XMLStreamConstants.END_ELEMENT -> {
          return text.toString();
        }
        default -> {
          // comments
        }
      }
    }
  }

  private int next() throws XMLStreamException, IOException {
    in.allow(MAX_MARKUP);
    int event = xml.next();
    if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
      throw damaged("it declares or uses entities");
    }
    return event;
  }

  private IOException damaged(String how) {
    return new IOException(call.message("the server's listing is refused: " + how));
  }

  /** Gives so many bytes and no more until it is allowed to again: no single piece of markup is longer. */
  private final class Patient extends FilterInputStream {
    private int allowed = MAX_MARKUP;

    Patient(InputStream in) {
      super(in);
    }

    void allow(int bytes) {
      allowed = bytes;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (allowed <= 0) {
        throw damaged("it has a piece of markup of more than " + MAX_MARKUP + " bytes");
      }
      int count = super.read(bytes, offset, Math.min(length, allowed));
      allowed -= Math.max(count, 0);
      return count;
    }
  }
}
