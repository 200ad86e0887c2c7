import { UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { permitOf, type Permit } from '../../functions/core/revocation/permits.ts';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf, credentialOf } from '../../functions/core/token/lookups.ts';
import type { FaultPlan } from '../world/faults.ts';
import type { World } from '../world/world.ts';
import { apart, inTurn } from '../extent.ts';
import {
  CALM,
  GRACE_OVER,
  NAME,
  SUBJECTS,
  adopted,
  complete,
  askGuard,
  inGrace,
  isLive,
  oldOf,
  passAfterClaim,
  recordOf,
  rotateOnce,
  send,
  shareResource,
  tamper,
  type Home,
} from './home.ts';

async function claimOf({ world, arn }: Home, id: string): Promise<Permit | undefined> {
  return permitOf((await world.inventory.loadPermits(tokenIdOf(arn))).permits, 'claim', id);
}

/**
 * What is in use, or waits for its grace to end, has no begun revocation: no word of the act functions to the
 * contrary may be left.
 */
async function requireNoIdleClaim(home: Home, when: string): Promise<string> {
  const token = await recordOf(home);
  for (const one of token.credentials)
    if (one.state !== 'revoking' && one.state !== 'ended')
      assert.equal(
        await claimOf(home, one.id),
        undefined,
        `${when}: ${one.state}, and its claim is permitted still`,
      );
  return token.credentials
    .map((one) => one.state)
    .toSorted()
    .join();
}

describe('the claim of a credential for its end, as the act functions wrote it', () => {
  for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
    for (const outer of ['retire', 'rollback'] as const)
      it(
        `is over where a rollback wins, whichever call of the other (${outer}) it falls before, ` +
          subject.id,
        async () => {
          const ends = new Set<string>();
          for (let at = 0, calls = 1; at < calls; at += apart(1)) {
            const plan: FaultPlan[] = [];
            const asked: { run?: () => Promise<unknown> } = {};
            const home = await inGrace(subject, {
              tags: CALM,
              options: { plan, disturb: async () => void (await asked.run?.()) },
            });
            const { world, arn } = home;
            const { id } = oldOf(await recordOf(home));
            await world.clock.advanceBy(GRACE_OVER);
            const ask = (kind: 'retire' | 'rollback') => () =>
              world.command({
                kind,
                tokenId: tokenIdOf(arn),
                credentialId: id,
                notAfter: world.clock.now() + HOUR,
              });
            asked.run = ask(outer === 'retire' ? 'rollback' : 'retire');
            const start = world.line.calls.length;
            plan.push({ index: start + at, fault: 'console-rotates' });
            await world.clock.activity(ask(outer));
            calls = world.line.calls.length - start;
            ends.add(
              await requireNoIdleClaim(home, `before call ${at} (${world.line.calls[start + at]?.name})`),
            );
          }
          assert.ok(ends.size > 1, `each of them should win once: ${[...ends].join(' | ')}`);
        },
      );

    it(`is over when a person makes what it names AWSCURRENT again, ${subject.id}`, async () => {
      const home = await inGrace(subject, { tags: CALM });
      const { world, arn } = home;
      const { id } = oldOf(await recordOf(home));
      await world.clock.advanceBy(GRACE_OVER);
      await world.command({
        kind: 'retire',
        tokenId: tokenIdOf(arn),
        credentialId: id,
        notAfter: world.clock.now() + HOUR,
      });
      assert.ok(await claimOf(home, id), 'it should be claimed');
      await world.client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: arn,
          VersionStage: 'AWSCURRENT',
          RemoveFromVersionId: currentOf(await recordOf(home))?.id,
          MoveToVersionId: id,
        }),
      );
      await send(world, arn, { kind: 'inspect' });
      assert.equal(credentialOf(await recordOf(home), id)?.state, 'current');
      await requireNoIdleClaim(home, 'moved by hand');
    });

    it(`is over when it is given back, as another secret needs the credential, ${subject.id}`, async () => {
      const home = await adopted(subject, { tags: CALM });
      const { world, arn } = home;
      const { id } = currentOf(await recordOf(home)) ?? { id: '' };
      await world.createToken(`${NAME}-copy`, {
        value: await world.read(arn),
        tags: { ...CALM, 'keyturn:admin': await shareResource(world, NAME, `${NAME}-copy`) },
      });
      await rotateOnce(home);
      await complete(world);
      await world.clock.advanceBy(GRACE_OVER);
      await send(world, arn, { kind: 'retire', credentialId: id });
      assert.equal(credentialOf(await recordOf(home), id)?.givenUp, true, 'it should be given back');
      await requireNoIdleClaim(home, 'given back');
    });
  }
});

const FAILED = {
  Region: 'us-east-1',
  Status: 'Failed',
  StatusMessage: 'The key of the replica is disabled.',
} as const;
const IN_SYNC = { Region: 'us-east-1', Status: 'InSync' } as const;

type Copies = NonNullable<Parameters<World['aws']['secretsManager']['adjust']>[1]['replicas']>;

describe('a word that no copy in another Region has to be waited for', () => {
  const [first] = SUBJECTS;
  assert.ok(first);
  const subject = first;

  async function shows(home: Home, copies: Copies): Promise<void> {
    home.world.aws.secretsManager.adjust(home.arn, { replicas: copies });
    await home.world.clock.advanceBy(MINUTE);
    await send(home.world, home.arn, { kind: 'inspect' });
  }

  /** One that failed was accepted; what happened to it since is told by `then`. */
  async function accepted(then: readonly Copies[]): Promise<Home> {
    const home = await adopted(subject, { tags: CALM });
    await shows(home, [IN_SYNC]);
    await rotateOnce(home);
    await shows(home, [FAILED]);
    await home.world.clock.advanceBy(MINUTE);
    await home.world.command({
      kind: 'accept',
      tokenId: tokenIdOf(home.arn),
      subject: 'replica/us-east-1',
      notAfter: home.world.clock.now() + 10 * MINUTE,
    });
    for (const copies of then) await shows(home, copies);
    await home.world.clock.advanceBy(3 * HOUR);
    return home;
  }

  /**
   * Whether the guard ends the old credential, claimed by the act functions, its record being as `forge`
   * leaves it.
   */
  async function dies(home: Home, forge: Parameters<typeof tamper>[1]): Promise<boolean> {
    const { id, handle = '' } = oldOf(await recordOf(home));
    await tamper(home, (token) => ({
      ...forge(token),
      credentials: token.credentials.map((one) =>
        one.id === id ? { ...one, state: 'revoking', revocationBegunAt: 0 } : one,
      ),
    }));
    await passAfterClaim(home.world);
    await tamper(home, forge);
    const verdict = await askGuard(home, id);
    assert.match(verdict.revoked ? 'replica in us-east-1' : verdict.reason, /replica in us-east-1/);
    return !(await isLive(home.world, handle));
  }

  const word = { at: 0, by: 'ana' };
  for (const [what, then] of [
    ['that failed once more', [[IN_SYNC], [FAILED]]],
    ['that is gone now', [[]]],
    ['that was there again and is gone', [[IN_SYNC], []]],
  ] as const)
    it(`is about the copy as it was: one ${what} holds, whatever the record says of it`, async () => {
      for (const forge of [
        (token: Awaited<ReturnType<typeof recordOf>>) => ({
          ...token,
          replicas: token.replicas?.map((one) => ({ ...one, since: 0, accepted: word })) ?? [],
        }),
        (token: Awaited<ReturnType<typeof recordOf>>) => ({ ...token, replicas: [] }),
        (token: Awaited<ReturnType<typeof recordOf>>) => ({
          ...token,
          replicas: [{ region: 'us-east-1', status: 'InSync', since: 0 }],
        }),
      ]) {
        const home = await accepted(then.map((copies) => [...copies]));
        assert.equal(await dies(home, forge), false, forge.toString());
      }
    });

  it('stands as long as the copy is as it was, and it is revoked then', async () => {
    const home = await accepted([[FAILED]]);
    assert.equal(await dies(home, (token) => token), true);
  });
});
