import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  EVERYTHING,
  acceptable,
  taught,
  withAccepted,
} from '../../../functions/core/detection/dismissed-findings.ts';
import { judge } from '../../../functions/core/detection/judge.ts';
import { withUnusual } from '../../../functions/core/detection/anomaly-findings.ts';
import { aRead } from '../../detect/events.ts';
import { ABOUT, LEARNT, NOW, TOKEN, found, watched } from '../../detect/habits.ts';

const STRANGE = [
  aRead({ at: NOW, principal: 'role/x' }),
  aRead({ at: NOW, network: '198.51.0.0/16' }),
  aRead({ at: NOW, region: 'us-east-1' }),
  aRead({ at: NOW, deed: 'rotation-disabled' }),
];
const VERDICT = judge(watched(), LEARNT, STRANGE, ABOUT);
const NOTED = withUnusual(TOKEN, VERDICT, NOW);
const HOW = { by: 'role/anna', at: NOW, request: 'r1' };

test('may be accepted: what may be normal, all of it or one subject', () => {
  assert.deepEqual(
    acceptable(NOTED, EVERYTHING).map((one) => one.subject),
    ['role/x', 'role/app/web@198.51.0.0/16', 'role/app/web@us-east-1'],
  );
  assert.deepEqual(acceptable(NOTED, 'role/x'), [{ kind: 'reader-unrecognized', subject: 'role/x' }]);
  assert.deepEqual(acceptable(NOTED, 'rotation-disabled'), []);
  assert.deepEqual(acceptable(NOTED, 'role/nobody'), []);
});

test('what was accepted is no news from then on, and the rest still is', () => {
  assert.ok(VERDICT.baseline);
  const one = taught(VERDICT.baseline, acceptable(NOTED, 'role/x'), 'role/anna');
  assert.equal(one.readers.find((reader) => reader.id === 'role/x')?.acceptedBy, 'role/anna');
  const later = STRANGE.slice(0, 3).map((access) => ({ ...access, id: `${access.id}-later`, at: NOW + 1 }));
  assert.deepEqual(
    found(later, one).map((seen) => seen.subject),
    ['role/app/web@198.51.0.0/16', 'role/app/web@us-east-1'],
  );
  assert.deepEqual(found(later, taught(VERDICT.baseline, acceptable(NOTED, EVERYTHING), 'role/anna')), []);
});

test('the record says who accepted what, once', () => {
  const after = withAccepted(NOTED, acceptable(NOTED, EVERYTHING), HOW);
  assert.deepEqual(
    after.noted.map((one) => one.kind),
    ['rotation-disabled'],
  );
  assert.deepEqual(
    after.outbox.map((one) => (one.type === 'lifecycle' ? [one.what, one.by] : [])),
    [['accepted', 'role/anna']],
  );
  assert.equal(withAccepted(after, acceptable(after, EVERYTHING), HOW), after);
});

test('scopes that drifted are taken as they are now', () => {
  const drifted = {
    ...TOKEN,
    credentials: TOKEN.credentials.map((one) =>
      one.state === 'current' ? { ...one, scopes: { first: ['read'], last: ['api'] } } : one,
    ),
  };
  assert.deepEqual(acceptable(drifted, 'scope-drift'), [{ kind: 'scope-drift', subject: '' }]);
  assert.deepEqual(acceptable(withAccepted(drifted, acceptable(drifted, EVERYTHING), HOW), EVERYTHING), []);
});
