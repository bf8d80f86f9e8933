/** Sums of sizes that somebody else tells. Not exported. */
package dev.lifeboat.sum;
