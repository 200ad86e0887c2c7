import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  heldBy,
  replicaPendingConsumers,
  replicaText,
  replicasNow,
  replicasOfBoth,
  type Replica,
} from '../../../functions/core/token/replicas.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';

const KNOWN: Replica = { region: 'us-east-1', status: 'InSync', since: T0 };

describe('copies of a secret in other Regions', () => {
  it('keep since when they are as they are, and what was accepted of that lapses with it', () => {
    assert.deepEqual(replicasNow([KNOWN], [{ region: 'us-east-1', status: 'InSync' }], T0 + HOUR), [KNOWN]);
    const failed = replicasNow(
      [KNOWN],
      [{ region: 'us-east-1', status: 'Failed', message: 'No key.' }],
      T0 + HOUR,
    );
    assert.deepEqual(failed, [
      { region: 'us-east-1', status: 'Failed', message: 'No key.', since: T0 + HOUR },
    ]);
    const accepted = failed.map((one) => ({ ...one, accepted: { at: T0 + HOUR, by: 'ana' } }));
    assert.deepEqual(heldBy(accepted), []);
    assert.deepEqual(
      heldBy(
        replicasNow(
          accepted,
          [{ region: 'us-east-1', status: 'Failed', message: 'Other words.' }],
          T0 + 2 * HOUR,
        ),
      ),
      [],
    );
    assert.equal(
      heldBy(replicasNow(accepted, [], T0 + 2 * HOUR)).length,
      1,
      'gone is another state than failed',
    );
  });

  it('that were known and are not shown are gone; none that was never there is', () => {
    assert.deepEqual(replicasNow([KNOWN], [], T0 + HOUR), [
      { region: 'us-east-1', status: 'Removed', since: T0 + HOUR },
    ]);
    assert.deepEqual(replicasNow([], [], T0), []);
  });

  it('hold in every state but the one that is known to be good', () => {
    for (const status of ['Failed', 'InProgress', 'Removed', 'no status', 'Sleeping'])
      assert.equal(heldBy([{ ...KNOWN, status }]).length, 1, status);
    assert.equal(heldBy([KNOWN]).length, 0);
  });

  it('are told with their Region and what AWS says', () => {
    assert.equal(
      replicaText({ region: 'us-east-1', status: 'Failed', message: 'No key.' }),
      'The replica in us-east-1 has not got the current version (Failed: No key)',
    );
    assert.equal(
      replicaText({ region: 'us-east-1', status: 'InProgress' }),
      'The replica in us-east-1 has not got the current version (InProgress)',
    );
    assert.deepEqual(replicaPendingConsumers([{ ...KNOWN, status: 'Removed' }]), [
      { who: 'replica/us-east-1', why: 'The replica in us-east-1 is gone', since: T0 },
    ]);
  });

  it('noted twice are known by both: the later date counts, and what only one of them knows', () => {
    const accepted = { at: T0, by: 'ana' };
    const failed = { region: 'us-east-1', status: 'Failed', since: T0 };
    const elsewhere = { region: 'eu-west-1', status: 'Failed', since: 0 };
    assert.deepEqual(replicasOfBoth([failed], [{ ...failed, since: 0, accepted }, elsewhere]), [
      { ...failed, accepted },
      elsewhere,
    ]);
    assert.deepEqual(replicasOfBoth([failed], [{ ...failed, since: T0 + HOUR }]), [
      { ...failed, since: T0 + HOUR },
    ]);
    assert.deepEqual(
      replicasOfBoth([{ ...failed, accepted }], []),
      [failed],
      'only the other one keeps what was accepted',
    );
  });
});
