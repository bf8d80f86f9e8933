/**
 * For authors of sources, sinks, targets and codecs: what each of them must do, as JUnit interfaces to implement, and
 * doubles that fail on demand. Needs JUnit's {@code junit-jupiter-api} and the core, nothing else.
 */
package dev.lifeboat.testkit;
