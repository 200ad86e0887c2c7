import type { IssuedCredential, Issuer } from '../../lib/sandbox/issuers/simulator.ts';

/** A credential that a call of an installation ended. */
export interface Ending {
  readonly at: number;
  /** The installation whose call it was. */
  readonly by: string;
  readonly credential: IssuedCredential;
  readonly call: string;
}

/**
 * Stands between installations and their issuer, and sees which call of whom made or ended which credential.
 */
export class Watch {
  readonly endings: Ending[] = [];
  /** Values of credentials that installations made. */
  readonly made = new Map<string, string>();
  readonly #issuer: Issuer;
  readonly #names: () => readonly string[];
  readonly #now: () => number;
  readonly #onEnding: (ending: Ending) => void;

  constructor(given: {
    issuer: Issuer;
    names: () => readonly string[];
    now: () => number;
    onEnding: (ending: Ending) => void;
  }) {
    this.#issuer = given.issuer;
    this.#names = given.names;
    this.#now = given.now;
    this.#onEnding = given.onEnding;
  }

  /** Everything the issuer has, whichever secret it is for. */
  async all(): Promise<IssuedCredential[]> {
    const lists = await Promise.all(this.#names().map((name) => this.#issuer.credentials(name)));
    return [...new Map(lists.flat().map((one) => [one.value, one])).values()];
  }

  /** The issuer as one installation reaches it. */
  placeOf(installation: string): { host: string; fetch: (request: Request) => Promise<Response> } {
    return { host: this.#issuer.host, fetch: (request) => this.#fetch(request, installation) };
  }

  async #fetch(request: Request, by: string): Promise<Response> {
    if (request.method === 'GET' || new URL(request.url).pathname.startsWith('/oauth2/'))
      return this.#issuer.fetch(request);
    const call = `${request.method} ${new URL(request.url).pathname}`;
    const before = (await this.all()).filter((one) => one.live);
    const response = await this.#issuer.fetch(request);
    const after = new Map((await this.all()).map((one) => [one.value, one]));
    const had = new Set(before.map((one) => one.value));
    for (const one of after.values()) if (one.live && !had.has(one.value)) this.made.set(one.value, by);
    for (const credential of before)
      if (after.get(credential.value)?.live !== true)
        this.#noteEnding({ at: this.#now(), by, credential, call });
    return response;
  }

  #noteEnding(ending: Ending): void {
    this.endings.push(ending);
    this.#onEnding(ending);
  }
}
