import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { submitValue } from '../../functions/adapters/secrets-manager/submit.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import type { Finding } from '../../functions/core/findings/findings.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { stripeSimulator } from '../../lib/sandbox/issuers/stripe.ts';
import type { SubmittedSimulator } from '../../lib/sandbox/issuers/submitted.ts';
import { everythingIn } from '../contracts/world.ts';
import { World } from '../world/world.ts';
import { CLIENT, NAME, complete, drive, send } from './home.ts';

const TAGS = {
  'keyturn:rotate-every': '30d',
  'keyturn:max-age': '60d',
  'keyturn:min-grace': '2h',
  'keyturn:cache-ttl': '1m',
  'keyturn:jitter': '0s',
};

interface Home {
  readonly world: World;
  readonly arn: string;
  readonly stripe: SubmittedSimulator;
  readonly first: string;
  readonly gateway: { isOn: boolean };
}

async function home(): Promise<Home> {
  let made: SubmittedSimulator | undefined;
  const gateway = { isOn: false };
  const refusal = { error: { type: 'invalid_request_error', message: 'Not from this address.' } };
  const world = new World({
    ...CLIENT,
    issuer: (clock) =>
      (made = stripeSimulator({
        clock,
        delays: { revokeLag: MINUTE },
        knobs: { gateway: () => (gateway.isOn ? Response.json(refusal, { status: 401 }) : undefined) },
      })),
  });
  assert.ok(made);
  await world.createAdminSecret([NAME]);
  const first = made.create(NAME);
  const arn = await world.createToken(NAME, { value: JSON.stringify({ api_key: first }), tags: TAGS });
  await complete(world);
  return { world, arn, stripe: made, first, gateway };
}

/** A new value, submitted and promoted. */
async function replaced(one: Home): Promise<string> {
  const { world, arn, stripe } = one;
  const second = stripe.create(NAME);
  await submitValue(world.client, arn, { versionId: crypto.randomUUID(), value: new Secret(second) });
  await send(world, arn, { kind: 'rotate' });
  await world.clock.advanceBy(30 * MINUTE);
  assert.equal(JSON.parse(await world.read(arn))['api_key'], second);
  return second;
}

async function tokenOf({ world, arn }: Home): Promise<Token> {
  return (await world.record(arn)) ?? assert.fail('no record');
}

async function open(one: Home): Promise<readonly Finding[]> {
  return (await tokenOf(one)).findings.filter(({ state }) => state === 'open');
}

async function isLive({ stripe }: Home, value: string): Promise<boolean> {
  return (await stripe.credentials(NAME)).find((one) => one.value === value)?.live ?? false;
}

async function revokeByHand({ stripe }: Home, value: string): Promise<void> {
  const one = (await stripe.credentials(NAME)).find((candidate) => candidate.value === value);
  await stripe.revokeByHand(one?.handle ?? '');
}

describe('an old credential that only a person can revoke', () => {
  it('is asked for once its grace is over, and verified when its issuer rejects it', async () => {
    const one = await home();
    const { world, first } = one;
    const second = await replaced(one);
    world.startSchedules();
    await world.clock.advanceBy(HOUR);
    assert.deepEqual(await open(one), [], 'it has its grace');
    await world.clock.advanceBy(3 * DAY);
    const [due, ...others] = await open(one);
    assert.deepEqual(others, []);
    assert.equal(due?.kind, 'revocation-due');
    assert.equal(due.severity, 'warning');
    assert.match(due.detail, /at https:\/\/dashboard\.stripe\.com\/apikeys for the account .*acct_/);
    assert.match(due.detail, /It was current from \S+ until \S+\./);
    assert.ok(await isLive(one, first), 'nobody has revoked it');
    await revokeByHand(one, first);
    await world.clock.advanceBy(3 * HOUR);
    assert.deepEqual(await open(one), []);
    const old = (await tokenOf(one)).credentials.find(({ state }) => state === 'ended');
    assert.equal(old?.proof, 'value');
    assert.ok(await isLive(one, second));
    const told = everythingIn([world.facts, world.logged, world.errors, world.inventory, world.queue]);
    assert.ok(told.includes('revocation-due'));
    for (const value of [first, second]) assert.ok(!told.includes(value), 'a value was told');
  });

  it('is not taken for revoked by what somebody else answers in the place of its issuer', async () => {
    const one = await home();
    await replaced(one);
    one.world.startSchedules();
    await one.world.clock.advanceBy(2 * DAY);
    one.gateway.isOn = true;
    await one.world.clock.advanceBy(DAY);
    assert.ok((await open(one)).some(({ kind }) => kind === 'revocation-due' || kind === 'validity-unknown'));
    assert.ok(!(await tokenOf(one)).credentials.some(({ state }) => state === 'ended'));
    one.gateway.isOn = false;
    await one.world.clock.advanceBy(7 * HOUR);
    assert.deepEqual(
      (await open(one)).map(({ kind }) => kind),
      ['revocation-due'],
    );
  });

  it('is critical once it leaked, and no incident is over before', async () => {
    const one = await home();
    const { world, arn, first } = one;
    world.startSchedules();
    await world.clock.advanceBy(HOUR);
    const { fingerprint = '' } = currentOf(await tokenOf(one)) ?? {};
    const report = {
      kind: 'compromise',
      source: 'a person',
      reportedAt: world.clock.now(),
      fingerprint,
    } as const;
    const head = { tokenId: tokenIdOf(arn), notAfter: world.clock.now() + HOUR };
    await drive(world, () => world.command({ ...head, ...report }));
    await replaced(one);
    await world.clock.advanceBy(2 * HOUR);
    const kinds = new Map((await open(one)).map(({ kind, severity }) => [kind, severity]));
    assert.equal(kinds.get('revocation-due'), 'critical');
    assert.ok(kinds.has('credential-leaked'));
    await revokeByHand(one, first);
    await world.clock.advanceBy(3 * HOUR);
    assert.deepEqual(await open(one), []);
  });

  it('of a token that a person ended is asked for too', async () => {
    const one = await home();
    const { world, arn, first } = one;
    world.startSchedules();
    await world.clock.advanceBy(HOUR);
    await send(world, arn, { kind: 'end', how: 'retire' });
    await world.clock.advanceBy(6 * HOUR);
    assert.deepEqual(
      (await open(one)).map(({ kind }) => kind),
      ['revocation-due'],
    );
    await revokeByHand(one, first);
    await world.clock.advanceBy(3 * HOUR);
    assert.ok((await tokenOf(one)).credentials.every(({ state }) => state === 'ended'));
  });
});
