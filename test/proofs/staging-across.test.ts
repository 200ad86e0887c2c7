import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fact } from '../../functions/core/findings/events.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { forwardedIn } from '../../functions/handlers/eventbridge-message.ts';
import { hear } from '../../functions/use-cases/inventory/upstream-events.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { START, World } from '../world/world.ts';
import { CLIENT, SHORT, SUBJECTS, complete, drive } from './home.ts';

const STAGING = 'staging/app/token';
const PRODUCTION = 'prod/app/token';
const UPSTREAM = '444455556666';
const GITLAB = SUBJECTS.find((subject) => subject.id === 'gitlab') ?? assert.fail('no gitlab');
const LONG = {
  ...SHORT,
  'keyturn:rotate-every': '1d',
  'keyturn:max-age': '40d',
  'keyturn:rotate-before-expiry': '20d',
};

interface Couple {
  readonly upstream: World;
  readonly downstream: World;
  readonly staging: string;
  readonly production: string;
}

/** An event as it arrives in the queue: EventBridge notes whose it is, and when. */
function envelope(fact: Fact, account: string): string {
  return JSON.stringify({
    version: '0',
    source: 'keyturn',
    'detail-type': 'Keyturn Token Changed',
    account,
    region: 'eu-central-1',
    time: new Date(fact.at).toISOString(),
    detail: fact,
  });
}

async function deliver(to: World, message: string): Promise<void> {
  const forwarded = forwardedIn(message, { account: to.account, region: 'eu-central-1' });
  if (forwarded)
    assert.equal(
      await drive(to, () => to.run('reconcile heard', MINUTE, (ports) => hear(forwarded, ports))),
      undefined,
    );
}

/**
 * Two installations in two accounts, whose facts go from one to the other: in reverse and twice, as a bus
 * may.
 */
async function couple(
  tags: Record<string, string> = {},
): Promise<Couple & { readonly pass: (length: number) => Promise<void> }> {
  const clock = new VirtualClock(START);
  const [upstream, downstream] = [
    new World({ ...CLIENT, clock, account: UPSTREAM, issuer: GITLAB.issuer({}) }),
    new World({ ...CLIENT, clock, issuer: GITLAB.issuer({}) }),
  ];
  await upstream.createAdminSecret([STAGING]);
  await downstream.createAdminSecret([PRODUCTION]);
  const staging = await upstream.createToken(STAGING, {
    value: await upstream.issuer.createByHand(STAGING),
    tags: LONG,
  });
  const production = await downstream.createToken(PRODUCTION, {
    value: await downstream.issuer.createByHand(PRODUCTION),
    tags: { ...LONG, 'keyturn:rotate-after': staging, 'keyturn:soak-time': '6h', ...tags },
  });
  for (const world of [upstream, downstream]) await complete(world);
  for (const world of [upstream, downstream]) world.startSchedules();
  let told = 0;
  const pass = async (length: number): Promise<void> => {
    for (const end = clock.now() + length; clock.now() < end;) {
      await clock.advanceBy(30 * MINUTE);
      const fresh = upstream.facts.slice(told);
      told = upstream.facts.length;
      for (const fact of [...fresh, ...fresh].toReversed())
        await deliver(downstream, envelope(fact, UPSTREAM));
    }
  };
  return { upstream, downstream, staging, production, pass };
}

async function promotedAt(world: World, arn: string): Promise<number | undefined> {
  const record = await world.record(arn);
  const current = record && currentOf(record);
  return current?.origin === 'minted' ? current.promotedAt : undefined;
}

describe('a token that follows one of another account', () => {
  it('rotates after that one rotated and soaked, as its installation tells; not before', async () => {
    const { upstream, downstream, staging, production, pass } = await couple();
    await pass(DAY + 3 * HOUR);
    const first = (await promotedAt(upstream, staging)) ?? assert.fail('staging did not rotate');
    assert.equal(await promotedAt(downstream, production), undefined);
    await pass(7 * HOUR);
    const second = (await promotedAt(downstream, production)) ?? assert.fail('production did not follow');
    assert.ok(second >= first + 6 * HOUR && second <= first + 8 * HOUR, String((second - first) / HOUR));
  });

  it('is held while that one is in trouble, says why, and goes on when it is over', async () => {
    const { upstream, downstream, staging, production, pass } = await couple();
    await upstream.grantOnly([PRODUCTION]);
    await pass(2 * DAY);
    assert.equal(await promotedAt(downstream, production), undefined);
    const held = (await downstream.record(production))?.findings.find(
      (one) => one.kind === 'rotation-deferred' && one.state === 'open',
    );
    assert.ok(held?.detail.includes(`waits for ${staging}`), held?.detail);
    assert.match(held?.detail ?? '', /No grant for the secret staging\/app\/token/);
    await upstream.grantOnly([STAGING]);
    await upstream.command({
      kind: 'rotate',
      tokenId: (await upstream.record(staging))?.id ?? '',
      notAfter: upstream.clock.now() + HOUR,
    });
    await pass(12 * HOUR);
    assert.ok((await promotedAt(downstream, production)) !== undefined);
  });

  it('without any news waits, and no longer than until its own end comes near', async () => {
    const { downstream, production } = await couple({
      'keyturn:max-age': '6d',
      'keyturn:rotate-before-expiry': '3d',
    });
    await downstream.clock.advanceBy(4 * DAY);
    assert.equal(await promotedAt(downstream, production), undefined);
    await downstream.clock.advanceBy(DAY);
    assert.ok((await promotedAt(downstream, production)) !== undefined);
  });

  it('is moved by no event of another account, nor by one that claims to be of its own', async () => {
    const { upstream, downstream, staging, production } = await couple();
    await upstream.clock.advanceBy(DAY + 3 * HOUR);
    const rotated =
      upstream.facts.find((fact) => fact.type === 'lifecycle' && fact.what === 'rotated') ??
      assert.fail(`${staging} did not rotate`);
    const forged = { ...rotated, at: rotated.at + 300 * DAY };
    for (const account of ['777788889999', downstream.account])
      await deliver(downstream, envelope(forged, account));
    await deliver(
      downstream,
      JSON.stringify({
        source: 'somebody',
        account: UPSTREAM,
        region: 'eu-central-1',
        detail: rotated,
      }).replace('"somebody"', '"keyturn.not"'),
    );
    await downstream.clock.advanceBy(8 * HOUR);
    assert.equal(await promotedAt(downstream, production), undefined);
  });
});
