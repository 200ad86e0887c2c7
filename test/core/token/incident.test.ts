import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Incident } from '../../../functions/core/token/incident.ts';

const INCIDENT: Incident = {
  id: 'i',
  exposed: [{ id: 'v1', handle: 'h' }],
  source: 'a scanner',
  reportedAt: 1,
};

test('an incident comes back from storage as it went in, with what a later version wrote beside it', () => {
  const later = { ...INCIDENT, exposed: [{ id: 'v1', handle: 'h', shard: 3 }], severity: 'high' };
  assert.deepEqual(Incident.parse(JSON.parse(JSON.stringify(INCIDENT))), INCIDENT);
  assert.deepEqual(Incident.parse(later), later);
});

test('an incident without the credentials that are exposed is refused', () => {
  const { exposed: _exposed, ...rest } = INCIDENT;
  assert.throws(() => Incident.parse(rest), /exposed/);
});
