package dev.lifeboat.storage.s3;

import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * All objects of a folder, page after page. Whatever could make the list short is an exception: a page that does not say
 * whether it is the last, a next page without a token or with one that was there before, names that come twice or not in
 * order. To be used once.
 */
final class Listing {
  /** A store may give a page without objects, but not for ever. */
  private static final int MOST_EMPTY_PAGES = 1000;

  /** Of a thousand objects each, as stores give them: nor pages of what is not ours. */
  private static final int MOST_PAGES = 100_000;

  private final S3Client client;
  private final Place place;
  private final String folder;
  private final Trouble trouble;
  private final List<StoredObject> objects = new ArrayList<>();
  private final Set<String> tokens = new HashSet<>();
  private int emptyPages;

  Listing(S3Client client, Place place, String folder, Trouble trouble) {
    this.client = client;
    this.place = place;
    this.folder = folder;
    this.trouble = trouble;
  }

  List<StoredObject> read() throws IOException {
    Optional<String> token = Optional.empty();
    do {
      ListObjectsV2Response page = page(token.orElse(null));
      add(page);
      token = next(page);
    } while (token.isPresent());
    return List.copyOf(objects);
  }

  private ListObjectsV2Response page(@Nullable String token) throws IOException {
    try {
      return client.listObjectsV2(request -> request
          .bucket(place.bucket())
          .prefix(place.folder() + folder)
          .encodingType(EncodingType.URL) // a key of others may hold what XML cannot
          .continuationToken(token));
    } catch (RuntimeException e) {
      throw trouble.of(e);
    }
  }

  private void add(ListObjectsV2Response page) throws IOException {
    if (page.keyCount() != null && page.keyCount() > page.contents().size()) {
      throw incomplete(
          "a page has " + page.contents().size() + " objects, and says it has " + page.keyCount());
    }
    for (S3Object object : page.contents()) {
      if (object.key() == null) {
        throw incomplete("an object has no key");
      }
      Optional<ObjectName> name = place.name(object.key()).filter(ours -> ours.isIn(folder));
      if (name.isPresent()) {
        add(name.get(), object);
      }
    }
  }

  private void add(ObjectName name, S3Object object) throws IOException {
    if (object.size() == null || object.lastModified() == null) {
      throw incomplete(name + " has no size or no time");
    }
    if (!objects.isEmpty()) {
      ObjectName before = objects.get(objects.size() - 1).name();
      if (name.equals(before)) {
        throw incomplete(name + " comes twice");
      } else if (name.compareTo(before) < 0) {
        throw incomplete(name + " comes after " + before);
      }
    }
    objects.add(new StoredObject(name, object.size(), object.lastModified(), Optional.empty()));
  }

  private Optional<String> next(ListObjectsV2Response page) throws IOException {
    if (page.isTruncated() == null) {
      throw incomplete("a page does not say whether more follow");
    } else if (!page.isTruncated()) {
      return Optional.empty();
    }
    String token = page.nextContinuationToken();
    if (token == null || token.isEmpty()) {
      throw incomplete("more is to follow, and no token tells how to ask for it");
    } else if (!tokens.add(token)) {
      throw incomplete("the token of the next page was there before");
    }
    emptyPages = page.contents().isEmpty() ? emptyPages + 1 : 0;
    if (emptyPages > MOST_EMPTY_PAGES) {
      throw incomplete("more than " + MOST_EMPTY_PAGES + " pages without an object");
    } else if (tokens.size() > MOST_PAGES) {
      throw incomplete("more than " + MOST_PAGES + " pages");
    }
    return Optional.of(token);
  }

  private IOException incomplete(String why) {
    return new IOException(trouble.subject() + ": the listing cannot be trusted: " + why);
  }
}
