import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CLOCK_KNOWN_FOR, SKEW, type SeenClock } from '../../../functions/core/issuer/issuer-clock.ts';
import { withClockNote } from '../../../functions/core/issuer/clock-findings.ts';
import {
  NEW_INSTALLATION_RECORD,
  assessedInstallationRecord,
  type InstallationRecord,
} from '../../../functions/core/inventory/installation.ts';
import { HOUR, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';

const HOST = 'gitlab.example.com';

const off = (ahead: number, seenAt = T0): SeenClock => ({ host: HOST, least: ahead, most: ahead, seenAt });

describe('a clock that is off', () => {
  const told = (clock: SeenClock): string[] =>
    withClockNote(NEW_INSTALLATION_RECORD, clock, T0).noted.map(
      (one) => `${one.subject} ${one.severity}: ${one.detail}`,
    );
  const until = (installationRecord: InstallationRecord): number | undefined =>
    installationRecord.noted[0]?.until;

  it('is reported with its host, by how much, in which direction, what follows and what to do', () => {
    assert.match(
      told(off(10 * MINUTE - SECOND))[0] ?? '',
      /^gitlab\.example\.com warning: The clock of gitlab\.example\.com is about 10m ahead of ours.*uncertain by as much.*Have the clock of gitlab\.example\.com set right\.$/,
    );
    assert.match(told(off(-2 * HOUR - 29 * SECOND))[0] ?? '', /is about 2h behind ours/);
    assert.match(told(off(SKEW + 1))[0] ?? '', /about 2m ahead/);
  });

  it('is not where it may be in step', () =>
    assert.deepEqual([...told(off(SKEW)), ...told({ ...off(0), least: SKEW, most: HOUR })], []));

  it(
    'is one finding of the installation, whichever token sees it and however often; another host is ' +
      'another one',
    () => {
      const first = withClockNote(NEW_INSTALLATION_RECORD, off(HOUR), T0);
      assert.equal(
        withClockNote(first, off(HOUR + 5 * MINUTE, T0 + MINUTE), T0 + MINUTE),
        first,
        'nothing is written for the next token',
      );
      assert.equal(
        until(withClockNote(first, off(HOUR, T0 + 2 * HOUR), T0 + 2 * HOUR)),
        T0 + 2 * HOUR + CLOCK_KNOWN_FOR,
      );
      const second = withClockNote(first, { ...off(HOUR), host: 'other.test' }, T0);
      assert.deepEqual(
        assessedInstallationRecord(second, 'main', T0).findings.map(
          (one) => `${one.kind} ${one.subject} ${one.state}`,
        ),
        [`clock-skew ${HOST} open`, 'clock-skew other.test open'],
      );
    },
  );

  it(
    'is over an hour after a look that saw it in step, unless another one sees it off: of several ' +
      'machines behind one name, one alone may be wrong',
    () => {
      const first = withClockNote(NEW_INSTALLATION_RECORD, off(HOUR), T0);
      const inStep = withClockNote(first, off(0, T0 + HOUR), T0 + HOUR);
      assert.equal(until(inStep), T0 + 2 * HOUR);
      assert.equal(
        withClockNote(inStep, off(0, T0 + HOUR + MINUTE), T0 + HOUR + MINUTE),
        inStep,
        'no later for the next one',
      );
      assert.equal(
        until(withClockNote(inStep, off(HOUR, T0 + HOUR + MINUTE), T0 + HOUR + MINUTE)),
        T0 + HOUR + MINUTE + CLOCK_KNOWN_FOR,
      );
      assert.equal(withClockNote(NEW_INSTALLATION_RECORD, off(0), T0), NEW_INSTALLATION_RECORD);
    },
  );

  it('is over by itself after a day without any date', () => {
    const open = assessedInstallationRecord(
      withClockNote(NEW_INSTALLATION_RECORD, off(HOUR), T0),
      'main',
      T0,
    );
    const after = assessedInstallationRecord(open, 'main', T0 + CLOCK_KNOWN_FOR);
    assert.deepEqual(
      [open, after].map((installationRecord) => installationRecord.findings.map((one) => one.state)),
      [['open'], ['resolved']],
    );
  });
});
