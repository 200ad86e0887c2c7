import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { submitValue } from '../../functions/adapters/secrets-manager/submit.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { AnthropicSimulator } from '../../lib/sandbox/issuers/anthropic.ts';
import { everythingIn } from '../contracts/world.ts';
import { World } from '../world/world.ts';
import { CLIENT, NAME, complete, send } from './home.ts';

const TAGS = {
  'keyturn:rotate-every': '30d',
  'keyturn:max-age': '60d',
  'keyturn:rotate-before-expiry': '10d',
  'keyturn:min-grace': '2h',
  'keyturn:cache-ttl': '1m',
  'keyturn:jitter': '0s',
};

interface Home {
  readonly world: World;
  readonly arn: string;
  readonly anthropic: AnthropicSimulator;
  readonly first: string;
}

async function home(gateway?: (request: Request) => Response | undefined): Promise<Home> {
  let made: AnthropicSimulator | undefined;
  const world = new World({
    ...CLIENT,
    issuer: (clock) =>
      (made = new AnthropicSimulator({
        clock,
        delays: { revokeLag: MINUTE },
        knobs: { ...(gateway && { gateway }) },
      })),
  });
  assert.ok(made);
  await world.createAdminSecret([NAME]);
  const first = made.create(NAME);
  const arn = await world.createToken(NAME, { value: JSON.stringify({ api_key: first }), tags: TAGS });
  await complete(world);
  return { world, arn, anthropic: made, first };
}

/** A person creates a key and submits it; a day passes. */
async function rotated({ world, arn, anthropic }: Home): Promise<string> {
  const value = anthropic.create(NAME);
  await submitValue(world.client, arn, { versionId: crypto.randomUUID(), value: new Secret(value) });
  await send(world, arn, { kind: 'rotate' });
  await world.clock.advanceBy(5 * MINUTE);
  world.startSchedules();
  await world.clock.advanceBy(DAY);
  return value;
}

async function live({ anthropic }: Home): Promise<string[]> {
  return (await anthropic.credentials(NAME)).filter((one) => one.live).map(({ value }) => value);
}

describe('a value that a person creates, and an admin credential ends', () => {
  it('is tested, promoted and used beside the old one, which is archived after its grace', async () => {
    const one = await home();
    const second = await rotated(one);
    assert.equal(JSON.parse(await one.world.read(one.arn)).api_key, second);
    assert.deepEqual(await live(one), [second]);
    const token = (await one.world.record(one.arn)) ?? assert.fail('no record');
    assert.equal(token.credentials.find(({ state }) => state === 'ended')?.proof, 'value');
    assert.deepEqual(
      token.findings.filter(({ state }) => state === 'open'),
      [],
    );
    const told = everythingIn([one.world.facts, one.world.logged, one.world.errors, one.world.inventory]);
    assert.ok(told.includes(NAME), 'the search finds nothing at all');
    for (const value of [one.first, second]) assert.ok(!told.includes(value), 'a value was told');
  });

  it('stays active where the issuer shows several keys with its ends, and a finding says so', async () => {
    let first = '';
    const hinted = (id: string): object => ({
      id,
      type: 'api_key',
      status: 'active',
      partial_key_hint: `${first.slice(0, 16)}...${first.slice(-4)}`,
      expires_at: null,
    });
    const one = await home((request) => {
      const isList = request.method === 'GET' && request.url.includes('/organizations/api_keys');
      if (!isList || first === '') return undefined;
      const data = [hinted('apikey_one'), hinted('apikey_two')];
      return Response.json({ data, has_more: false, last_id: 'apikey_two' });
    });
    const second = one.anthropic.create(NAME);
    await submitValue(one.world.client, one.arn, {
      versionId: crypto.randomUUID(),
      value: new Secret(second),
    });
    await send(one.world, one.arn, { kind: 'rotate' });
    await one.world.clock.advanceBy(5 * MINUTE);
    first = one.first;
    one.world.startSchedules();
    await one.world.clock.advanceBy(4 * DAY + HOUR);
    assert.deepEqual((await live(one)).toSorted(), [one.first, second].toSorted());
    const token = (await one.world.record(one.arn)) ?? assert.fail('no record');
    const [finding] = token.findings.filter(({ state }) => state === 'open');
    assert.equal(finding?.kind, 'revocation-blocked');
    assert.match(finding.detail, /several keys with the first and last characters/);
  });
});
