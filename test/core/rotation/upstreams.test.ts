import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  foreignPlace,
  upstreamReportIn,
  placeOf,
  withUpstreamReports,
} from '../../../functions/core/rotation/upstreams.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { T0, aFinding, aLifecycleFact } from '../../fakes/tokens.ts';

const HERE = { account: '111122223333', region: 'eu-west-1' };
const THERE = { account: '444455556666', region: 'eu-west-1' };
const ARN = 'arn:aws:secretsmanager:eu-west-1:444455556666:secret:staging/app-AbC123';

describe('a token of another installation', () => {
  test('is one in another account or Region, by the whole ARN of its secret', () => {
    assert.equal(foreignPlace(ARN, HERE), 'eu-west-1:444455556666:staging/app-AbC123');
    assert.equal(foreignPlace(ARN, THERE), undefined);
    assert.ok(foreignPlace(ARN, { ...THERE, region: 'eu-north-1' }));
    for (const name of [
      'staging/app',
      'arn:aws:iam::444455556666:role/x',
      'arn:aws:secretsmanager:eu-west-1:444455556666:rotation:x',
    ])
      assert.equal(placeOf(name), undefined);
  });

  test('is spoken of by its own account alone, and of no time that lies ahead', () => {
    const [said] = upstreamReportIn(
      { ...aLifecycleFact(), what: 'rotated', tokenId: 'staging/app-AbC123', at: T0 + DAY },
      THERE,
      T0,
    );
    assert.deepEqual(said, { of: placeOf(ARN), at: T0, key: 'rotated' });
  });

  test('has rotated, is in trouble and out of it again, as what was said last has it', () => {
    const life = (what: 'rotated' | 'rotation-aborted' | 'rolled-back' | 'retired' | 'requested') =>
      upstreamReportIn({ ...aLifecycleFact(), what, detail: 'why', at: T0 }, THERE, T0);
    const heard = (...said: ReturnType<typeof life>) => withUpstreamReports(ARN, said, T0 + HOUR);
    assert.deepEqual(heard(), { name: ARN, seenAt: T0 + HOUR });
    assert.deepEqual(heard(...life('rotated')), { name: ARN, seenAt: T0 + HOUR, rotatedAt: T0 });
    assert.equal(heard(...life('rotation-aborted')).trouble, 'why');
    assert.equal(heard(...life('rolled-back')).trouble, 'It was rolled back: why');
    assert.match(heard(...life('retired')).trouble ?? '', /not looked after/);
    assert.deepEqual(life('requested'), []);
  });

  test('is in trouble by a critical finding, until that is resolved', () => {
    const finding = (
      change: 'opened' | 'resolved',
      severity: 'warning' | 'critical',
      kind: 'previous-credential-in-use' | 'secret-unusable' = 'previous-credential-in-use',
    ) =>
      upstreamReportIn({ ...aFinding(), kind, change, severity, detail: 'it is inactive' }, THERE, T0 + DAY);
    assert.deepEqual(finding('opened', 'warning'), []);
    assert.equal(finding('opened', 'warning', 'secret-unusable').length, 1);
    const [opened] = finding('opened', 'critical');
    const [resolved] = finding('resolved', 'critical');
    assert.equal(opened?.key, resolved?.key);
    assert.deepEqual([opened?.trouble, resolved?.trouble], ['it is inactive', undefined]);
  });
});
