import type { Issuer } from '../issuers/simulator.ts';
import type { Player } from './consumers.ts';

/** What consumers did until now, counted on from the last time: the issuers' logs are long. */
export class Tally {
  readonly #issuers: readonly Issuer[];
  readonly #agents: ReadonlySet<string>;
  readonly #read = new Map<Issuer, number>();
  #calls = 0;
  #failures = 0;

  constructor(issuers: readonly Issuer[], players: readonly Player[]) {
    this.#issuers = issuers;
    this.#agents = new Set(players.map(({ agent }) => agent));
  }

  count(): { readonly calls: number; readonly failures: number } {
    for (const issuer of this.#issuers) {
      const log = issuer.log();
      const fresh = log.slice(this.#read.get(issuer) ?? 0).filter(({ agent }) => this.#agents.has(agent));
      this.#read.set(issuer, log.length);
      this.#calls += fresh.length;
      this.#failures += fresh.filter(({ status }) => status >= 400).length;
    }
    return { calls: this.#calls, failures: this.#failures };
  }
}
