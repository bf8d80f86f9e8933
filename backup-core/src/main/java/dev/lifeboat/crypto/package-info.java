/** Who can read a backup. */
package dev.lifeboat.crypto;
