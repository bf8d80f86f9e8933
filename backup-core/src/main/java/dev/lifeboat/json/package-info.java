/** Strict JSON (RFC 8259), the only place that knows Jackson. Not exported. */
package dev.lifeboat.json;
