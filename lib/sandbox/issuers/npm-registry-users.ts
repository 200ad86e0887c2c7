/** The users of a simulated npm registry, one for each secret, and the tokens that they have had. */
import { createHash } from 'node:crypto';
import { BlockList, isIPv4 } from 'node:net';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { IssuerKnobs } from './knobs.ts';

/** A token as the registry keeps it. */
export interface StoredToken {
  readonly key: string;
  readonly value: string;
  readonly readonly: boolean;
  readonly cidr: readonly unknown[];
  readonly createdAt: Instant;
  deletedAt?: Instant;
}

/** A user with all tokens of it, the deleted ones too. */
export interface User {
  readonly name: string;
  readonly password: string;
  readonly tokens: StoredToken[];
}

/** What a new token may do, and since when it exists. */
type Asked = Pick<StoredToken, 'readonly' | 'cidr' | 'createdAt'>;

/** The users of one registry. */
export class RegistryUsers {
  readonly #host: string;
  readonly #knobs: IssuerKnobs;
  readonly #users = new Map<string, User>();
  #serial = 0;

  constructor(host: string, knobs: IssuerKnobs) {
    this.#host = host;
    this.#knobs = knobs;
  }

  all(): IterableIterator<User> {
    return this.#users.values();
  }

  /** The user that serves a secret; made when it is asked for. */
  of(secretName: string): User {
    const name = userNameFor(secretName);
    const user = this.#users.get(name) ?? {
      name,
      password: digest(`password/${name}`).slice(0, 24),
      tokens: [],
    };
    this.#users.set(name, user);
    return user;
  }

  /** The user whose name and password stand in a text, apart by a colon. */
  byPassword(text: string): User | undefined {
    const [name = '', ...rest] = text.split(':');
    const user = this.#users.get(name);
    return user?.password === rest.join(':') && !this.isGone(user.name) ? user : undefined;
  }

  /** Whether the account of a user was deleted. */
  isGone(user: string): boolean {
    return [...(this.#knobs.gone ?? [])].some((secretName) => userNameFor(secretName) === user);
  }

  tokens(): StoredToken[] {
    return [...this.#users.values()].flatMap((user) => user.tokens);
  }

  handleOf(token: StoredToken): string {
    const owner = [...this.#users.values()].find((user) => user.tokens.includes(token));
    return `${this.#host}/-/user/${owner?.name ?? ''}/tokens/${token.key}`;
  }

  /**
   * Its value has the length and alphabet of Verdaccio's.
   * That is base64 of a hexadecimal initial vector, a colon and a cipher text.
   */
  mint(user: User, asked: Asked): StoredToken {
    const seed = digest(`${user.name}/${this.#serial++}`);
    const value = Buffer.from(`${seed.slice(0, 32)}:${seed}${digest(seed)}`).toString('base64');
    const token: StoredToken = { key: digest(`key/${seed}`).slice(0, 32), value, ...asked };
    user.tokens.push(token);
    return token;
  }
}

/** The user that serves one secret in the sandbox. */
export function userNameFor(secretName: string): string {
  return `u-${digest(secretName).slice(0, 12)}`;
}

/** The tokens of a user that were not deleted. */
export function kept(user: User): StoredToken[] {
  return user.tokens.filter((token) => token.deletedAt === undefined);
}

/**
 * Whether a token that is limited to networks is accepted from an address. One without networks always is.
 */
export function isWithin(cidr: readonly unknown[], address: string): boolean {
  if (cidr.length === 0) return true;
  const networks = new BlockList();
  for (const [network = '', bits = ''] of cidr.map((text) => String(text).split('/')))
    if (isIPv4(network)) networks.addSubnet(network, Number(bits), 'ipv4');
  return networks.check(address, 'ipv4');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
