import assert from 'node:assert/strict';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, it } from 'node:test';
import { DAY, HOUR } from '../../functions/core/basics/time.ts';
import type { Token } from '../../functions/core/token/token.ts';
import type { WhenTaken } from '../../lib/sandbox/issuers/twilio-accounts.ts';
import { TwilioAuthTokenSimulator } from '../../lib/sandbox/issuers/twilio-auth-token.ts';
import { World } from '../world/world.ts';
import { CLIENT, NAME, complete, drive, send } from './home.ts';
import { CALM } from './one-slot.ts';

interface Home {
  readonly world: World;
  readonly arn: string;
  readonly twilio: TwilioAuthTokenSimulator;
  /** Answers in the place of Twilio; read at each request. */
  readonly gate: { before?: ((request: Request) => Response | undefined) | undefined };
}

async function home(given: { whenTaken?: WhenTaken; isEmpty?: true } = {}): Promise<Home> {
  const gate: Home['gate'] = {};
  let made: TwilioAuthTokenSimulator | undefined;
  const world = new World({
    ...CLIENT,
    issuer: (clock) =>
      (made = new TwilioAuthTokenSimulator({
        clock,
        ...(given.whenTaken && { whenTaken: given.whenTaken }),
        knobs: { gateway: (request) => gate.before?.(request) },
      })),
  });
  assert.ok(made);
  await world.createAdminSecret([NAME]);
  const value = await made.createByHand(NAME);
  const arn = await world.createToken(NAME, { ...(!given.isEmpty && { value }), tags: CALM });
  await complete(world);
  world.startSchedules();
  return { world, arn, twilio: made, gate };
}

/** Twilio makes the next token, and its answer never comes; so often. */
function loseAnswers({ gate, twilio }: Home, times: number): void {
  let left = times;
  gate.before = ({ url, method }) => {
    if (method !== 'POST' || !url.endsWith('/Secondary') || left === 0) return undefined;
    left--;
    void twilio.createByHand(NAME);
    return new Response('', { status: 502 });
  };
}

async function live({ twilio }: Home): Promise<readonly string[]> {
  return (await twilio.credentials(NAME)).filter((one) => one.live).map(({ value }) => value);
}

async function stored({ world, arn }: Home): Promise<string> {
  return String(JSON.parse(await world.read(arn))['auth_token']);
}

async function tokenOf({ world, arn }: Home): Promise<Token> {
  return (await world.record(arn)) ?? assert.fail('no record');
}

function count({ twilio }: Home, operation: string): number {
  return twilio.log().filter((entry) => entry.operation === operation && entry.status < 300).length;
}

const CREATE = 'POST /v1/AuthTokens/Secondary';
const DELETE = 'DELETE /v1/AuthTokens/Secondary';
const PROMOTE = 'POST /v1/AuthTokens/Promote';

describe('an account that accepts two values', () => {
  it('keeps both until consumers moved, and then the new one alone', async () => {
    const one = await home();
    const before = await stored(one);
    await send(one.world, one.arn, { kind: 'rotate' });
    await one.world.clock.advanceBy(HOUR);
    const after = await stored(one);
    assert.notEqual(after, before);
    assert.deepEqual(new Set(await live(one)), new Set([before, after]));
    await one.world.clock.advanceBy(4 * HOUR);
    assert.deepEqual(await live(one), [after]);
    assert.equal(count(one, PROMOTE), 1);
    const states = (await tokenOf(one)).credentials.map(({ state }) => state);
    assert.deepEqual(states.toSorted(), ['current', 'ended']);
  });

  for (const whenTaken of ['replaces', 'refuses'] as const)
    it(`ends what a lost answer left, where a creation ${whenTaken} what is there`, async () => {
      const one = await home({ whenTaken });
      const before = await stored(one);
      loseAnswers(one, 2);
      await send(one.world, one.arn, { kind: 'rotate' });
      await one.world.clock.advanceBy(HOUR);
      assert.ok((await live(one)).includes(before), 'the value in use goes on');
      await one.world.clock.advanceBy(DAY);
      assert.ok(count(one, DELETE) > 0, 'the lost one ended');
      const after = await stored(one);
      assert.notEqual(after, before);
      assert.deepEqual(await live(one), [after]);
      assert.deepEqual(
        (await tokenOf(one)).findings.filter(({ state }) => state === 'open'),
        [],
      );
    });

  it('ends no second value of somebody else where it has made none itself', async () => {
    const one = await home();
    // The account cannot be asked which value is the main one, so that nothing is made.
    one.gate.before = ({ method }) => (method === 'GET' ? new Response('', { status: 503 }) : undefined);
    await send(one.world, one.arn, { kind: 'rotate' });
    await one.world.clock.advanceBy(30 * 60_000);
    await one.twilio.createByHand(NAME);
    const both = await live(one);
    one.gate.before = undefined;
    await one.world.clock.advanceBy(4 * HOUR);
    assert.equal(count(one, DELETE), 0);
    assert.equal(both.length, 2);
  });

  it('makes nothing before the secret holds the value that the account has', async () => {
    const one = await home({ isEmpty: true });
    await send(one.world, one.arn, { kind: 'rotate' });
    await one.world.clock.advanceBy(3 * HOUR);
    assert.equal(count(one, CREATE), 0);
    assert.equal((await live(one)).length, 1);
  });

  it('makes nothing where the value in use is the second one already', async () => {
    const one = await home();
    const second = await one.twilio.createByHand(NAME);
    await drive(one.world, () =>
      one.world.client.send(
        new PutSecretValueCommand({
          SecretId: one.arn,
          SecretString: second,
          ClientRequestToken: crypto.randomUUID(),
        }),
      ),
    );
    const both = await live(one);
    await send(one.world, one.arn, { kind: 'rotate' });
    await one.world.clock.advanceBy(30 * 60_000);
    assert.deepEqual(await live(one), both, 'neither value ended');
    assert.equal(count(one, CREATE), 0);
  });

  it('does not end a lost one while nothing tells which value is in use', async () => {
    const one = await home();
    loseAnswers(one, 1);
    await send(one.world, one.arn, { kind: 'rotate' });
    await one.world.clock.advanceBy(60_000);
    let ended = false;
    one.gate.before = ({ method, url }) => {
      ended ||= method === 'DELETE';
      const shown = { sid: url.slice(-39, -5), owner_account_sid: url.slice(-39, -5), status: 'active' };
      return method === 'GET' ? Response.json(shown) : new Response('', { status: 502 });
    };
    await one.world.clock.advanceBy(6 * HOUR);
    assert.ok(!ended);
    assert.equal((await live(one)).length, 2);
    one.gate.before = undefined;
    await one.world.clock.advanceBy(DAY);
    assert.ok(count(one, DELETE) > 0);
  });
});
