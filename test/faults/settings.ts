import { DAY, HOUR, type Millis } from '../../functions/core/basics/time.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import type { IssuedCredential } from '../../lib/sandbox/issuers/simulator.ts';
import { START, type World, type WorldOptions } from '../world/world.ts';
import { Consumer } from './consumer.ts';
import { Outposts } from './outposts.ts';
import { askToRotate, heldHandles, startPerson } from './person.ts';

/** Short lives: one rotation at three hours, its old credential retired within the next. */
export const LIFE_TAGS = {
  'keyturn:rotate-every': '3h',
  'keyturn:max-age': '2d',
  'keyturn:rotate-before-expiry': '1h',
  'keyturn:min-grace': '30m',
  'keyturn:unused-for': '30m',
  'keyturn:cache-ttl': '5m',
};

/** Who uses a token, and how its life is set up before time begins. */
export interface Setting {
  readonly secret: string;
  /** What the world is made with, beside what is common to all lives. */
  readonly options: () => Pick<WorldOptions, 'clock' | 'places' | 'couriers'>;
  /** How long it may take to come to rest, where that is longer than usual. */
  readonly longestUnrest?: Millis;
  /** Puts the token there and starts who uses it. */
  begin(world: World): Promise<Started>;
}

export interface Started {
  readonly arn: string;
  readonly consumer: Consumer;
  /** The names of consumers that do not have what is current now. */
  readonly unserved: () => Promise<string[]>;
  /** Handles of what the record names by values, where the issuer has no other name for a credential. */
  readonly held?: (record: Token, credentials: readonly IssuedCredential[]) => Set<string>;
}

const TOKEN = 'prod/app/token';
const ADMIN = 'keyturn/admin/gitlab';

async function everybody(): Promise<string[]> {
  return [];
}

/** What a secret holds at first. */
type First = (world: World) => Promise<string | undefined>;

/** Somebody created a credential at the issuer. */
const BY_HAND: First = async (world) => world.issuer.createByHand(TOKEN);

/** One whose secret is empty at first: the issuer does not say which credential a value belongs to. */
export const EMPTY: First = async () => undefined;

/** The same of an issuer that takes so long to accept a value: whoever created it has waited for that. */
export function onceAccepted(within: Millis | undefined): First {
  if (within === undefined) return BY_HAND;
  return async (world) => {
    const value = await world.issuer.createByHand(TOKEN);
    await world.clock.advanceBy(within);
    return value;
  };
}

/** A token that its consumer reads itself. */
export const READ: Setting = readBy(BY_HAND);

/**
 * One whose values a person creates, who tries each for so long. What people revoke takes longer to end than
 * three hours, so it is rotated less often.
 */
export function servedBy(care: Millis): Setting {
  const read = readBy(onceAccepted(care), { 'keyturn:rotate-every': '5h' });
  return {
    ...read,
    async begin(world) {
      const started = await read.begin(world);
      const { arn } = started;
      startPerson(world, { secret: TOKEN, arn, care });
      return { ...started, held: (...known) => heldHandles(world, arn, ...known) };
    },
  };
}

/** One whose issuer has no other name for a value than the value. */
export function namedByValue(first: First): Setting {
  const read = readBy(first);
  return {
    ...read,
    async begin(world) {
      const started = await read.begin(world);
      return { ...started, held: (...known) => heldHandles(world, started.arn, ...known) };
    },
  };
}

/**
 * One whose old credentials have ended once the lists of its issuer left them out for a week: it is rotated
 * once, when somebody asks for it.
 */
export function endedByLists(first: First): Setting {
  const read = readBy(first, { 'keyturn:rotate-every': '10d', 'keyturn:max-age': '20d' });
  return {
    ...read,
    longestUnrest: 9 * DAY,
    async begin(world) {
      const started = await read.begin(world);
      world.clock.after(3 * HOUR, () => void world.clock.activity(() => askToRotate(world, started.arn)));
      return started;
    },
  };
}

export function readBy(first: First, tags: Readonly<Record<string, string>> = {}): Setting {
  return {
    secret: TOKEN,
    options: () => ({}),
    async begin(world) {
      await world.createAdminSecret([TOKEN]);
      const value = await first(world);
      const arn = await world.createToken(TOKEN, { value, tags: { ...LIFE_TAGS, ...tags } });
      return { arn, consumer: new Consumer(world, arn), unserved: everybody };
    },
  };
}

/**
 * A token that is brought to a cluster, whose pods use what it holds and nothing else, and of which a webhook
 * is told.
 */
export function brought(): Setting {
  const clock = new VirtualClock(START);
  const outposts = new Outposts(clock);
  return {
    secret: TOKEN,
    options: () => ({ clock, ...outposts.options }),
    async begin(world) {
      await world.createAdminSecret([TOKEN]);
      await outposts.open(world, TOKEN);
      const byHand = await world.issuer.createByHand(TOKEN);
      const arn = await world.createToken(TOKEN, { value: byHand, tags: { ...LIFE_TAGS, ...outposts.tags } });
      // Whoever made the token put it into the cluster as well.
      const pods = new Consumer(
        { clock, issuer: world.issuer, peek: async () => (await outposts.held()) ?? byHand },
        arn,
      );
      return { arn, consumer: pods, unserved: () => outposts.unserved(world, arn) };
    },
  };
}

/** The credential that makes the others, which is a token too. */
export const ADMINISTERED: Setting = {
  secret: ADMIN,
  options: () => ({}),
  async begin(world) {
    await world.createAdminSecret([ADMIN]);
    const arn = await world.registerAdmin(LIFE_TAGS);
    return { arn, consumer: new Consumer(world, arn), unserved: everybody };
  },
};
