import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  INSTALLATION_RECORD_ID,
  InstallationRecord,
  NEW_INSTALLATION_RECORD,
  aboutInstallationRecord,
  assessedInstallationRecord,
} from '../../../functions/core/inventory/installation.ts';
import { noting } from '../../../functions/core/findings/reported-findings.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';

describe('the record of an installation', () => {
  it('is empty at first, and can be read back', () => {
    assert.deepEqual(InstallationRecord.parse(NEW_INSTALLATION_RECORD), NEW_INSTALLATION_RECORD);
  });

  it('says which installation it is about', () => {
    assert.deepEqual(aboutInstallationRecord('main'), {
      id: INSTALLATION_RECORD_ID,
      name: 'Keyturn main',
      provider: 'keyturn',
      owner: 'operators',
      environment: 'main',
    });
  });

  it('forgets notes whose time is over, and tells that they are', () => {
    const noted = noting(
      NEW_INSTALLATION_RECORD,
      { kind: 'credential-unmanaged', severity: 'info', detail: 'seen' },
      { now: T0, until: T0 + HOUR },
    );
    const open = assessedInstallationRecord(noted, 'main', T0);
    assert.equal(open.noted.length, 1);
    const over = assessedInstallationRecord(open, 'main', T0 + HOUR);
    assert.deepEqual(
      [over.noted, over.findings.map((one) => one.state), over.outbox.length],
      [[], ['resolved'], 2],
    );
  });
});
