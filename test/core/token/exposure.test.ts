import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  covers,
  exposes,
  exposesMint,
  hasExposedMint,
  incidentsOf,
  isExposed,
  namesOf,
  withIncident,
} from '../../../functions/core/token/exposure.ts';
import type { Attempt } from '../../../functions/core/token/attempt.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Incident } from '../../../functions/core/token/incident.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const OUT: Incident = {
  id: 'i',
  exposed: [{ id: 'v1', handle: 'h1', createdAt: T0, fingerprint: 'f1' }],
  source: 'a scanner',
  reportedAt: T0,
};

function credential(change: Partial<Credential>): Credential {
  return { id: 'x', origin: 'minted', state: 'previous', ...change };
}

function attempt(mint: Attempt['mints'][number]): Attempt {
  return { id: 'a', cause: 'due', state: 'open', openedAt: T0, deadline: T0 + HOUR, mints: [mint] };
}

describe('a credential is out', () => {
  it('under any of its names: its handle, its value, or the version that holds it', () => {
    assert.ok(exposes(OUT, credential({ handle: 'h1' })));
    assert.ok(exposes(OUT, credential({ fingerprint: 'f1' })));
    assert.ok(exposes({ ...OUT, exposed: [{ id: 'v1' }] }, credential({ id: 'v1', handle: 'named-later' })));
    assert.ok(!exposes(OUT, credential({ id: 'v2', handle: 'h2', fingerprint: 'f2' })));
  });

  it('and another one that got its handle later is not', () => {
    assert.ok(!exposes(OUT, credential({ handle: 'h1', createdAt: T0 + HOUR, fingerprint: 'f2' })));
    assert.ok(exposes(OUT, credential({ handle: 'h1', createdAt: T0 })));
    assert.ok(!exposesMint(OUT, attempt({ at: T0, handle: 'h1', createdAt: T0 + HOUR, fingerprint: 'f2' })));
  });

  it('as what a rotation made, before any version holds it', () => {
    assert.ok(exposesMint(OUT, attempt({ at: T0, fingerprint: 'f1' })));
    assert.ok(!exposesMint(OUT, attempt({ at: T0 })));
  });

  it('by every report on record, one that waits for a person or is answered included', () => {
    const over: Incident = { ...OUT, containedAt: T0, replacedAt: T0 };
    for (const incident of [OUT, over, { ...OUT, held: true }]) {
      const token = aToken({ incidents: [incident] });
      assert.ok(
        isExposed(token, credential({ handle: 'h1' })) &&
          hasExposedMint(token, attempt({ at: T0, handle: 'h1' })),
      );
    }
    assert.ok(!isExposed(aToken(), credential({ handle: 'h1' })));
    assert.deepEqual(incidentsOf(aToken()), []);
  });

  it('and is covered by the report that names it, in the words that people know it by', () => {
    assert.ok(
      covers(OUT, { id: 'v1' }) &&
        covers(OUT, { id: 'v9', fingerprint: 'f1' }) &&
        !covers(OUT, { id: 'v2', handle: 'h2' }),
    );
    assert.equal(namesOf({ exposed: [{ id: 'v1', handle: 'h1' }, { id: 'v2' }] }), 'the credential h1, v2');
    const token = withIncident(aToken({ incidents: [OUT, { ...OUT, id: 'j' }] }), 'j', (one) => ({
      ...one,
      held: true,
    }));
    assert.deepEqual(
      incidentsOf(token).map((one) => one.held),
      [undefined, true],
    );
  });
});
