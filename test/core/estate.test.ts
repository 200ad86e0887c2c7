import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ESTATE_ID, Estate, NEW_ESTATE, aboutEstate, assessedEstate } from '../../functions/core/estate.ts';
import { noting } from '../../functions/core/noted.ts';
import { HOUR } from '../../functions/core/time.ts';
import { T0 } from '../fakes/tokens.ts';

describe('the record of an installation', () => {
  it('is empty at first, and can be read back', () => {
    assert.deepEqual(Estate.parse(NEW_ESTATE), NEW_ESTATE);
  });

  it('says which installation it is about', () => {
    assert.deepEqual(aboutEstate('main'), {
      id: ESTATE_ID,
      name: 'Keyturn main',
      provider: 'keyturn',
      owner: 'operators',
      environment: 'main',
    });
  });

  it('forgets notes whose time is over, and tells that they are', () => {
    const noted = noting(
      NEW_ESTATE,
      { kind: 'unmanaged', severity: 'info', detail: 'seen' },
      { now: T0, until: T0 + HOUR },
    );
    const open = assessedEstate(noted, 'main', T0);
    assert.equal(open.noted.length, 1);
    const over = assessedEstate(open, 'main', T0 + HOUR);
    assert.deepEqual(
      [over.noted, over.findings.map((one) => one.state), over.outbox.length],
      [[], ['resolved'], 2],
    );
  });
});
