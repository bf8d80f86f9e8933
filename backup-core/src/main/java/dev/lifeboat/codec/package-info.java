/** Reversible stages between a source and a sink. Sees the JDK alone, and zstd-jni where the host has it. */
package dev.lifeboat.codec;
