/** What stays, and why: a pure function of a list of backups and a time. Sees catalog. */
package dev.lifeboat.retention;
