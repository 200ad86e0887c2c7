import assert from 'node:assert/strict';
import { tellsRefusals } from '../../functions/core/validity/check-rules.ts';
import { isIn } from '../../functions/core/rotation/named-slots.ts';
import {
  isListed,
  type ChoosingSession,
  type ListedSession,
  type Probe,
  type Provider,
  type Session,
} from '../../functions/core/issuer/provider.ts';
import type { Randomness } from '../../functions/core/basics/randomness.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import type { Instant, Millis } from '../../functions/core/basics/time.ts';
import { VirtualClock, type Clock } from '../../lib/sandbox/clock.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { append, noting, type Exchange } from './exchanges.ts';
import { testRandomness } from './randomness.ts';
import { recordingWorld, type Sent, type World } from './world.ts';

export interface ProviderContract {
  readonly name: string;
  readonly provider: Provider;
  /** A fresh issuer with nothing in it but the admin; closed after each test. */
  createIssuer(clock: Clock): Issuer | Promise<Issuer>;
  /** Where the clock starts; for issuers that run on the real time. */
  readonly startAt?: Instant;
  /** The field of the admin secret that holds the issuer's address, such as `url`. */
  readonly hostField: string;
  /** The scheme of that address, where it is not `https`. */
  readonly scheme?: 'rediss';
  /** Every credential in an admin secret. */
  adminCredentials(admin: AdminJson): readonly string[];
  /** Those of them without which the issuer takes no value: they go beside one that is asked about. */
  readonly sentBeside?: (admin: AdminJson) => readonly string[];
  /** Ways to break a good admin secret; the canary is to be put where the wrong value goes. */
  readonly malformed: readonly {
    readonly field: string;
    /** The secret whose grant is broken; {@link SECRET} where it is left out. */
    readonly of?: string;
    readonly breakIt: (admin: AdminJson, canary: string) => void;
  }[];
  /** Whether a request is one that the session of this account (`session.account`) may make. */
  mayCall(sent: Sent, account: string): boolean;
  /** The vendor's way of saying "wait this long". */
  throttled(wait: Millis, now: Instant): Response;
  /** The fields of a grant that name its account: what `formerly` lists, such as `resource`. */
  readonly accountFields: readonly string[];
  /**
   * Where the answer to a creation holds the id and the value, for issuers that make it: fields, with dots
   * between those that lie in one another. `half`: the one of the public half, where values are pairs.
   */
  readonly made?: { readonly id: string; readonly value: string; readonly half?: string };
  /** How such an answer is read and written, where it is no JSON. */
  readonly form?: {
    readonly read: (text: string) => unknown;
    readonly write: (status: number, fields: object) => Response;
  };
  /** The issuer does not tell when it made a credential: neither in its answer nor in its list. */
  readonly isUndated?: true;
  /**
   * The admin logs in at a session's first request. A session has done so when a test begins, so that what a
   * test does to answers concerns the calls that it is about.
   */
  readonly logsIn?: true;
  /** In which words the issuer refuses an admin credential is not known: then nothing says that it does. */
  readonly refusalIsUnknown?: true;
  /** The issuer refuses a text with spaces in words that say nothing of a value. */
  readonly spacesAreUnknown?: true;
  /** How a creation is sent, where that is no POST. */
  readonly createsBy?: 'PUT';
  /** What a request with this body to this path does, where methods do not tell. */
  readonly does?: (body: string, path: string) => 'reads' | 'creates' | 'ends';
  /** `maxDays` in the grants that `issuer.adminSecret` makes, where expiry is settable. */
  readonly grantedDays?: number;
}

/** Whether a request changes something at the issuer. */
export async function isChange({ does }: ProviderContract, request: Request): Promise<boolean> {
  return does ? (await doing(request, does)) !== 'reads' : request.method !== 'GET';
}

/** Whether it makes a credential. */
export async function isCreation({ does, createsBy }: ProviderContract, request: Request): Promise<boolean> {
  return does ? (await doing(request, does)) === 'creates' : request.method === (createsBy ?? 'POST');
}

async function doing(request: Request, does: NonNullable<ProviderContract['does']>) {
  return does(await request.clone().text(), new URL(request.url).pathname);
}

/** A test breaks what a schema would refuse, so it is loose on purpose. */
// oxlint-disable-next-line typescript/no-explicit-any
export type AdminJson = Record<string, any>;

/** A session and all around it. */
export interface Setup {
  readonly clock: VirtualClock;
  readonly issuer: Issuer;
  readonly world: World;
  /** Grants {@link SECRET} and {@link OTHER_SECRET}, in this order. */
  readonly admin: AdminJson;
  readonly random: Randomness;
  readonly session: ListedSession;
  /** A session for another secret, whose grant names another resource. */
  readonly other: ListedSession;
}

export const SECRET = 'team-a/contract';
/** Granted an account that nothing was made in yet. */
export const THIRD_SECRET = 'team-c/contract';
export const OTHER_SECRET = 'team-b/contract';
export const MARKER = 'keyturn-0123456789-0123456789ab-0123456789abcdef';

/** That of the setup at work: of one of them, all values are others. */
let random = testRandomness();

export async function withSetup(
  contract: ProviderContract,
  run: (setup: Setup) => Promise<void>,
): Promise<void> {
  random = testRandomness();
  const clock = new VirtualClock(contract.startAt ?? Date.parse('2026-03-02T10:17:30Z'));
  const issuer = await contract.createIssuer(clock);
  const noted: Exchange[] = [];
  try {
    const answer = noting(contract.provider.descriptor.id, (request) => issuer.fetch(request), noted);
    const world = recordingWorld(clock, answer);
    const text = issuer.adminSecret([SECRET, OTHER_SECRET]);
    const admin: AdminJson = JSON.parse(text);
    const open = (name: string) => listing(contract.provider.open(new Secret(text), name, world.tools));
    const session = open(SECRET);
    if (contract.logsIn) await session.list();
    world.sent.length = 0;
    await run({ clock, issuer, world, admin, random, session, other: open(OTHER_SECRET) });
    append(noted, await credentialsOf(contract, issuer));
  } finally {
    await issuer.close();
  }
}

/** All that must not stand in a file of exchanges. */
async function credentialsOf(contract: ProviderContract, issuer: Issuer): Promise<string[]> {
  const names = [SECRET, OTHER_SECRET, THIRD_SECRET];
  const issued = await Promise.all(names.map((name) => issuer.credentials(name).catch(() => [])));
  const admin: AdminJson = JSON.parse(issuer.adminSecret(names));
  const values = issued.flat().flatMap(({ value }) => [value, ...partsOf(value)]);
  return [...contract.adminCredentials(admin), ...values];
}

/** What answers show of a value that is an id, a colon and a secret, or the base64 of these. */
function partsOf(value: string): string[] {
  return [value, Buffer.from(value, 'base64').toString('latin1')].flatMap(
    (text) => /^[\w-]{4,}:([\w+/-]{16,})$/.exec(text)?.[1] ?? [],
  );
}

/**
 * The admin secret after {@link SECRET} was given the account of {@link THIRD_SECRET}; its former one is
 * named when asked.
 */
export function moved({ issuer }: Setup, { accountFields }: ProviderContract, isNamed: boolean): Secret {
  const { grants, ...rest }: AdminJson = JSON.parse(issuer.adminSecret([SECRET, OTHER_SECRET, THIRD_SECRET]));
  const [before, other, third] = grants;
  const formerly = [Object.fromEntries(accountFields.map((field) => [field, before[field]]))];
  return new Secret(
    JSON.stringify({ ...rest, grants: [{ ...third, secret: SECRET, ...(isNamed && { formerly }) }, other] }),
  );
}

/** A session of an issuer that lists what it made. */
export function listing(session: Session): ListedSession {
  if (isListed(session)) return session;
  throw new Error(`${session.account} lists nothing`);
}

/** What a probe says of a value that no credential has any more; unknown where no refusal tells. */
export function assertRefused({ provider }: ProviderContract, probe: Probe): void {
  if (tellsRefusals(provider.descriptor.check)) assert.deepEqual(probe, { outcome: 'inactive' });
  else assert.equal(probe.outcome, 'unknown');
}

/** One more live credential, whichever way this provider makes it. */
export async function issue(
  session: ListedSession,
  marker: string,
  expiresAt?: Instant,
): Promise<{ handle: string; value: Secret; expiresAt?: Instant }> {
  if (session.kind === 'minting') return session.mint({ marker, expiresAt });
  const { value, fields = {} } = session.choose(random, await freeSlot(session));
  return { ...(await session.install(value, fields)), value };
}

/** The first slot in which nothing is listed; undefined where there is none, or slots have no names. */
async function freeSlot(session: ChoosingSession): Promise<string | undefined> {
  const listed = session.slots ? await session.list() : [];
  return session.slots?.find((slot) => !listed.some(({ handle }) => isIn(slot, handle)));
}

export function marked(index: number): string {
  return MARKER.slice(0, -1) + index.toString(16);
}
