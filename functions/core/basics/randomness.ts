/** What values that Keyturn chooses are made of. */
export interface Randomness {
  /** So many random bytes. */
  bytes(length: number): Uint8Array;
  /** A private key that nobody has yet: RSA of 2,048 bits, as PEM of PKCS#8 (RFC 7468 §10). */
  rsaKey(): string;
}
