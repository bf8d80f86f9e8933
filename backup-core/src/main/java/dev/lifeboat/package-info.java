/** The entry: one series of backups. Sees every package below it. */
package dev.lifeboat;
