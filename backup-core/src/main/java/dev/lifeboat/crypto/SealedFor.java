package dev.lifeboat.crypto;

/**
 * A short text sealed for one recipient by somebody who cannot open the backup it belongs to.
 *
 * @param recipient the recipient's id
 * @param enc base64 of the encapsulated key
 * @param wrapped base64 of the sealed bytes
 */
public record SealedFor(String recipient, String enc, String wrapped) {}
