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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one thread seals and opens once the JVM is warm, in bytes a nanosecond, which are GB/s. Beside JMH's figures, which
 * are of the wall's time, each iteration tells GB/s of the processor's: on a machine that others load too, that comes
 * nearer to what a core can do.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 2, jvmArgs = "-Xmx512m")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@SuppressWarnings("NullAway.Init") // JMH calls prepare first
public class SealingBenchmark {
  private final Encryption encryption = Encryption.key(BackupKey.generate());
  private final byte[] content = Stretch.content();
  private byte[] sealed;
  private Seal seal;
  private Codec codec;
  private long stretches;
  private long begin;

  @Setup
  public void prepare() throws IOException {
    seal = encryption.seal("sales", "20260214T143045Z-manual-k7f3q2ab");
    codec = seal.codec("sales");
    ByteArrayOutputStream out = new ByteArrayOutputStream(Stretch.SIZE + (Stretch.SIZE >> 8));
    Stretch.encode(codec, content, out);
    sealed = out.toByteArray();
  }

  @Setup(Level.Iteration)
  public void begin() {
    stretches = 0;
    begin = processorNanos();
  }

  @Benchmark
  @OperationsPerInvocation(Stretch.SIZE)
  public long seal() throws IOException {
    CountingSink sink = new CountingSink();
    Stretch.encode(codec, content, sink);
    stretches++;
    return sink.count();
  }

  @Benchmark
  @OperationsPerInvocation(Stretch.SIZE)
  public long open() throws IOException {
    long count = Stretch.decode(codec, sealed);
    stretches++;
    return count;
  }

  @TearDown(Level.Iteration)
  public void tell() {
    double bytes = (double) stretches * Stretch.SIZE;
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
