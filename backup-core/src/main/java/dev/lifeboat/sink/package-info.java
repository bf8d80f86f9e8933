/** Where backups are kept: the seam for authors of sinks. Sees the JDK alone. */
package dev.lifeboat.sink;
