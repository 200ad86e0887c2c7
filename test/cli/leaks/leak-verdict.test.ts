import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leakVerdict } from '../../../lib/cli/leaks/leak-verdict.ts';
import type { Incident } from '../../../functions/core/token/incident.ts';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const OUT: Incident = { id: 'i', exposed: [{ id: 'v1' }], source: 'a scanner', reportedAt: T0 };

describe('how far the answer to a leak is', () => {
  it('is said in each of its states, and why it waits for a person', () => {
    const said = (change: Partial<Incident>): string => leakVerdict(aToken(), { ...OUT, ...change }).detail;
    assert.match(said({}), /a new credential is being made/);
    assert.match(said({ replacedAt: T0 + MINUTE }), /will be revoked next/);
    assert.match(said({ held: true }), /waits until a person confirms it/);
    assert.match(
      said({ held: true, returns: [T0, T0, T0] }),
      /made current again by hand.*keyturn report-leak/,
    );
    assert.equal(leakVerdict(aToken(), { ...OUT, replacedAt: T0, containedAt: T0 }).outcome, 'done');
  });
});
