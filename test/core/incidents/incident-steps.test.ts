import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  crossed,
  crossingAt,
  stepTold,
  withdrawn,
} from '../../../functions/core/incidents/incident-steps.ts';
import { incidentsOf } from '../../../functions/core/token/exposure.ts';
import type { Incident } from '../../../functions/core/token/incident.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const OUT: Incident = {
  id: 'i',
  exposed: [{ id: 'v1', handle: 'h1', fingerprint: 'f1' }],
  source: 'a scanner',
  reportedAt: T0,
};

describe('a step in the answer to a leak', () => {
  it('is told under a name that its time is part of', () => {
    const told = stepTold(stepTold(aToken(), OUT, { what: 'contained', detail: 'd', by: 'k', at: T0 }), OUT, {
      what: 'contained',
      detail: 'd',
      by: 'k',
      at: T0 + 1,
    });
    assert.equal(stepTold(told, OUT, { what: 'contained', detail: 'd', by: 'k', at: T0 }).outbox.length, 2);
  });

  it('gives the incident its time when it is reached, and takes it back when it is so no more', () => {
    const known: Token = aToken({ incidents: [OUT] });
    const step = { field: 'containedAt', what: 'contained', detail: 'd' } as const;
    const there = crossed(known, OUT, { ...step, at: T0 + 1 });
    const [reached] = incidentsOf(there);
    assert.equal(reached?.containedAt, T0 + 1);
    const [back] = incidentsOf(
      withdrawn(there, reached ?? OUT, T0, { ...step, what: 'containment-withdrawn' }),
    );
    assert.deepEqual([back?.containedAt, back?.withdrawn?.containedAt], [undefined, T0 + 2]);
  });

  it('lies after the report, and after the withdrawal of the one before', () => {
    assert.equal(crossingAt(OUT, T0 - 1, undefined, T0 + 9), T0);
    assert.equal(crossingAt(OUT, T0 + 1, T0 + 5, T0 + 9), T0 + 9);
    assert.equal(crossingAt(OUT, T0 + 7, T0 + 5, T0 + 9), T0 + 7);
  });
});
