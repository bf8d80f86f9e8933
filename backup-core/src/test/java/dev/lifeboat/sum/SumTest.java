package dev.lifeboat.sum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SumTest {
  private static final long MOST = Long.MAX_VALUE;

  @Test
  void whatIsMoreThanALongHoldsIsTheLargest() {
    assertThat(Sum.of(MOST - 1, 1)).isEqualTo(MOST);
    assertThat(Sum.of(MOST - 2, 1)).isEqualTo(MOST - 1);
    assertThat(Sum.of(MOST, 0)).isEqualTo(MOST);
    assertThat(Sum.of(MOST, 1)).isEqualTo(MOST);
    assertThat(Sum.of(MOST, MOST)).isEqualTo(MOST);
  }

  @Test
  void itStaysTheLargestWhateverComesAfter() {
    assertThat(Sum.of(LongStream.of(MOST, MOST, 1, MOST))).isEqualTo(MOST);
    assertThat(Sum.of(LongStream.of(1, 2, 3))).isEqualTo(6);
    assertThat(Sum.of(LongStream.empty())).isZero();
  }
}
