import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assessSubmission, submissionTimes } from '../../../functions/core/assessment/assess-submission.ts';
import { nextRotation } from '../../../functions/core/rotation/next-rotation.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { BY_PERSON, CURRENT, FACTS, NOW, calm, withCurrent } from './ending-moves.ts';

const DUE: Token = {
  ...withCurrent({ issuedAt: NOW - 85 * DAY, promotedAt: NOW - 85 * DAY, expiresAt: NOW + 20 * DAY }),
  reach: { host: 'api.github.com', basePath: '', account: 'users/7' },
  wantedScopes: ['read:org', 'repo'],
};

describe('a value that only a person can create', () => {
  it('is asked for with the page, the account, the scopes and the command', () => {
    const [one, ...more] = assessSubmission(DUE, BY_PERSON, NOW);
    assert.equal(more.length, 0);
    assert.equal(one?.kind, 'value-due');
    for (const part of [
      'issuer.example.com/new?scopes=read:org,repo ',
      'users/7',
      'repo',
      `rotate ${DUE.name} --value-stdin`,
      'expires',
    ])
      assert.ok(one.detail.includes(part), `${part}: ${one.detail}`);
  });

  it('weighs more in its last days, and after a leak', () => {
    assert.equal(assessSubmission(DUE, BY_PERSON, NOW)[0]?.severity, 'warning');
    assert.equal(assessSubmission(DUE, BY_PERSON, NOW + 15 * DAY)[0]?.severity, 'critical');
    const leaked = calm({
      incidents: [
        { id: 'i', exposed: [{ id: CURRENT.id, handle: 'h1' }], source: 'a scanner', reportedAt: NOW - HOUR },
      ],
    });
    const [one] = assessSubmission(leaked, BY_PERSON, NOW);
    assert.equal(one?.severity, 'critical');
    assert.match(one.detail, /leaked/);
  });

  it('is asked for neither before its time, nor where the issuer makes it, nor once submitted', () => {
    assert.deepEqual(assessSubmission(calm(), BY_PERSON, NOW), []);
    assert.deepEqual(assessSubmission(DUE, FACTS, NOW), []);
    assert.deepEqual(
      assessSubmission({ ...DUE, submitted: { versionId: 's', at: NOW } }, BY_PERSON, NOW),
      [],
    );
    assert.deepEqual(submissionTimes(DUE, FACTS), []);
    assert.ok((submissionTimes(DUE, BY_PERSON)[0] ?? Infinity) <= NOW);
  });

  it('is what a rotation waits for', () => {
    assert.equal(nextRotation(DUE, BY_PERSON, NOW), undefined);
    assert.ok(nextRotation(DUE, FACTS, NOW));
    assert.ok(nextRotation({ ...DUE, submitted: { versionId: 's', at: NOW } }, BY_PERSON, NOW));
  });
});
