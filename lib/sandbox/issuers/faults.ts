/** What a person can make of an issuer while the sandbox runs. */
export const ISSUER_FAULTS = ['unavailable', 'throttled', 'none'] as const;
export type IssuerFault = (typeof ISSUER_FAULTS)[number];

/** Faults that were made of issuers, by provider; each lasts until it is ended. */
export class IssuerFaults {
  readonly #faults = new Map<string, IssuerFault>();

  set(provider: string, fault: IssuerFault): void {
    this.#faults.set(provider, fault);
  }

  /**
   * What is answered in place of the issuer; undefined while it works. Source: RFC 9110, section 15.6.4, and
   * RFC 6585, section 4.
   */
  answer(provider: string): Response | undefined {
    switch (this.#faults.get(provider) ?? 'none') {
      case 'unavailable':
        return new Response('The service is unavailable.', { status: 503 });
      case 'throttled':
        return new Response('There were too many requests.', {
          status: 429,
          headers: { 'retry-after': '60' },
        });
      case 'none':
        return undefined;
    }
  }
}
