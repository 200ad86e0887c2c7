import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { reportOf, type Report } from '../../../lib/sandbox/story/report.ts';
import { morning } from '../../../lib/sandbox/story/opening.ts';
import type { Safety } from '../../../lib/sandbox/story/safeties.ts';
import { ONE_ROTATION, type Script } from '../../../lib/sandbox/story/script.ts';
import { tellStory } from '../../../lib/sandbox/story/story.ts';

interface Outcome {
  readonly report: Report;
  /** The consumers that were refused. */
  readonly failed: string[];
  readonly lines: string[];
}

/**
 * Six hours in which nothing goes wrong by itself: long enough to see what a safety that is missing does to
 * one rotation.
 */
const SHORTER: Script = { ...ONE_ROTATION, rotateEvery: '3h', end: 5.9 * HOUR, episodes: () => [] };

async function tell(script: Script, without?: Safety): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-story-'));
  const lines: string[] = [];
  const told = await tellStory({
    display: { line: (...said) => void lines.push(said[0] ?? ''), progress: () => undefined },
    start: morning(),
    script,
    folder,
    without,
  });
  await told.sandbox.close();
  rmSync(folder, { recursive: true });
  const failed = told.evidence.calls.filter(({ failures }) => failures > 0).map(({ agent }) => agent);
  return { report: reportOf(told, 0), failed, lines };
}

function broken({ promises }: Report): string[] {
  return promises.filter(({ held }) => !held).map(({ name }) => name);
}

describe('the story with one rotation of each token', () => {
  test('every promise holds', async () => {
    const { report, failed, lines } = await tell(ONE_ROTATION);
    assert.deepEqual(broken(report), [], lines.join('\n'));
    assert.deepEqual(failed, []);
    assert.equal(report.tokens, 4);
    assert.equal(report.rotations, 5, 'the empty secret gets its first credential too');
    assert.equal(report.revoked, 4);
    assert.equal(report.revokedVerified, 4);
    assert.ok(report.consumerCalls > 1_000);
    assert.deepEqual(
      report.alerts.map(({ severity, channel, resolved }) => ({ severity, channel, resolved })),
      [
        { severity: 'critical', channel: 'mail', resolved: true },
        { severity: 'critical', channel: 'pager', resolved: true },
      ],
    );
    assert.match(lines.join('\n'), /billing\/gitlab-deploy +ok/, 'the status is shown');
  });

  test('without evidence the service that reads only at boot is refused', async () => {
    const { report, failed } = await tell(SHORTER, 'evidence');
    assert.deepEqual(broken(report), ['No consumer was ever rejected']);
    assert.deepEqual(
      failed,
      ['billing-deployer/3'],
      'the others boot anew while the old one waits for the pass that has to see every secret',
    );
    assert.ok(report.consumerFailures > 0);
  });

  test('without grace the fleet with long caches is refused', async () => {
    const { report, failed } = await tell(SHORTER, 'grace');
    assert.deepEqual(broken(report), ['No consumer was ever rejected']);
    assert.ok(failed.length > 0);
    assert.ok(
      failed.every((agent) => agent.startsWith('checkout/')),
      failed.join(' '),
    );
  });
});
