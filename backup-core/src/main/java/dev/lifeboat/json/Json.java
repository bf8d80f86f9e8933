package dev.lifeboat.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Strict JSON: one object, UTF-8, no duplicate keys, no comments, nothing after it; bounded in size, depth, tokens and
 * the length of texts, so that a hostile document costs little. Numbers are whole and fit a {@code long}.
 */
public final class Json {
  /** The largest document, in bytes. */
  public static final int MAX_BYTES = 16 << 20;

  private static final int MAX_DEPTH = 16;
  private static final int MAX_TOKENS = 500_000;
  private static final int MAX_TEXT = 1 << 20;
  private static final int MAX_KEY = 1000;
  private static final int MAX_DIGITS = 20;

  /** So many times its bytes, or so many bytes a token: what a document takes of the heap while it is read. */
  private static final long HEAP = Runtime.getRuntime().maxMemory();

  private static final int HEAP_PER_BYTE = 6;
  private static final int HEAP_PER_TOKEN = 256;
  private static final ObjectMapper MAPPER = mapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private Json() {}

  /**
   * Reads one object.
   *
   * @throws MalformedJsonException if it is anything else, or beyond a bound; the message says what is wrong and where,
   *     and quotes nothing of it
   */
  public static JsonObject parse(byte[] bytes) throws MalformedJsonException {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedJsonException("larger than " + MAX_BYTES + " bytes");
    } else if (bytes.length > HEAP / HEAP_PER_BYTE) {
      throw tooLargeHere(bytes.length + " bytes");
    }
    try (JsonParser parser = new Counting(MAPPER.createParser(utf8(bytes)))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedJsonException("not a JSON object");
      }
      Map<String, Object> members = MAPPER.readValue(parser, OBJECT);
      if (parser.nextToken() != null) {
        throw new MalformedJsonException("something follows the JSON object");
      }
      return new JsonObject("", members);
    } catch (MalformedJsonException e) {
      throw e;
    } catch (JsonProcessingException e) {
      throw new MalformedJsonException(
          "not valid JSON" + place(e) + reason(e)); // its own words quote
    } catch (CharacterCodingException e) {
      throw new MalformedJsonException("not valid JSON: not UTF-8", e);
    } catch (IOException e) {
      throw new MalformedJsonException("not valid JSON", e);
    }
  }

  /**
   * Writes maps, lists, texts, whole numbers and booleans, indented for people, with a line feed at the end. The same
   * object always gives the same bytes.
   */
  public static byte[] write(Map<String, ?> object) {
    DefaultPrettyPrinter indented = new DefaultPrettyPrinter(
        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
    indented.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    indented.indentArraysWith(new DefaultIndenter("  ", "\n"));
    try {
      byte[] bytes = MAPPER.writer(indented).writeValueAsBytes(object);
      byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
      line[bytes.length] = '\n';
      return line;
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }

  private static ObjectMapper mapper() {
    JsonFactory factory = JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxStringLength(MAX_TEXT)
            .maxNameLength(MAX_KEY)
            .maxNumberLength(MAX_DIGITS)
            .maxDocumentLength(MAX_BYTES)
            .build())
        .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.USE_LONG_FOR_INTS)
        .build();
  }

  private static MalformedJsonException tooLargeHere(String what) {
    return MalformedJsonException.tooLargeHere(
        what + ", which is too much for a heap of " + (HEAP >> 20) + " MiB");
  }

  /** Not Jackson's own decoder, which guesses the encoding and takes overlong forms and surrogates. */
  private static Reader utf8(byte[] bytes) {
    return new InputStreamReader(
        new ByteArrayInputStream(bytes), StandardCharsets.UTF_8.newDecoder());
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " at line " + e.getLocation().getLineNr() + ", column "
            + e.getLocation().getColumnNr();
  }

  /** Not Jackson's own words, which quote the document: that may hold anything. */
  private static String reason(JsonProcessingException e) {
    if (e instanceof JsonEOFException) {
      return ": it ends too early";
    } else if (e instanceof StreamConstraintsException) {
      return ": beyond a bound (depth " + MAX_DEPTH + ", texts of " + MAX_TEXT
          + " characters, keys of " + MAX_KEY + ", numbers of " + MAX_DIGITS + " digits)";
    }
    if (e instanceof InputCoercionException) {
      return ": a number beyond 64 bits";
    }
    String words = e.getOriginalMessage();
    return words != null && words.startsWith("Duplicate") ? ": a key is there twice" : "";
  }

  /** Stops a document of very many tiny tokens before it has filled the heap. */
  private static final class Counting extends JsonParserDelegate {
    private int tokens;

    Counting(JsonParser parser) {
      super(parser);
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
      if (++tokens > MAX_TOKENS) {
        throw new MalformedJsonException("more than " + MAX_TOKENS + " tokens");
      } else if (tokens > HEAP / HEAP_PER_TOKEN) {
        throw tooLargeHere("more than " + HEAP / HEAP_PER_TOKEN + " tokens");
      }
      return super.nextToken();
    }

    @Override
    public @Nullable String nextFieldName() throws IOException {
      return nextToken() == JsonToken.FIELD_NAME ? currentName() : null;
    }

    @Override
    public @Nullable String nextTextValue() throws IOException {
      return nextToken() == JsonToken.VALUE_STRING ? getText() : null;
    }
  }
}
