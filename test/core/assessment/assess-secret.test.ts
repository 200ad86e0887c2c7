import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assess } from '../../../functions/core/assessment/assess.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { FACTS, current, old, kinds } from './cases.ts';

describe('what is wrong with a secret', () => {
  it('says nothing more of a secret that is gone once a person detached its token', () => {
    const gone = { detachedAt: T0, deletion: { at: T0, gone: true }, credentials: [old()] };
    const ending = { kind: 'detach', askedAt: T0, by: 'ana' } as const;
    assert.deepEqual(kinds(aToken({ ...gone, ending }), T0), ['secret-deleted critical']);
    assert.deepEqual(kinds(aToken({ ...gone, ending: { ...ending, endedAt: T0 } }), T0), []);
    const retired = { ...ending, kind: 'retire', endedAt: T0 } as const;
    assert.deepEqual(kinds(aToken({ ...gone, ending: retired }), T0), ['secret-deleted critical']);
  });

  it('says why an inactive token is not replaced again, where it would be', () => {
    const inactive = {
      credentials: [current()],
      refusedSince: T0,
      policy: { ...DEFAULT_POLICY, onInactive: 'rotate' as const },
    };
    const detail = (token: Partial<Token>): string | undefined => assess(aToken(token), FACTS, T0)[0]?.detail;
    assert.equal(detail(inactive), 'The issuer refuses the current value since 2026-01-05T09:00:00Z.');
    assert.match(
      detail({ ...inactive, revivedAt: T0 - DAY }) ?? '',
      /Keyturn replaced an inactive one at 2026-01-04T09:00:00Z, so it replaces the next one at 2026-01-11T09:00:00Z at the earliest\.$/,
    );
  });
});
