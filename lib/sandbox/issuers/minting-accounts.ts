import type { IssuerKnobs } from './knobs.ts';

/** The accounts of a simulated issuer: each secret has one, which comes with its first mention. */
export class MintingAccounts {
  readonly #bySecret = new Map<string, string>();
  readonly #name: (number: number) => string;
  readonly #knobs: IssuerKnobs;

  constructor(name: (number: number) => string, knobs: IssuerKnobs) {
    this.#name = name;
    this.#knobs = knobs;
  }

  of(secretName: string): string {
    const known = this.#bySecret.get(secretName);
    if (known !== undefined) return known;
    const account = this.#name(this.#bySecret.size + 1);
    this.#bySecret.set(secretName, account);
    return account;
  }

  has(account: string): boolean {
    return [...this.#bySecret.values()].includes(account) && !this.isGone(account);
  }

  /** Whether the issuer has deleted the account since. */
  isGone(account: string): boolean {
    return [...this.#bySecret].some(
      ([secretName, known]) => known === account && this.#knobs.gone?.has(secretName) === true,
    );
  }
}
