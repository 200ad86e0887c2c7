import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noting } from '../../../functions/core/findings/reported-findings.ts';
import { notingTags } from '../../../functions/core/policy/tag-findings.ts';
import type { TagProblem } from '../../../functions/core/policy/tags.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const problem = (index: number): TagProblem => ({
  kind: 'tag-invalid',
  detail: `The tag ${index} is wrong.`,
});
const CONTRADICTION: TagProblem = { kind: 'policy-unkeepable', detail: 'It cannot be kept.' };

test('problems of tags are noted by kind, stay while nothing changes, and are taken back', () => {
  const first = notingTags(aToken(), [problem(1), CONTRADICTION, problem(2)], T0);
  assert.deepEqual(
    first.noted.map(({ kind, detail, seenAt }) => [kind, detail, seenAt]),
    [
      ['tag-invalid', 'The tag 1 is wrong. The tag 2 is wrong.', T0],
      ['policy-unkeepable', 'It cannot be kept.', T0],
    ],
  );
  assert.equal(notingTags(first, [problem(1), problem(2), CONTRADICTION], T0 + HOUR), first);
  assert.deepEqual(
    notingTags(first, [CONTRADICTION], T0 + HOUR).noted.map(({ kind }) => kind),
    ['policy-unkeepable'],
  );
  assert.deepEqual(notingTags(first, [], T0 + HOUR).noted, []);
});

test('where the tags were not looked at, what was noted stays', () => {
  const noted = notingTags(aToken(), [problem(1)], T0);
  assert.equal(notingTags(noted, undefined, T0 + HOUR), noted);
});

test('however many tags are wrong, no other note gives way to them', () => {
  let token = aToken();
  for (let index = 0; index < 38; index++)
    token = noting(
      token,
      { kind: 'reader-location-new', subject: `reader ${index}`, severity: 'warning', detail: 'x' },
      { now: T0 },
    );
  const full = notingTags(
    token,
    [CONTRADICTION, ...Array.from({ length: 45 }, (_, index) => problem(index))],
    T0,
  );
  assert.equal(full.noted.filter(({ kind }) => kind === 'reader-location-new').length, 38);
  assert.match(
    full.noted.find(({ kind }) => kind === 'tag-invalid')?.detail ?? '',
    /^The tag 0 is wrong\. .* The tag 4 is wrong\. And 40 more\.$/,
  );
});
