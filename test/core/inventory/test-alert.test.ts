import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import {
  NEW_INSTALLATION_RECORD,
  assessedInstallationRecord,
  type InstallationRecord,
} from '../../../functions/core/inventory/installation.ts';
import { testObservations, withTestAlert } from '../../../functions/core/inventory/test-alert.ts';
import { T0 } from '../../fakes/tokens.ts';

function tested(record: InstallationRecord, request: number, at: number): InstallationRecord {
  return assessedInstallationRecord(withTestAlert(record, { request, at, by: 'AROA1:ana' }), 'main', at);
}

function steps({ outbox }: InstallationRecord): string[] {
  return outbox.flatMap((one) => (one.type === 'finding' ? [`${one.subject} ${one.change}`] : []));
}

describe('a test of alerts', () => {
  it('opens a critical finding that says it is a test, and is over after a quarter of an hour', () => {
    const begun = tested(NEW_INSTALLATION_RECORD, 1, T0);
    const [finding] = begun.findings;
    assert.deepEqual(
      [finding?.kind, finding?.severity, finding?.state],
      ['test-alert-sent', 'critical', 'open'],
    );
    assert.match(finding?.detail ?? '', /^TEST: ana asked .* Nothing is wrong/);
    assert.equal(testObservations(begun, T0 + 15 * MINUTE - 1).length, 1);
    assert.deepEqual(steps(assessedInstallationRecord(begun, 'main', T0 + 15 * MINUTE)), [
      'request-1 opened',
      'request-1 resolved',
    ]);
  });

  it('that comes twice, or after a later one, changes nothing', () => {
    const begun = tested(NEW_INSTALLATION_RECORD, 2, T0);
    for (const request of [1, 2])
      assert.equal(withTestAlert(begun, { request, at: T0 + 1, by: 'ana' }), begun);
  });

  it('takes the place of the one before, and many leave little behind', () => {
    let record = NEW_INSTALLATION_RECORD;
    for (let request = 1; request <= 40; request++) record = tested(record, request, T0 + request);
    assert.ok(record.findings.length <= 7, `${record.findings.length}`);
    assert.deepEqual(
      record.findings.filter((one) => one.state === 'open').map((one) => one.subject),
      ['request-40'],
    );
    assert.equal(steps(record).filter((one) => one.endsWith('opened')).length, 40);
    assert.equal(steps(record).filter((one) => one.endsWith('resolved')).length, 39);
  });
});
