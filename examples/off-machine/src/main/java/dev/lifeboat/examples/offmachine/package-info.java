/** A database kept off the machine, and brought back on an empty one. */
@org.jspecify.annotations.NullMarked
package dev.lifeboat.examples.offmachine;
