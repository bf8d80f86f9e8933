/** The core of Lifeboat. {@code layout} and {@code json} are the house's own and not exported. */
@org.jspecify.annotations.NullMarked
module dev.lifeboat.core {
  requires static transitive org.jspecify;
  requires org.slf4j;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires org.bouncycastle.provider;
  requires static com.github.luben.zstd_jni;

  exports dev.lifeboat;
  exports dev.lifeboat.catalog;
  exports dev.lifeboat.codec;
  exports dev.lifeboat.crypto;
  exports dev.lifeboat.retention;
  exports dev.lifeboat.sink;
  exports dev.lifeboat.source;
}
