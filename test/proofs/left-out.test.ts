import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOUR } from '../../functions/core/basics/time.ts';
import type { Finding } from '../../functions/core/findings/findings.ts';
import { roomOf } from '../../functions/core/issuer/issuer-facts.ts';
import { isToldWithoutStamp } from '../../functions/core/secret-text/storable.ts';
import { tellsRefusals } from '../../functions/core/validity/check-rules.ts';
import { providerOf } from '../../functions/providers/registry.ts';
import { ALL_SUBJECTS } from '../faults/run.ts';
import { adopted, credentialIn, recordOf, rotateOnce, send, type Home } from './home.ts';

/**
 * Those whose refusal of a value says nothing, or whom nobody can ask: only their list tells of an end. Each
 * can tell which credential a stored value is.
 */
const BY_LIST = ALL_SUBJECTS.filter(({ id }) => {
  const { descriptor } = providerOf(id);
  return !tellsRefusals(descriptor.check) && isToldWithoutStamp(descriptor);
});

async function silence(one: Home): Promise<Finding[]> {
  return (await recordOf(one)).findings.filter(({ kind }) => kind === 'validity-unknown');
}

async function look({ world, arn }: Home): Promise<void> {
  await world.clock.advanceBy(HOUR);
  await send(world, arn, { kind: 'inspect' });
}

describe('a current credential that somebody deleted, where only a list tells of it', () => {
  assert.ok(BY_LIST.length >= 5);
  for (const subject of BY_LIST)
    it(`is critical at the second look, until it is replaced: ${subject.id}`, async () => {
      const one = await adopted(subject);
      const { world, arn } = one;
      await rotateOnce(one);
      await look(one);
      assert.deepEqual(await silence(one), []);
      const current = await world.read(arn);
      // Some simulators know a private key only once somebody has used it.
      await world.issuer.fetch(world.issuer.consume(current, 'a consumer'));
      await world.issuer.revokeByHand((await credentialIn(world, current)).handle);
      await look(one);
      await look(one);
      const [finding, ...others] = await silence(one);
      assert.deepEqual(others, []);
      assert.deepEqual([finding?.state, finding?.severity], ['open', 'critical']);
      assert.match(finding?.detail ?? '', /lists have (left it out|shown it as revoked) since/);
      // Two slots are taken: the one before is in its grace period still.
      if (roomOf(providerOf(subject.id).descriptor.slots) === 2) return;
      await rotateOnce(one);
      await look(one);
      assert.equal(
        (await silence(one)).find(({ state }) => state === 'open'),
        undefined,
      );
      assert.deepEqual(world.errors, []);
    });
});
