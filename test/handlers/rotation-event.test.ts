import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { describe, it } from 'node:test';
import { rotationEventFrom } from '../../functions/handlers/rotation-event.ts';

const EVENT = {
  Step: 'createSecret',
  SecretId: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/ci-AbC123',
  ClientRequestToken: '11111111-1111-8111-8111-111111111111',
  RotationToken: 'canary-5f1d',
};

describe('the event of a rotation step', () => {
  it('wraps the rotation token at once', () => {
    const read = rotationEventFrom(EVENT);
    assert.equal(read.rotationToken?.reveal(), 'canary-5f1d');
    assert.doesNotMatch(inspect(read, { depth: 5, showHidden: true }) + JSON.stringify(read), /canary/);
    assert.deepEqual(
      { ...read, rotationToken: undefined },
      {
        step: 'createSecret',
        secretArn: EVENT.SecretId,
        requestToken: EVENT.ClientRequestToken,
        rotationToken: undefined,
      },
    );
  });

  it('does without a rotation token, and with fields it does not know', () => {
    const { RotationToken: _, ...plain } = EVENT;
    assert.equal(rotationEventFrom({ ...plain, Later: 'addition' }).rotationToken, undefined);
  });

  for (const [field, value] of [
    ['Step', 'create_secret'],
    ['Step', undefined],
    ['SecretId', 'prod/ci'],
    ['ClientRequestToken', ''],
    ['RotationToken', 7],
  ] as const) {
    it(`refuses ${field} = ${String(value)} and shows nothing of the event`, () => {
      assert.throws(
        () => rotationEventFrom({ ...EVENT, [field]: value }),
        (error) => {
          assert.ok(error instanceof Error);
          assert.match(error.message, new RegExp(`"${field}"`));
          assert.doesNotMatch(inspect(error, { depth: 5, showHidden: true }), /canary/);
          return true;
        },
      );
    });
  }
});
