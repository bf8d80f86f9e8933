package dev.lifeboat.storage.webdav;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** What goes into the Authorization header; asked for anew for every request, and the array wiped. */
@FunctionalInterface
interface Credentials {
  Optional<String> header();

  static Credentials none() {
    return Optional::empty;
  }

  /** RFC 7617, in UTF-8. */
  static Credentials basic(String user, Supplier<char[]> password) {
    if (user.indexOf(':') >= 0 || user.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a user's name has no colon and no control characters");
    }
    return () -> {
      char[] secret = Objects.requireNonNull(password.get(), "password");
      CharBuffer both = CharBuffer.allocate(user.length() + 1 + secret.length);
      byte[] room = new byte[3 * both.capacity()]; // UTF-8 never needs more
      try {
        both.put(user).put(':').put(secret).flip();
        ByteBuffer bytes = ByteBuffer.wrap(room);
        StandardCharsets.UTF_8
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .encode(both, bytes, true);
        bytes.flip();
        ByteBuffer encoded = Base64.getEncoder().encode(bytes);
        return Optional.of("Basic " + StandardCharsets.US_ASCII.decode(encoded));
      } finally {
        Arrays.fill(secret, '\0');
        Arrays.fill(both.array(), '\0');
        Arrays.fill(room, (byte) 0);
      }
    };
  }

  /** RFC 6750. */
  static Credentials bearer(Supplier<char[]> token) {
    return () -> {
      char[] secret = Objects.requireNonNull(token.get(), "token");
      try {
        for (char c : secret) {
          if (c <= ' ' || c > '~') {
            throw new IllegalStateException("the token has characters that cannot be sent");
          }
        }
        return Optional.of("Bearer " + new String(secret));
      } finally {
        Arrays.fill(secret, '\0');
      }
    };
  }

  /** The text without what these credentials hold, for what a server says back. */
  static String redacted(String text, Optional<String> header) {
    if (header.isEmpty()) {
      return text;
    }
    String value = header.get().substring(header.get().indexOf(' ') + 1);
    String clean = text.replace(value, "…");
    if (header.get().startsWith("Basic ")) {
      String both = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
      String password = both.substring(both.indexOf(':') + 1);
      clean = password.isEmpty() ? clean : clean.replace(password, "…");
    }
    return clean;
  }
}
