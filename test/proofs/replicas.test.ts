import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { credentialOf } from '../../functions/core/token/lookups.ts';
import type { Credential } from '../../functions/core/token/credential.ts';
import { inTurn } from '../extent.ts';
import {
  CALM,
  SUBJECTS,
  adopted,
  askGuard,
  inGrace,
  isLive,
  oldOf,
  recordOf,
  rotateOnce,
  send,
  tamper,
  type Home,
} from './home.ts';

const FAILED = {
  Region: 'us-east-1',
  Status: 'Failed',
  StatusMessage: 'The key of the replica is disabled.',
} as const;
const IN_SYNC = { Region: 'us-east-1', Status: 'InSync' } as const;

type Copies = Parameters<Home['world']['aws']['secretsManager']['adjust']>[1]['replicas'];

function copies({ world, arn }: Home, replicas: NonNullable<Copies>): void {
  world.aws.secretsManager.adjust(arn, { replicas });
}

async function copied(subject: (typeof SUBJECTS)[number]): Promise<Home> {
  const home = await adopted(subject, { tags: CALM });
  copies(home, [IN_SYNC]);
  await send(home.world, home.arn, { kind: 'inspect' });
  await rotateOnce(home);
  return home;
}

async function retireOld(home: Home, id: string): Promise<Credential | undefined> {
  await home.world.clock.advanceBy(3 * HOUR);
  await send(home.world, home.arn, { kind: 'retire', credentialId: id });
  return credentialOf(await recordOf(home), id);
}

function accept({ world, arn }: Home, subject: string): Promise<boolean> {
  return world.command({
    kind: 'accept',
    tokenId: tokenIdOf(arn),
    subject,
    notAfter: world.clock.now() + 10 * MINUTE,
  });
}

async function openOf(home: Home): Promise<string[]> {
  return (await recordOf(home)).findings
    .filter((one) => one.state === 'open' && one.kind === 'replica-out-of-sync')
    .map((one) => `${one.subject}: ${one.detail}`);
}

for (const subject of inTurn(SUBJECTS, import.meta.filename))
  describe(`copies of a secret in other Regions, ${subject.id}`, () => {
    for (const [what, now, said] of [
      [
        'that failed',
        [FAILED],
        /us-east-1 has not got the current version \(Failed: The key of the replica is disabled\)/,
      ],
      ['that are not shown any more', [], /us-east-1 is gone/],
    ] as const)
      it(`${what} hold every old credential until a person accepts them, by name`, async () => {
        const home = await copied(subject);
        const { id, handle = '' } = oldOf(await recordOf(home));
        copies(home, [...now]);
        const held = await retireOld(home, id);
        assert.equal(held?.state, 'previous');
        assert.match(held?.pendingConsumers?.map((one) => one.why).join() ?? '', said);
        assert.match((await openOf(home)).join(), said);
        await accept(home, '*');
        assert.equal((await retireOld(home, id))?.state, 'previous', 'all that stands out is not this');
        await accept(home, 'replica/us-east-1');
        assert.deepEqual(await openOf(home), []);
        assert.notEqual((await retireOld(home, id))?.state, 'previous');
        assert.ok(!(await isLive(home.world, handle)));
      });

    it('hold at the guard too what was claimed before, and what a record alone calls accepted', async () => {
      const home = await copied(subject);
      const { id, handle = '' } = oldOf(await recordOf(home));
      copies(home, [FAILED]);
      await send(home.world, home.arn, { kind: 'inspect' });
      const claimed = { state: 'revoking', revocationBegunAt: home.world.clock.now() } as const;
      await tamper(home, (token) => ({
        ...token,
        replicas:
          token.replicas?.map((one) => ({
            ...one,
            accepted: { at: home.world.clock.now(), by: 'nobody' },
          })) ?? [],
        credentials: token.credentials.map((one) => (one.id === id ? { ...one, ...claimed } : one)),
      }));
      const verdict = await askGuard(home, id);
      assert.equal(verdict.revoked, false);
      assert.match(verdict.revoked ? '' : verdict.reason, /replica in us-east-1/);
      assert.ok(await isLive(home.world, handle));
    });

    it('hold nothing that was ended elsewhere: a look shows that, and ends nothing', async () => {
      const home = await copied(subject);
      const { id, handle = '' } = oldOf(await recordOf(home));
      copies(home, [FAILED]);
      assert.equal((await retireOld(home, id))?.state, 'previous');
      await home.world.issuer.revokeByHand(handle);
      home.world.startSchedules();
      await home.world.clock.advanceBy(8 * HOUR);
      const token = await recordOf(home);
      assert.deepEqual(
        [credentialOf(token, id)?.state, credentialOf(token, id)?.revokedAt],
        ['ended', undefined],
      );
      assert.deepEqual(
        token.findings.filter((one) => one.state === 'open').map((one) => one.kind),
        ['replica-out-of-sync'],
      );
    });

    it('do not make its use unknown while active: one that its list leaves out is looked up', async () => {
      const home = await copied(subject);
      const { id, probes = [] } = oldOf(await recordOf(home));
      copies(home, [FAILED]);
      for (let look = 0; look < 3; look++) await retireOld(home, id);
      assert.deepEqual(credentialOf(await recordOf(home), id)?.probes ?? [], probes);
    });

    it('do not hold what a person wants revoked', async () => {
      const home = await copied(subject);
      const { id, handle = '' } = oldOf(await recordOf(home));
      copies(home, [FAILED]);
      await send(home.world, home.arn, { kind: 'inspect' });
      await send(home.world, home.arn, { kind: 'revoke', credentialId: id });
      assert.ok(!(await isLive(home.world, handle)));
      assert.equal((await openOf(home)).length, 1, 'and the finding stays');
    });

    it('are accepted as they are: one that fails again holds again', async () => {
      const home = await copied(subject);
      const { id } = oldOf(await recordOf(home));
      copies(home, [FAILED]);
      await send(home.world, home.arn, { kind: 'inspect' });
      await accept(home, 'replica/us-east-1');
      copies(home, [IN_SYNC]);
      await send(home.world, home.arn, { kind: 'inspect' });
      await home.world.clock.advanceBy(MINUTE);
      copies(home, [FAILED]);
      assert.equal((await retireOld(home, id))?.state, 'previous');
      assert.equal((await openOf(home)).length, 1);
    });
  });

describe('a copy that fails after a rotation', () => {
  it('is reported within the hour, with its Region and what AWS says', async () => {
    const [subject] = SUBJECTS;
    assert.ok(subject);
    const home = await copied(subject);
    copies(home, [FAILED]);
    home.world.startSchedules();
    await home.world.clock.advanceBy(HOUR);
    assert.match((await openOf(home)).join(), /replica\/us-east-1.*key of the replica is disabled/);
  });

  it('that is still being made is reported after an hour, and holds at once', async () => {
    const [subject] = SUBJECTS;
    assert.ok(subject);
    const home = await copied(subject);
    const { id } = oldOf(await recordOf(home));
    copies(home, [{ Region: 'us-east-1', Status: 'InProgress' }]);
    await send(home.world, home.arn, { kind: 'inspect' });
    assert.deepEqual(await openOf(home), []);
    assert.equal((await retireOld(home, id))?.state, 'previous');
    assert.equal((await openOf(home)).length, 1);
  });
});

describe('a secret without copies', () => {
  it('waits for none', async () => {
    const [subject] = SUBJECTS;
    assert.ok(subject);
    const home = await inGrace(subject, { tags: CALM });
    const { id } = oldOf(await recordOf(home));
    await home.world.clock.advanceBy(DAY);
    assert.notEqual((await retireOld(home, id))?.state, 'previous');
  });
});
