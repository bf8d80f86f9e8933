package dev.lifeboat.examples.benchmarks;

import dev.lifeboat.codec.Codec;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Seal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one thread seals and opens once the JVM is warm, in bytes a nanosecond, which are GB/s, and beside it the JDK's
 * cipher alone in the same run. Streams of 1 MiB stay in the processor's caches, as what a stage hands to the next does:
 * that is the speed of the cipher. A stream of 64 MiB comes from memory, and is as fast as that.
 *
 * <p>Beside JMH's figures, which are of the wall's time, each iteration tells GB/s of the processor's: on a machine that
 * others load too, that comes nearer to what a core can do.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgs = "-Xmx512m")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@SuppressWarnings("NullAway.Init") // JMH calls prepare first
public class SealingBenchmark {
  /** Of one stream. */
  @Param({"1", "64"})
  public int mebibytes;

  private final Encryption encryption = Encryption.key(BackupKey.generate());
  private final BareCipher bare = new BareCipher();
  private byte[] content;
  private byte[] sealed;
  private byte[] barelySealed;
  private Seal seal;
  private Codec codec;
  private int streams;
  private long rounds;
  private long begin;

  @Setup
  public void prepare() throws IOException {
    encryption.warmUp(); // as the engine does before anything is sealed
    content = Stretch.content(mebibytes << 20);
    streams = Stretch.SIZE / content.length;
    seal = encryption.seal("sales", "20260214T143045Z-manual-k7f3q2ab");
    codec = seal.codec("sales");
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + (content.length >> 8));
    Stretch.encode(codec, content, out);
    sealed = out.toByteArray();
    barelySealed = bare.sealed(content);
  }

  @Setup(Level.Iteration)
  public void begin() {
    rounds = 0;
    begin = processorNanos();
  }

  @Benchmark
  @OperationsPerInvocation(Stretch.SIZE)
  public long seal() throws IOException {
    CountingSink sink = new CountingSink();
    for (int i = 0; i < streams; i++) {
      Stretch.encode(codec, content, sink);
    }
    rounds++;
    return sink.count();
  }

  @Benchmark
  @OperationsPerInvocation(Stretch.SIZE)
  public long open() throws IOException {
    long count = 0;
    for (int i = 0; i < streams; i++) {
      count += Stretch.decode(codec, sealed);
    }
    rounds++;
    return count;
  }

  @Benchmark
  @OperationsPerInvocation(Stretch.SIZE)
  public long sealCipherAlone() {
    long count = 0;
    for (int i = 0; i < streams; i++) {
      count += bare.seal(content);
    }
    rounds++;
    return count;
  }

  @Benchmark
  @OperationsPerInvocation(Stretch.SIZE)
  public long openCipherAlone() {
    long count = 0;
    for (int i = 0; i < streams; i++) {
      count += bare.open(barelySealed);
    }
    rounds++;
    return count;
  }

  @TearDown(Level.Iteration)
  public void tell() {
    double bytes = (double) rounds * Stretch.SIZE;
    System.out.printf("(%.2f GB/s of processor time) ", bytes / (processorNanos() - begin));
  }

  @TearDown
  public void destroy() {
    seal.close();
    encryption.destroy();
  }

  private static long processorNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
