import { HOUR, type Instant, type Millis } from '../../../../functions/core/basics/time.ts';
import type { World } from '../types.ts';
import { SecretShelf, type SecretRecord } from './state.ts';

/** How old an answer is; a function is asked at every read. An hour at most. */
export type Lag = Millis | (() => Millis);

/**
 * How far reads lag behind; not at all unless set. Secrets Manager is eventually consistent (API Reference,
 * "Welcome": it runs on many servers, and a change takes time to be seen everywhere). ListSecrets might not
 * include changes from the last five minutes, and DescribeSecret is said to be the latest (API Reference,
 * "ListSecrets"); no page promises so of GetSecretValue.
 */
export interface StaleReads {
  readonly describe?: Lag;
  /** Of reads by staging label; a version that is asked for by its id is found at once. */
  readonly get?: Lag;
  readonly list?: Lag;
}

interface Moment {
  readonly at: Instant;
  /** Undefined once the secret is gone. */
  readonly secret: SecretRecord | undefined;
}

const KEPT: Millis = HOUR;

function copyOf(secret: SecretRecord): SecretRecord {
  const versions = [...secret.versions].map(
    ([id, version]) => [id, { ...version, stages: new Set(version.stages) }] as const,
  );
  return {
    ...secret,
    tags: new Map(secret.tags),
    versions: new Map(versions),
    rotation: secret.rotation && { ...secret.rotation },
  };
}

/** What secrets were like, for reads that lag behind. Nothing is kept unless some read does. */
export class Past {
  /** Whether some read lags behind. */
  readonly isOn: boolean;
  readonly #world: World;
  readonly #shelf: SecretShelf;
  readonly #lags: StaleReads;
  readonly #moments = new Map<string, Moment[]>();

  constructor(world: World, shelf: SecretShelf, lags: StaleReads) {
    this.#world = world;
    this.#shelf = shelf;
    this.#lags = lags;
    this.isOn = Object.keys(lags).length > 0;
  }

  /** A secret changed, came or went. */
  note(arn: string | undefined): void {
    if (!this.isOn || arn === undefined) return;
    const at = this.#world.clock.now();
    const secret = this.#shelf.find(arn);
    const before = this.#moments.get(arn) ?? [];
    const first = Math.max(
      0,
      before.findLastIndex((moment) => moment.at <= at - KEPT),
    );
    this.#moments.set(arn, [...before.slice(first), { at, secret: secret && copyOf(secret) }]);
  }

  /** The secrets as one kind of read sees them. */
  seenBy(read: keyof StaleReads): Pick<SecretShelf, 'find' | 'all'> {
    const lag = this.#lags[read] ?? 0;
    const length = typeof lag === 'number' ? lag : lag();
    return length > 0 ? this.#asOf(this.#world.clock.now() - length) : this.#shelf;
  }

  #asOf(at: Instant): SecretShelf {
    const shelf = new SecretShelf();
    for (const moments of this.#moments.values()) {
      const secret = moments.findLast((moment) => moment.at <= at)?.secret;
      if (secret) shelf.add(secret);
    }
    return shelf;
  }
}
