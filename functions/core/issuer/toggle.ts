/**
 * Disables a credential, and takes that back. Both resolve only where the issuer itself says that it is so,
 * also of one that was so before. Each is sent once. Errors: those of requests; `not-granted`;
 * `issuer-response-invalid` where the answer does not say it.
 */
export interface Toggle {
  /** From then on the issuer rejects the value, as `disabled`. Only the revocation guard may call this. */
  disable(handle: string): Promise<void>;
  /** It is as it was before it was disabled. */
  enable(handle: string): Promise<void>;
}
