import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aboutOf, lifeFactId } from '../../../functions/core/findings/fact-ids.ts';
import { LifecycleFact } from '../../../functions/core/findings/events.ts';
import { lifecycleFact } from '../../../functions/core/token/telling.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const TOKEN = 'prod/billing/ci-AbC123';
const OF_CREDENTIALS = [
  'revoked',
  'revocation-verified',
  'active-again',
  'disabled',
  'enabled',
  'rolled-back',
  'ordered',
  'forgotten',
];

describe('the id of a fact', () => {
  for (const what of LifecycleFact.shape.what.options)
    it(
      `of ${what} is the same when it is told again, and another one ` +
        (OF_CREDENTIALS.includes(what) ? 'when it comes about again' : 'for what it names alone'),
      () => {
        const id = (about: string, at: number): string => lifeFactId(TOKEN, { what, about, at });
        assert.equal(id('h1', T0), id('h1', T0));
        assert.notEqual(id('h1', T0), id('h2', T0));
        assert.equal(id('h1', T0) !== id('h1', T0 + 1), OF_CREDENTIALS.includes(what));
      },
    );

  it('tells what it is about, where that has strokes in it too', () => {
    for (const what of ['revoked', 'rotated'] as const)
      for (const about of ['v1', 'gitlab.test/projects/1/2', `v1/${T0 + 1}`])
        assert.equal(
          aboutOf(lifecycleFact(aToken(), { what, about, detail: 'd', by: 'keyturn', at: T0 })),
          about,
        );
  });
});
