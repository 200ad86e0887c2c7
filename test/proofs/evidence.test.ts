import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listing } from '../contracts/setup.ts';
import type { Session } from '../../functions/core/issuer/provider.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf, credentialOf } from '../../functions/core/token/lookups.ts';
import type { Token } from '../../functions/core/token/token.ts';
import {
  CALM,
  SUBJECTS,
  adopted,
  inGrace,
  isLive,
  oldOf,
  recordOf,
  rotateOnce,
  send,
  sessionsThrough,
  tamper,
  type Home,
  type Subject,
} from './home.ts';

const TELLING = {
  ...CALM,
  'keyturn:evidence': 'last-used',
  'keyturn:unused-for': '30m',
  'keyturn:min-grace': '15m',
};
const [GITLAB] = SUBJECTS.filter((one) => one.id === 'gitlab');
assert.ok(GITLAB);
const TELLER: Subject = GITLAB;

/** A world whose issuer's list leaves out what `hidden` says, or shows it otherwise. */
interface Veiled extends Home {
  hidden: (handle: string) => boolean;
  says: Session['probe'] | undefined;
}

async function veiled(tags: Record<string, string> = TELLING): Promise<Veiled> {
  const veil: Pick<Veiled, 'hidden' | 'says'> = { hidden: () => false, says: undefined };
  const home = await inGrace(TELLER, {
    tags,
    options: {
      wrap: (ports) => ({
        ...ports,
        issuers: sessionsThrough(ports.issuers, (session) => ({
          ...listing(session),
          list: async () => (await listing(session).list()).filter((one) => !veil.hidden(one.handle)),
          probe: (value) => (veil.says ?? session.probe.bind(session))(value),
        })),
      }),
    },
  });
  return Object.assign(veil, home);
}

async function retireOld(home: Home): Promise<ReturnType<typeof credentialOf>> {
  const { id } = oldOf(await recordOf(home));
  await send(home.world, home.arn, { kind: 'retire', credentialId: id });
  return credentialOf(await recordOf(home), id);
}

describe('evidence of no use', () => {
  it('is none while the list leaves the credential out: Keyturn looks again, and says why', async () => {
    const home = await veiled();
    const { handle = '' } = oldOf(await recordOf(home));
    await home.world.clock.advanceBy(3 * HOUR);
    home.hidden = (one) => one === handle;
    const held = await retireOld(home);
    assert.equal(held?.state, 'previous');
    assert.match(held?.pendingConsumers?.[0]?.why ?? '', /list does not show it/);
    assert.ok((held?.lookAt ?? Infinity) <= home.world.clock.now() + HOUR);
    assert.ok(await isLive(home.world, handle));
    home.hidden = () => false;
    await home.world.clock.advanceBy(2 * HOUR);
    assert.notEqual((await retireOld(home))?.state, 'previous', 'seen in the list, and quiet, it may end');
    assert.ok(!(await isLive(home.world, handle)));
  });

  it('is none either when one answer of many is empty', async () => {
    const home = await veiled();
    const { handle = '' } = oldOf(await recordOf(home));
    await home.world.clock.advanceBy(3 * HOUR);
    home.hidden = () => true;
    assert.equal((await retireOld(home))?.state, 'previous');
    assert.ok(await isLive(home.world, handle));
  });

  it('is that the issuer refuses the value too, at two looks that lie apart, never at one', async () => {
    const home = await veiled();
    const { handle = '' } = oldOf(await recordOf(home));
    await home.world.clock.advanceBy(3 * HOUR);
    await home.world.issuer.revokeByHand(handle);
    home.hidden = (one) => one === handle;
    const first = await retireOld(home);
    assert.equal(first?.state, 'previous');
    assert.ok(first?.missingSince !== undefined);
    await home.world.clock.advanceBy(HOUR);
    const second = await retireOld(home);
    assert.notEqual(second?.state, 'previous');
    assert.match(second?.evidence?.grounds.map((one) => one.what).join() ?? '', /refuses the value/);
  });

  it('begins anew when one of the two looks finds the value active, or cannot tell', async () => {
    for (const between of ['active', 'unknown'] as const) {
      const home = await veiled();
      const { handle = '' } = oldOf(await recordOf(home));
      await home.world.clock.advanceBy(3 * HOUR);
      home.hidden = (one) => one === handle;
      home.says = async () => ({ outcome: 'inactive' });
      assert.ok((await retireOld(home))?.missingSince !== undefined);
      await home.world.clock.advanceBy(HOUR);
      home.says = async () =>
        between === 'active' ? { outcome: 'active' } : { outcome: 'unknown', reason: 'a gateway' };
      assert.equal((await retireOld(home))?.missingSince, undefined);
      home.says = async () => ({ outcome: 'inactive' });
      await home.world.clock.advanceBy(HOUR);
      assert.equal((await retireOld(home))?.state, 'previous');
      assert.ok(await isLive(home.world, handle));
    }
  });
});

describe('the times at which Keyturn asked', () => {
  const probesOf = (token: Token): readonly number[] => currentOf(token)?.probes ?? [];

  it('are kept of each test and inspection, few of them, and are no use by a consumer', async () => {
    const home = await adopted(TELLER, { tags: TELLING });
    await home.world.clock.advanceBy(HOUR);
    await send(home.world, home.arn, { kind: 'inspect' });
    assert.ok(probesOf(await recordOf(home)).some((at) => at >= home.world.clock.now() - MINUTE));
    await rotateOnce(home);
    const tested = await recordOf(home);
    assert.ok(probesOf(tested).length > 0, 'the test of the new value is known to be ours');
    await home.world.clock.advanceBy(DAY);
    for (let times = 0; times < 20; times++) {
      await home.world.clock.advanceBy(HOUR);
      await send(home.world, home.arn, { kind: 'inspect' });
    }
    const token = await recordOf(home);
    assert.equal(token.use?.last, undefined);
    assert.equal(currentOf(token)?.lastUsedAt, undefined);
    assert.ok(probesOf(token).length <= 12);
  });

  it('are told as what they are where they hide whether a consumer uses the old one', async () => {
    const home = await veiled();
    const { id } = oldOf(await recordOf(home));
    const now = home.world.clock.now();
    await home.world.clock.advanceBy(25 * MINUTE);
    const [own] = [now];
    await tamper(home, (token) => ({
      ...token,
      credentials: token.credentials.map((one) => (one.id === id ? { ...one, probes: [own] } : one)),
    }));
    const old = await retireOld(home);
    assert.doesNotMatch(old?.pendingConsumers?.map((one) => one.why).join() ?? '', /it was last used/);
    assert.equal(old?.lastUsedAt, undefined);
  });
});
