/** A small host that carries Lifeboat on board. */
@org.jspecify.annotations.NullMarked
package dev.lifeboat.examples.quickstart;
