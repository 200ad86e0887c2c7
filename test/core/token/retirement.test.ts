import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  isEnded,
  isRetiring,
  withEnd,
  withFarewell,
  type Farewell,
} from '../../../functions/core/token/retirement.ts';
import { forcedRevocationOf } from '../../../functions/core/revocation/forced-revocations.ts';
import { agenda } from '../../../functions/core/assessment/due-times.ts';
import { rotationWish } from '../../../functions/core/rotation/next-rotation.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { isUnderWay } from '../../../functions/core/token/lookups.ts';
import { liveCredentials } from '../../../functions/core/token/known-credentials.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { providerFacts, tokens } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const RETIRE: Farewell = { kind: 'retire', by: 'someone', now: T0 };
const DETACH: Farewell = { kind: 'detach', by: 'someone', now: T0 };

function told(token: Token): string[] {
  return token.outbox.flatMap((fact) => (fact.type === 'lifecycle' ? [`${fact.what}: ${fact.detail}`] : []));
}

describe('the end of a token', () => {
  it('condemns all that lives, gives up what runs and plans no rotation, whatever state it is in', () => {
    fc.assert(
      fc.property(tokens, providerFacts, (token, facts) => {
        const ending = withFarewell(token, RETIRE);
        assert.ok(isRetiring(ending) && !isEnded(ending));
        for (const one of liveCredentials(ending)) assert.equal(one.withoutGrace, true);
        for (const one of ending.attempts.filter(isUnderWay)) assert.equal(one.inactive, true);
        assert.equal(rotationWish(ending), undefined);
        for (const action of agenda(ending, facts, T0)) assert.notEqual(action.kind, 'rotate');
        for (const one of ending.credentials.filter((same) => same.state === 'current'))
          assert.equal(forcedRevocationOf(ending, one)?.cause, 'retirement');
      }),
    );
  });

  it('is asked for once, and not taken back by letting go', () => {
    const once = withFarewell(aToken(), RETIRE);
    assert.equal(withFarewell(once, { ...RETIRE, by: 'another', now: T0 + HOUR }), once);
    assert.equal(withFarewell(once, DETACH), once);
    assert.deepEqual(told(once), ['requested: an end of the token']);
  });

  it('comes when nothing lives and every rotation is accounted for, not before', () => {
    const active = withFarewell(
      aToken({ credentials: [{ id: 'v', handle: 'h', origin: 'minted', state: 'current' }] }),
      RETIRE,
    );
    assert.equal(withEnd(active, T0), active);
    const ended: Token = {
      ...active,
      credentials: active.credentials.map((one) => ({ ...one, state: 'ended' })),
    };
    const untidy: Token = {
      ...ended,
      attempts: [{ id: 'a', cause: 'due', state: 'aborted', openedAt: T0, deadline: T0, mints: [] }],
    };
    assert.equal(withEnd(untidy, T0), untidy);
    const suspect: Token = { ...ended, suspects: [{ handle: 'x', seenAt: T0 }] };
    assert.equal(withEnd(suspect, T0), suspect);
    const over = withEnd(ended, T0 + HOUR);
    assert.deepEqual(
      [isEnded(over), isRetiring(over), over.detachedAt, over.ending?.endedAt],
      [true, false, T0 + HOUR, T0 + HOUR],
    );
    assert.equal(withEnd(over, T0 + 2 * HOUR), over);
    assert.match(told(over).at(-1) ?? '', /^retired: every credential of it is verified as inactive/);
  });

  it('detaching comes at once, revokes nothing and says what is active', () => {
    const token = aToken({ credentials: [{ id: 'v', handle: 'h', origin: 'minted', state: 'current' }] });
    const gone = withEnd(withFarewell(token, DETACH), T0);
    assert.ok(isEnded(gone));
    assert.deepEqual(gone.credentials, token.credentials);
    assert.match(told(gone).at(-1) ?? '', /^detached: still active at the issuer: h$/);
  });

  it(
    'names what a rotation may have left, where its issuer never ' +
      'answered: it is not looked for any more',
    () => {
      const reach = { host: 'issuer.example', basePath: '', account: 'apps/1' };
      const open = {
        id: 'a',
        cause: 'due',
        state: 'aborted',
        openedAt: T0,
        deadline: T0,
        tidy: false,
      } as const;
      const letGo = (mints: Token['attempts'][number]['mints']): string =>
        told(withEnd(withFarewell(aToken({ attempts: [{ ...open, mints }] }), DETACH), T0)).at(-1) ?? '';
      assert.match(
        letGo([{ at: T0, reach }]),
        /^detached: a rotation may have left a credential at issuer\.example\/apps\/1$/,
      );
      assert.match(letGo([{ at: T0 }]), /^detached: a rotation may have left a credential at the issuer$/);
      assert.match(
        letGo([{ at: T0, reach, handle: 'made' }]),
        /^detached: still active at the issuer: made$/,
      );
      assert.equal(letGo([{ at: T0, reach, unsent: true }]), 'detached: it had no credential');
    },
  );
});
