import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assess } from '../../../functions/core/assessment/assess.ts';
import { ENDINGS } from '../../../functions/core/assessment/endings.ts';
import {
  NEW_INSTALLATION_RECORD,
  assessedInstallationRecord,
} from '../../../functions/core/inventory/installation.ts';
import { FINDING_KINDS } from '../../../functions/core/findings/findings.ts';
import { withForgotten } from '../../../functions/core/incidents/forget.ts';
import { lostRotation } from '../../../functions/core/incidents/forget-rotation.ts';
import type { Attempt } from '../../../functions/core/token/attempt.ts';
import { withAttempt } from '../../../functions/core/token/transitions.ts';
import { noting } from '../../../functions/core/findings/reported-findings.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { FACTS, NOW, calm } from './ending-moves.ts';
import { SCENES } from './ending-scenes.ts';

describe('every kind of finding ends', () => {
  for (const kind of FINDING_KINDS.options)
    it(`${kind}, by its command or event, within ${ENDINGS[kind].looksEvery / HOUR} h and two days`, () => {
      const { open, over, facts = FACTS } = SCENES[kind];
      const isOpen = (token: Token, at: number): boolean =>
        assess(token, facts, at).some((one) => one.kind === kind);
      assert.ok(
        isOpen(open, NOW),
        `it is not open: ${assess(open, facts, NOW)
          .map((one) => one.kind)
          .join(' ')}`,
      );
      assert.ok(
        !isOpen(over(open, NOW + ENDINGS[kind].looksEvery), NOW + ENDINGS[kind].looksEvery + 2 * DAY),
        'it is not over',
      );
    });

  it('rotation-stuck, of what a rotation may have left, by its command', () => {
    const lost: Attempt = {
      id: 'a',
      cause: 'due',
      state: 'aborted',
      openedAt: NOW - 3 * DAY,
      deadline: NOW,
      mints: [{ at: NOW }],
    };
    const open = calm({ attempts: [{ ...lost, endedAt: NOW - 2 * DAY, tidy: false }] });
    const isOpen = (token: Token): boolean =>
      assess(token, FACTS, NOW).some((one) => one.kind === 'rotation-stuck');
    assert.ok(isOpen(open));
    assert.match(ENDINGS['rotation-stuck'].command, /^keyturn forget TOKEN ROTATION$/);
    assert.match(
      assess(open, FACTS, NOW)
        .map((one) => one.detail)
        .join(),
      /keyturn forget \S+ a --reason TEXT/,
    );
    const left = withForgotten(open, {
      credentialId: 'a',
      by: 'ana',
      reason: 'its project is deleted',
      now: NOW,
    });
    assert.equal(lostRotation(left, 'a'), undefined, 'it is not looked for');
    assert.ok(!isOpen(withAttempt(left, 'a', (one) => ({ ...one, tidy: true }))));
  });

  it('of the installation too, when its time is over', () => {
    const installationRecord = noting(
      NEW_INSTALLATION_RECORD,
      { kind: 'leak-reports-rate-limited', severity: 'critical', detail: 'x' },
      { now: NOW, until: NOW + HOUR },
    );
    const open = assessedInstallationRecord(installationRecord, 'main', NOW);
    assert.deepEqual(
      open.findings.map((one) => one.state),
      ['open'],
    );
    assert.deepEqual(
      assessedInstallationRecord(open, 'main', NOW + 2 * HOUR).findings.map((one) => one.state),
      ['resolved'],
    );
  });
});
