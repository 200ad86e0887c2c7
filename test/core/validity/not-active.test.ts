import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ListedCredential, Probe } from '../../../functions/core/issuer/provider.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { notActiveIn } from '../../../functions/core/validity/not-active.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';

const HERE = { host: 'issuer.test', basePath: '', account: 'projects/1' };
const THERE = { ...HERE, account: 'projects/2' };
const CURRENT: Credential = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  origin: 'minted',
  state: 'current',
  createdAt: T0,
  reach: HERE,
};
const SILENT: Probe = { outcome: 'unknown', reason: 'The issuer answered 401.' };
const OTHER: ListedCredential = { handle: 'h2', state: 'active', active: true };
const BEFORE = { as: 'absent', since: T0, last: T0 } as const;

function see(one: Credential, listed: ListedCredential[] | undefined, probe: Probe | undefined = SILENT) {
  return notActiveIn(one, { now: T0 + HOUR, probe, listed, reach: HERE });
}

function entry(change: Partial<ListedCredential>): ListedCredential {
  return { handle: 'h1', state: 'active', active: true, ...change };
}

describe('what a full list says against the current credential', () => {
  it('is noted from the first list on that leaves it out', () => {
    assert.deepEqual(see(CURRENT, [OTHER]), { as: 'absent', since: T0 + HOUR, last: T0 + HOUR });
    assert.deepEqual(see({ ...CURRENT, notActive: BEFORE }, []), {
      as: 'absent',
      since: T0,
      last: T0 + HOUR,
    });
    assert.deepEqual(see(CURRENT, [], undefined), { as: 'absent', since: T0 + HOUR, last: T0 + HOUR });
  });

  it('is noted as the list says it, and for another one of its name', () => {
    for (const state of ['revoked', 'expired', 'disabled'] as const)
      assert.equal(see(CURRENT, [entry({ state, active: false })])?.as, state);
    assert.equal(see(CURRENT, [entry({ createdAt: T0 + HOUR })])?.as, 'absent');
  });

  it('is over once the list shows it as active, or the issuer says anything of the value', () => {
    const one = { ...CURRENT, notActive: BEFORE };
    assert.equal(see(one, [OTHER, entry({})]), undefined);
    assert.equal(see(one, [], { outcome: 'active' }), undefined);
    assert.equal(see(one, [], { outcome: 'inactive' }), undefined);
  });

  it('stays as it was where there is no full list of its place', () => {
    const one = { ...CURRENT, notActive: BEFORE };
    assert.deepEqual(see(one, undefined), BEFORE);
    assert.deepEqual(see({ ...one, reach: THERE }, []), BEFORE);
    assert.equal(see(CURRENT, undefined), undefined);
    assert.equal(see({ ...CURRENT, reach: THERE }, []), undefined);
    assert.equal(see({ ...CURRENT, reach: undefined }, []), undefined);
    assert.equal(see({ ...CURRENT, handle: undefined }, []), undefined);
  });

  it('is no news where Keyturn disabled it', () => {
    const disabled = [entry({ state: 'disabled', active: false })];
    assert.equal(see({ ...CURRENT, disabledAt: T0 }, disabled), undefined);
    assert.equal(see(CURRENT, disabled)?.as, 'disabled');
  });
});
