import type { Instant } from '../../../functions/core/basics/time.ts';
import type { NewToken } from './gitlab-new-token.ts';
import type { StoredToken } from './gitlab-answers.ts';
import { isBot } from './gitlab-places.ts';
import type { IssuerKnobs } from './knobs.ts';

type Asked = Pick<NewToken, 'name' | 'scopes' | 'expires' | 'access_level' | 'description'>;

/** The tokens of a simulated instance. */
export class TokenStore {
  readonly #random: (length: number) => string;
  readonly #knobs: IssuerKnobs;
  readonly #tokens: StoredToken[] = [];

  constructor(random: (length: number) => string, knobs: IssuerKnobs) {
    this.#random = random;
    this.#knobs = knobs;
  }

  /** All that were ever made; of those with one id the active one first. */
  all(): readonly StoredToken[] {
    return this.#knobs.reusesIds !== true
      ? this.#tokens
      : this.#tokens.toSorted(
          (a, b) => Number(a.revokedAt !== undefined) - Number(b.revokedAt !== undefined),
        );
  }

  /** What the instance's own table still holds, oldest first. */
  kept(): readonly StoredToken[] {
    return this.#knobs.reusesIds === true
      ? this.#tokens.filter((token) => token.revokedAt === undefined)
      : this.#tokens;
  }

  add(resource: string, asked: Asked, now: Instant): StoredToken {
    const id = this.#nextId();
    const token: StoredToken = {
      id,
      resource,
      // A project or group token gets a bot user of its own.
      userId: isBot(resource) ? 50_000 + id : Number(resource.split('/').at(-1)),
      name: this.#knobs.rename?.(asked.name) ?? asked.name,
      description: asked.description ?? null,
      scopes: asked.scopes,
      // Source: "Create a project access token": Maintainer unless asked otherwise.
      accessLevel: isBot(resource) ? (asked.access_level ?? 40) : undefined,
      createdAt: now,
      expiresAt: asked.expires,
      value: this.value(),
      revokedAt: undefined,
      lastUsedAt: undefined,
    };
    this.#tokens.push(token);
    return token;
  }

  /**
   * A routable token: prefix, payload, version, length and checksum. Source: the form of tokens that GitLab's
   * secret detection looks for.
   */
  value(): string {
    return `glpat-${this.#random(27)}.01.${this.#random(9).toLowerCase()}`;
  }

  #nextId(): number {
    return 1 + Math.max(1_000, ...this.kept().map((token) => token.id));
  }
}
