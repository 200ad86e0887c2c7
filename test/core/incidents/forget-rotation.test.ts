import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lostRotation } from '../../../functions/core/incidents/forget-rotation.ts';
import { recalled, withForgotten } from '../../../functions/core/incidents/forget.ts';
import type { Attempt, Mint } from '../../../functions/core/token/attempt.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { knownFingerprints } from '../../../functions/core/token/known-credentials.ts';
import { pruned } from '../../../functions/core/token/prune.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const ENDED: Attempt = {
  id: 'a',
  cause: 'due',
  state: 'aborted',
  openedAt: T0,
  deadline: T0,
  endedAt: T0,
  tidy: false,
  mints: [{ at: T0, fingerprint: 'f1' }],
};
const WISH = { credentialId: 'a', by: 'ana', reason: 'its project is deleted', now: T0 + 1 };
const withMints = (mints: readonly Mint[], change: Partial<Attempt> = {}): Token =>
  aToken({ attempts: [{ ...ENDED, mints, ...change }] });
const mintsOf = (token: Token): readonly Mint[] => token.attempts[0]?.mints ?? [];

describe('what a rotation may have left is forgotten', () => {
  const token = withForgotten(withMints([{ at: T0, handle: 'h1' }, ...ENDED.mints]), WISH);

  it('where its answer was lost, and nowhere else', () => {
    assert.deepEqual(
      mintsOf(token).map((mint) => mint.forgotten?.reason),
      [undefined, 'its project is deleted'],
    );
    assert.equal(lostRotation(token, 'a'), undefined);
    assert.equal(token.attempts[0]?.tidy, false, 'what it was answered is still accounted for');
    assert.deepEqual(
      token.outbox.map((fact) => fact.type === 'lifecycle' && fact.what),
      ['forgotten'],
    );
  });

  it('once', () => {
    const tidy = { ...token, attempts: token.attempts.map((one) => ({ ...one, tidy: true })) };
    assert.equal(withForgotten(tidy, { ...WISH, now: T0 + 9 }), tidy);
  });

  it('and known again when it leaks, however many rotations ended since', () => {
    const later = Array.from({ length: 12 }, (_, at): Attempt => ({
      ...ENDED,
      id: `b${at}`,
      mints: [],
      tidy: true,
    }));
    const tidy = token.attempts.map((one) => ({ ...one, tidy: true }));
    const kept = pruned({ ...token, attempts: [...tidy, ...later] }, T0 + 2);
    assert.ok(knownFingerprints(kept).has('f1'));
    const back = recalled(kept, 'f1', T0 + 3);
    assert.ok(lostRotation(back, 'a'), 'it is looked for again');
    assert.equal(recalled(kept, 'another', T0 + 3), kept);
    assert.equal(recalled(kept, undefined, T0 + 3), kept);
  });
});

describe('not forgotten is what a rotation', () => {
  const refused = (token: Token): void =>
    assert.throws(() => withForgotten(token, WISH), { code: 'bad-request' });

  it('that is under way makes', () => refused(withMints(ENDED.mints, { state: 'open' })));

  it('made and was answered', () => refused(withMints([{ at: T0, handle: 'h1' }])));

  it('made that is out', () =>
    refused({
      ...withMints(ENDED.mints),
      incidents: [
        { id: 'i', exposed: [{ id: 'x', fingerprint: 'f1' }], source: 'a scanner', reportedAt: T0 },
      ],
    }));
});
