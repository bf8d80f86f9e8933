package dev.lifeboat;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.util.function.Predicate;

/** A sink that has no room for some objects. */
final class Refusing extends Through {
  private final Predicate<ObjectName> which;
  private final String message;

  Refusing(BackupSink sink, Predicate<ObjectName> which, String message) {
    super(sink);
    this.which = which;
    this.message = message;
  }

  @Override
  public StoredObject put(ObjectName name, Content content) throws IOException {
    if (which.test(name)) {
      throw new NoSpaceException(message, null);
    }
    return super.put(name, content);
  }

  @Override
  public boolean exclusivePut() throws IOException {
    return sink.exclusivePut();
  }
}
