import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { actorText, withActors } from '../../../lib/cli/tokens/actor.ts';

/** As AWS tells who did something, and what a person reads. */
const ACTORS: readonly [by: string, text: string][] = [
  ['keyturn', 'Keyturn'],
  ['policy', 'Keyturn, by its policy'],
  ['secretsmanager', 'Secrets Manager'],
  ['AROA345BDE8910795085:keyturn-main-worker-gitlab', 'Keyturn'],
  ['AROA345BDE8910795085:ana@example.com', 'ana@example.com'],
  ['AROA345BDE8910795085:GitHubActions', 'session GitHubActions'],
  ['AROA345BDE8910795085:botocore-session-1767', 'session botocore-session-1767'],
  ['AIDA345BDE8910795085', 'IAM user with the id AIDA345BDE8910795085'],
  ['111122223333', 'root of the account 111122223333'],
  ['arn:aws:sts::111122223333:assumed-role/deployer/run-17', 'role deployer, session run-17'],
  ['arn:aws:sts::111122223333:assumed-role/keyturn-main-worker-gitlab/keyturn-main-worker-gitlab', 'Keyturn'],
  ['arn:aws-cn:iam::111122223333:user/team/ana', 'user ana'],
  ['arn:aws:iam::111122223333:role/service/x', 'role x'],
  ['signal checkout-slow', 'signal checkout-slow'],
  ['a person', 'a person'],
];

describe('who did something', () => {
  for (const [by, text] of ACTORS)
    it(`${by} is ${text}`, () => {
      assert.equal(actorText(by), text);
      assert.doesNotMatch(actorText(by), /AROA/);
    });

  it('is named so inside of a sentence too', () => {
    assert.equal(
      withActors('AROA345BDE8910795085:ana@example.com has acknowledged it. It expires.'),
      'ana@example.com has acknowledged it. It expires.',
    );
    assert.equal(withActors('Nothing of the kind.'), 'Nothing of the kind.');
  });
});
