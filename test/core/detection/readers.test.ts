import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readingsOf, witnessesOf } from '../../../functions/core/detection/readers.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';
import { aRead } from '../../detect/events.ts';
import { learnt } from '../../detect/habits.ts';

test('who read which version last is kept, also when events come late', () => {
  const mixed = [
    aRead({ at: T0 + HOUR }),
    aRead({ at: T0 - HOUR }),
    aRead({ at: T0 - 2 * HOUR, principal: 'lambda/report' }),
    aRead({ at: T0 - DAY, principal: 'lambda/old', versionId: 'v2' }),
  ];
  const readings = readingsOf(learnt(...mixed.toReversed()));
  assert.deepEqual(
    readings.map((one) => [one.principal, one.version, one.isKnown]),
    [
      ['role/app/web', 'v3', true],
      ['lambda/report', 'v2', true],
      ['lambda/old', 'v2', true],
    ],
  );
});

test('readers are witnesses by the ARN of a role in the partition of the secret; unknown ones not', () => {
  const known = learnt(
    aRead(),
    aRead({ principal: 'lambda/report', role: 'role/service-role/report' }),
    aRead({ principal: '444455556666:role/x' }),
  );
  const strange = {
    ...known,
    readers: known.readers.map((one) => (one.id === 'role/app/web' ? { ...one, known: false } : one)),
  };
  const witnesses = witnessesOf(
    readingsOf(strange),
    'arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:prod/x-AbC123',
  );
  assert.deepEqual(
    witnesses.map((one) => one.principal),
    ['arn:aws-us-gov:iam::444455556666:role/x', 'arn:aws-us-gov:iam::111122223333:role/service-role/report'],
  );
  assert.deepEqual([witnesses[0]?.versionId, witnesses[0]?.from], ['v3', '203.0.0.0/16']);
});
