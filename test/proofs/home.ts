import { LIFE_TAGS } from '../faults/settings.ts';
import {
  PutSecretValueCommand,
  RotateSecretCommand,
  CreateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import type { Command } from '../../functions/core/commands/commands.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { placeOf } from '../../functions/core/secret-text/value-place.ts';
import { renewing, type PermitKind } from '../../functions/core/revocation/permits.ts';
import type { Ports } from '../../functions/core/ports/ports.ts';
import type { Session } from '../../functions/core/issuer/provider.ts';
import { HOUR, MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { currentOf, credentialOf } from '../../functions/core/token/lookups.ts';
import type { Credential } from '../../functions/core/token/credential.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { revoke, type Verdict } from '../../functions/use-cases/revocation/index.ts';
import type { IssuedCredential } from '../../lib/sandbox/issuers/simulator.ts';
import type { Subject } from '../faults/run.ts';
import { atLength } from '../extent.ts';
import { directClient } from '../soak/direct-client.ts';
import { START, World, type WorldOptions } from '../world/world.ts';

export { SUBJECTS, type Subject } from '../faults/run.ts';

export const NAME = 'prod/app/token';
/** Short lives, so that a rotation, its grace and the proof of death fit into a few hours. */
export const SHORT = LIFE_TAGS;
/** A life in which nothing happens by itself for a day. */
export const CALM = { ...SHORT, 'keyturn:rotate-every': '30d', 'keyturn:max-age': '60d' };
/** Long enough for least grace and the evidence of the slowest provider. */
export const GRACE_OVER = HOUR;

export interface Home {
  readonly world: World;
  readonly arn: string;
  readonly subject: Subject;
}

/** Runs something that may wait on the clock, and moves time on until it is done. */
export async function drive<T>(world: World, run: () => Promise<T>, most = 15 * MINUTE): Promise<T> {
  const outcomes: ({ value: T } | { error: unknown })[] = [];
  void world.clock.activity(async () => {
    outcomes.push(
      await run().then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      ),
    );
  });
  for (let spent = 0; outcomes.length === 0 && spent <= most; spent += SECOND)
    await world.clock.advanceBy(SECOND);
  const [outcome] = outcomes;
  assert.ok(outcome, 'it did not end');
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

/**
 * How a world asks AWS. At length, through the SDK and HTTP; in `npm test` the same requests are sent
 * directly, which takes less time.
 */
export const CLIENT: Pick<WorldOptions, 'quick'> = atLength({}, { quick: directClient });

/** At length, the proofs of one issuer go through the SDK and HTTP, and those of the others directly. */
function clientOf(subject: Subject): Pick<WorldOptions, 'quick'> {
  return subject.id === 'gitlab' ? CLIENT : { quick: directClient };
}

export function worldOf(subject: Subject, options: Partial<WorldOptions> = {}): World {
  return new World({ issuer: subject.issuer({}), ...clientOf(subject), ...options });
}

/** Has every registered secret inspected until the inventory is known to be complete. */
export async function complete(world: World): Promise<void> {
  for (let pass = 0; pass < 3; pass++) {
    assert.equal(await world.reconcileNow(), undefined);
    await world.clock.advanceBy(MINUTE);
  }
  assert.ok(await world.inventory.isComplete(), 'the inventory should be complete');
}

/** A token whose existing value was adopted; no schedule runs. */
export async function adopted(
  subject: Subject,
  given: { tags?: Record<string, string>; options?: Partial<WorldOptions>; plain?: boolean } = {},
): Promise<Home> {
  const world = worldOf(subject, given.options);
  await world.createAdminSecret([NAME]);
  const json = await world.issuer.createByHand(NAME);
  const arn = await world.createToken(NAME, {
    value: given.plain === true ? bare(json) : json,
    tags: given.tags ?? CALM,
  });
  await complete(world);
  return { world, arn, subject };
}

/** The value alone, as people store it who know nothing of JSON. */
export function bare(json: string): string {
  const fields = JSON.parse(json) as Record<string, string>;
  return fields['token'] ?? fields['client_secret'] ?? fields['password'] ?? '';
}

export async function send(
  world: World,
  arn: string,
  command:
    | { kind: 'rotate' }
    | { kind: 'rollback' | 'retire' | 'revoke'; credentialId: string }
    | { kind: 'end'; how: 'retire' | 'detach' }
    | { kind: 'review'; decision: 'approved' | 'refused'; reason?: string; scopes?: string[] }
    | { kind: 'settle'; attemptId: string }
    | { kind: 'inspect' },
): Promise<boolean> {
  const head = { tokenId: tokenIdOf(arn), notAfter: world.clock.now() + 10 * MINUTE };
  const isDone = await drive(world, () => world.command(commandOf(head, arn, command)));
  if (command.kind !== 'retire' || !(await waitsForPass(world, arn, command.credentialId))) return isDone;
  await passAfterClaim(world);
  return drive(world, () =>
    world.command(commandOf({ ...head, notAfter: world.clock.now() + 10 * MINUTE }, arn, command)),
  );
}

/**
 * Claimed for its end, and held up by nothing but the pass of reconcile that has to see every secret first.
 */
async function waitsForPass(world: World, arn: string, credentialId: string): Promise<boolean> {
  const one = (await world.record(arn))?.credentials.find((credential) => credential.id === credentialId);
  return (
    one?.state === 'revoking' &&
    one.revokedAt === undefined &&
    /before a pass of reconcile/.test(one.verdict ?? '')
  );
}

function commandOf(
  head: { tokenId: string; notAfter: number },
  secretArn: string,
  command: Parameters<typeof send>[2],
): Command {
  switch (command.kind) {
    case 'inspect':
      return { ...head, kind: 'inspect', secretArn };
    case 'review':
      return { ...head, ...command };
    case 'end':
      return { ...head, kind: 'end', how: command.how };
    case 'settle':
      return { ...head, kind: 'settle', attemptId: command.attemptId };
    case 'retire':
      return { ...head, kind: 'retire', credentialId: command.credentialId };
    case 'revoke':
      return { ...head, kind: 'revoke', credentialId: command.credentialId };
    case 'rotate':
      return { ...head, kind: 'rotate' };
    case 'rollback':
      return { ...head, kind: 'rollback', credentialId: command.credentialId };
  }
}

/** A whole pass of reconcile that counts for what was claimed until now. */
export async function passAfterClaim(world: World): Promise<void> {
  await world.clock.advanceBy(6 * MINUTE);
  for (let run = 0; run < 2; run++) {
    assert.equal(await world.reconcileNow(), undefined);
    await world.clock.advanceBy(MINUTE);
  }
}

/** Rotates once, to the end, with every attempt accounted for. */
export async function rotateOnce(home: Home): Promise<void> {
  const { world, arn } = home;
  const before = currentOf(await recordOf(home))?.id;
  assert.ok(await send(world, arn, { kind: 'rotate' }));
  await world.clock.advanceBy(3 * MINUTE);
  const token = await recordOf(home);
  assert.notEqual(currentOf(token)?.id, before, `it did not rotate: ${world.errors.join(' | ')}`);
  for (const attempt of token.attempts)
    if (attempt.tidy !== true) await send(world, arn, { kind: 'settle', attemptId: attempt.id });
}

/** A token that was rotated once: one credential is current, the one before is in grace. */
export async function inGrace(subject: Subject, given: Parameters<typeof adopted>[1] = {}): Promise<Home> {
  const home = await adopted(subject, given);
  await rotateOnce(home);
  return home;
}

/** Time stands in the middle of testSecret: the pending version has its value, and is not promoted. */
export async function midway(subject: Subject, options: Partial<WorldOptions> = {}): Promise<Home> {
  const home = await adopted(
    { ...subject, issuer: () => subject.issuer({ propagation: 40 * SECOND }) },
    { tags: CALM, options },
  );
  await home.world.clock.advanceBy(MINUTE);
  assert.ok(await send(home.world, home.arn, { kind: 'inspect' }));
  assert.ok(await send(home.world, home.arn, { kind: 'rotate' }));
  await home.world.clock.advanceBy(12 * SECOND);
  return home;
}

/** The issuers of some ports, every session that they open passed through `wrap`, wherever it goes. */
export function sessionsThrough(
  issuers: Ports['issuers'],
  wrap: (session: Session) => Session,
): Ports['issuers'] {
  return {
    ...issuers,
    open: async (token, admin) => wrap(await issuers.open(token, admin)),
    openAt: async (token, reach, admin) => {
      const session = await issuers.openAt(token, reach, admin);
      return session && wrap(session);
    },
    openBeside: async (token, beside) => {
      const session = await issuers.openBeside(token, beside);
      return session && wrap(session);
    },
  };
}

export async function recordOf({ world, arn }: Pick<Home, 'world' | 'arn'>): Promise<Token> {
  const token = await world.record(arn);
  assert.ok(token, 'there is no record');
  return token;
}

/** Writes into the record what should not be there: what a bug, or somebody with the table, could leave. */
export async function tamper(
  { world, arn }: Pick<Home, 'world' | 'arn'>,
  change: (token: Token) => Token,
): Promise<void> {
  const loaded = await world.inventory.load(tokenIdOf(arn));
  assert.ok(loaded);
  await world.inventory.save(change(loaded.token), loaded.revision);
}

/** A generation on its way to its end, as a wrong record would have it. */
export function wanted(
  handle: string | undefined,
  fields: Partial<Credential> = {},
): (token: Token) => Token {
  const made: Credential = {
    id: 'lost:wanted',
    handle,
    origin: 'minted',
    state: 'revoking',
    withoutGrace: true,
    revocationBegunAt: START,
    reason: 'a test',
    ...fields,
  };
  return (token) => ({
    ...token,
    credentials: [...token.credentials.filter((one) => one.id !== made.id), made],
  });
}

/**
 * Writes down what lets a credential end, as the act functions do; about the token itself for its retirement.
 */
export async function permitted(
  { world, arn }: Pick<Home, 'world' | 'arn'>,
  kind: PermitKind,
  credentialId = tokenIdOf(arn),
): Promise<void> {
  const tokenId = tokenIdOf(arn);
  const token = await world.record(arn);
  const one = token && credentialOf(token, credentialId);
  const { permits, revision } = await world.inventory.loadPermits(tokenId);
  await world.inventory.savePermits(
    renewing(permits, {
      kind,
      about: credentialId,
      ...(one?.handle !== undefined && { handle: one.handle }),
      at: one?.revocationBegunAt ?? world.clock.now(),
      by: 'a test',
    }),
    revision,
  );
}

/**
 * Asks the guard itself about a credential whose revocation the workers began, with the session the use cases
 * would have.
 */
export async function askGuard(
  { world, arn }: Pick<Home, 'world' | 'arn'>,
  credentialId: string,
): Promise<Verdict> {
  await permitted({ world, arn }, 'claim', credentialId);
  return guardSays({ world, arn }, credentialId);
}

/** The same of one that may have been claimed by the word of the record alone. */
export async function guardSays(
  { world, arn }: Pick<Home, 'world' | 'arn'>,
  credentialId: string,
): Promise<Verdict> {
  return drive(world, () =>
    withPorts(world, async (ports) => {
      const token = await world.record(arn);
      const session = await ports.issuers.open({
        provider: world.provider,
        name: token?.name ?? NAME,
        admin: token?.admin,
      });
      const place = placeOf(new Map(), ports.issuers.provider(world.provider).descriptor);
      return revoke({ tokenId: tokenIdOf(arn), credentialId }, session, place, ports);
    }),
  );
}

export async function withPorts<T>(world: World, use: (ports: Ports) => Promise<T>): Promise<T> {
  const values: T[] = [];
  const failed = await world.run('proof', 5 * MINUTE, async (ports) => void values.push(await use(ports)));
  const [value] = values;
  if (value === undefined) throw new Error(failed);
  return value;
}

export async function issued(world: World, name = NAME): Promise<readonly IssuedCredential[]> {
  return world.issuer.credentials(name);
}

/** The credential whose value a text holds. */
export async function credentialIn(world: World, text: string, name = NAME): Promise<IssuedCredential> {
  const found = (await issued(world, name)).findLast((one) => text.includes(one.value));
  assert.ok(found, 'the issuer does not know this value');
  return found;
}

export async function isLive(world: World, handle: string, name = NAME): Promise<boolean> {
  return (await issued(world, name)).some((one) => one.handle === handle && one.live);
}

/** The generation in grace. */
export function oldOf(token: Token): Credential {
  const old = token.credentials.find((one) => one.state === 'previous');
  assert.ok(old, 'no credential is in grace');
  return old;
}

/** A second admin secret that gives another secret the same resource at the issuer. */
export async function shareResource(world: World, from: string, to: string): Promise<string> {
  const admin = `keyturn/admin/${world.provider}/token-shared`;
  const SecretString = world.issuer.adminSecret([from]).replaceAll(JSON.stringify(from), JSON.stringify(to));
  await world.client.send(new CreateSecretCommand({ Name: admin, SecretString }));
  return admin;
}

export async function put(world: World, arn: string, text: string): Promise<string> {
  const made = await world.client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: text }));
  return made.VersionId ?? '';
}

/** Starts a rotation as the console does. */
export async function consoleRotates(world: World, arn: string): Promise<string> {
  const made = await world.client.send(new RotateSecretCommand({ SecretId: arn }));
  return made.VersionId ?? '';
}
