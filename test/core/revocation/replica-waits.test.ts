import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  EVERYTHING,
  acceptable,
  withAccepted,
} from '../../../functions/core/detection/dismissed-findings.ts';
import { INSPECT_REPLICAS, inspectionOf } from '../../../functions/core/rotation/inspections.ts';
import { noPermits, permitting } from '../../../functions/core/revocation/permits.ts';
import { notingReplaced } from '../../../functions/core/revocation/replaced-credentials.ts';
import {
  assessReplicas,
  replicaTimes,
  waitsForReplicas,
  withReplicas,
} from '../../../functions/core/revocation/replica-waits.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const OLD: Credential = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  origin: 'minted',
  state: 'previous',
  supersededAt: T0,
  pendingConsumers: [],
  lookAt: T0 + 9 * HOUR,
};
const FAILED = { region: 'us-east-1', status: 'Failed', message: 'No key.' };
const token = withReplicas(aToken({ credentials: [OLD], inspectedAt: T0 }), [FAILED], T0);

describe('waiting for copies in other Regions', () => {
  it('is for every old credential, but not in an emergency, nor for what no consumer ever had', () => {
    const none = noPermits(token.id);
    const asked = permitting(none, { kind: 'revoke', about: 'v1', at: T0, by: 'ana' });
    const unused = { ...OLD, neverCurrent: true, supersededAt: undefined };
    assert.ok(waitsForReplicas(token, OLD, none));
    assert.ok(waitsForReplicas(token, { ...OLD, withoutGrace: true }, none));
    assert.ok(!waitsForReplicas(token, { ...OLD, askedBy: 'ana' }, asked));
    for (const change of [unused, { trialOf: 'a' }])
      assert.ok(!waitsForReplicas(token, { ...OLD, ...change }, none), JSON.stringify(change));
    const leaked = {
      ...token,
      incidents: [{ id: 'i', exposed: [{ id: 'v1', handle: 'h1' }], source: 'x', reportedAt: T0 }],
    };
    assert.ok(
      !waitsForReplicas(leaked, OLD, permitting(none, { kind: 'incident', about: 'v1', at: T0, by: 'ana' })),
    );
  });

  it('is not cut short by what a record says alone', () => {
    const none = noPermits(token.id);
    const unused = { ...OLD, neverCurrent: true, supersededAt: undefined };
    const leaked = {
      ...token,
      incidents: [{ id: 'i', exposed: [{ id: 'v1', handle: 'h1' }], source: 'x', reportedAt: T0 }],
    };
    assert.ok(waitsForReplicas(token, { ...OLD, askedBy: 'ana' }, none));
    assert.ok(waitsForReplicas(leaked, OLD, none));
    assert.ok(waitsForReplicas(token, unused, notingReplaced(none, { current: 'v2', old: [OLD], at: T0 })));
  });

  it('is told at once of a copy that failed, and after an hour of one that is still being made', () => {
    assert.match(
      assessReplicas(token, T0)[0]?.detail ?? '',
      /us-east-1 has not got the current version \(Failed: No key\)/,
    );
    const copying = withReplicas(aToken(), [{ region: 'us-east-1', status: 'InProgress' }], T0);
    assert.deepEqual(
      [
        assessReplicas(copying, T0 + HOUR - 1).length,
        assessReplicas(copying, T0 + HOUR).length,
        replicaTimes(copying),
      ],
      [0, 1, [T0 + HOUR]],
    );
  });

  it('changes no record in which all is as it was, and has one looked at soon that waits', () => {
    assert.equal(withReplicas(token, [FAILED], T0 + HOUR), token);
    assert.equal(inspectionOf(token).at, T0 + INSPECT_REPLICAS);
  });

  it('ends by the name of the copy, never by a word for all; the old ones are then looked at again', () => {
    assert.deepEqual(acceptable(token, EVERYTHING), []);
    const named = acceptable(token, 'replica/us-east-1');
    assert.deepEqual(named, [{ kind: 'replica-out-of-sync', subject: 'replica/us-east-1' }]);
    const accepted = withAccepted(token, named, { by: 'ana', at: T0 + HOUR, request: '1' });
    assert.deepEqual(accepted.replicas?.[0]?.accepted, { at: T0 + HOUR, by: 'ana' });
    assert.deepEqual([assessReplicas(accepted, T0 + HOUR), accepted.credentials[0]?.lookAt], [[], undefined]);
    assert.equal(accepted.outbox[0]?.type === 'lifecycle' && accepted.outbox[0].what, 'accepted');
  });
});
