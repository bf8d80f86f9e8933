/** What is backed up and brought back: the seam for authors of sources. Sees the JDK alone. */
package dev.lifeboat.source;
