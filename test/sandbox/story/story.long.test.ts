import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ONE_ROTATION } from '../../../lib/sandbox/story/script.ts';
import { broken, tell } from './tell.ts';

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
});
