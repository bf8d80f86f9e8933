package dev.lifeboat.codec;

import java.io.IOException;
import java.io.InputStream;

/** The classes of an application that has left zstd-jni out. */
final class WithoutZstd extends ClassLoader {
  WithoutZstd() {
    super(WithoutZstd.class.getClassLoader());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith("com.github.luben.")) {
      throw new ClassNotFoundException(name);
    } else if (!name.startsWith("dev.lifeboat.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
