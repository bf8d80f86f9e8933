/** How fast it is, beside others, in one run. */
@org.jspecify.annotations.NullMarked
package dev.lifeboat.examples.benchmarks;
