package dev.lifeboat.testkit;

import dev.lifeboat.testkit.DiskCall.Operation;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttributeView;
import java.util.Optional;

/** An attribute view of any type: what it reads and what it sets is told to the watcher. */
final class WatchedView implements InvocationHandler {
  private final FileAttributeView behind;
  private final Watcher watcher;
  private final Path path;

  private WatchedView(FileAttributeView behind, Watcher watcher, Path path) {
    this.behind = behind;
    this.watcher = watcher;
    this.path = path;
  }

  static <V extends FileAttributeView> V of(Class<V> type, V behind, Watcher watcher, Path path) {
    return type.cast(Proxy.newProxyInstance(
        WatchedView.class.getClassLoader(),
        new Class<?>[] {type},
        new WatchedView(behind, watcher, path)));
  }

  @Override
  @SuppressWarnings("NullAway") // null for what returns nothing
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    String name = method.getName();
    Operation operation =
        name.startsWith("set") ? Operation.SET_ATTRIBUTE : Operation.READ_ATTRIBUTES;
    return method.getDeclaringClass() == Object.class || name.equals("name")
        ? method.invoke(behind, arguments)
        : watcher
            .call(DiskCall.of(operation, path), () -> called(method, arguments))
            .orElse(null);
  }

  private Optional<Object> called(Method method, Object[] arguments) throws IOException {
    try {
      return Optional.ofNullable(method.invoke(behind, arguments));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
