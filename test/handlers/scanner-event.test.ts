import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { leakReportIn } from '../../functions/handlers/scanner-event.ts';

const NOW = Date.UTC(2026, 0, 6);
const AT = Date.UTC(2026, 0, 5, 8);
const HASH = createHash('sha256').update('glpat-CANARY-4f8b1c');
const BYTES = HASH.digest();
const DIGEST = BYTES.toString('hex');

function event(detail: unknown, change: object = {}): string {
  return JSON.stringify({
    version: '0',
    id: 'x',
    'detail-type': 'Credential Leaked',
    source: 'com.example.scanner',
    account: '111122223333',
    detail,
    ...change,
  });
}

describe('an event of a scanner', () => {
  it('is read with its digest in whatever form', () => {
    const pairs = DIGEST.match(/../g) ?? [];
    const forms = [
      DIGEST,
      DIGEST.toUpperCase(),
      ` ${DIGEST}\n`,
      `sha256:${DIGEST}`,
      `SHA-256=${DIGEST.toUpperCase()}`,
      pairs.join(':'),
      pairs.join('-').toUpperCase(),
      pairs.join(' '),
      BYTES.toString('base64'),
      BYTES.toString('base64url'),
    ];
    for (const sha256 of forms)
      assert.deepEqual(
        leakReportIn(event({ sha256 }), NOW),
        { digest: DIGEST, source: 'the scanner com.example.scanner', exposedAt: undefined },
        sha256,
      );
    for (const detail of [{ SHA256: DIGEST }, { Sha256: DIGEST, more: {} }, { 'sha-256': DIGEST }])
      assert.ok('digest' in leakReportIn(event(detail), NOW));
  });

  it('is never refused for its time', () => {
    const times: [unknown, number | undefined][] = [
      ['2026-01-05T08:00:00Z', AT],
      ['2026-01-05T08:00:00', AT],
      ['2026-01-05 09:00+0100', AT],
      [AT / 1_000, AT],
      [String(AT), AT],
      ['2099-01-05T00:00:00Z', NOW],
      ['soon', undefined],
      [null, undefined],
      [{}, undefined],
      [undefined, undefined],
    ];
    for (const [exposedAt, right] of times)
      assert.deepEqual(
        leakReportIn(event({ sha256: DIGEST, exposedAt }), NOW),
        { digest: DIGEST, source: 'the scanner com.example.scanner', exposedAt: right },
        String(exposedAt),
      );
    assert.deepEqual(leakReportIn(event({ SHA256: DIGEST, exposed_at: AT }), NOW), {
      digest: DIGEST,
      source: 'the scanner com.example.scanner',
      exposedAt: AT,
    });
  });

  it('is never refused for its source, of which no more is taken than a name', () => {
    const report = leakReportIn(
      event({ sha256: DIGEST }, { source: `acme: <b>scanner</b>\n${'x'.repeat(300)}` }),
      NOW,
    );
    assert.ok('source' in report && /^the scanner [A-Za-z0-9._/-]{100}$/.test(report.source));
  });

  it('that does not say which credential is meant is refused, in words that hold nothing of it', () => {
    const canary = 'glpat-CANARY-4f8b1c';
    const wrong = [
      event({}),
      event({ sha256: canary }),
      event({ sha256: DIGEST.slice(1) }),
      event({ sha256: `${DIGEST}0` }),
      event({ sha256: 7 }),
      event(canary),
      event({ sha256: DIGEST }, { 'detail-type': 'Else' }),
      event({ sha256: DIGEST }, { source: '' }),
      canary,
      '',
    ];
    for (const text of wrong)
      assert.throws(
        () => leakReportIn(text, NOW),
        (error) =>
          error instanceof Error &&
          /is no event of a scanner/.test(error.message) &&
          !error.message.includes(canary),
        text,
      );
  });

  it('may be an alert that came by the webhook', () => {
    const alert = { kind: 'github-alert', repository: 'a/b', number: 1 };
    for (const one of [alert, { ...alert, step: 'created-0123456789abcdef' }])
      assert.deepEqual(leakReportIn(JSON.stringify(one), NOW), one);
    for (const repository of ['../..', 'a/..', 'a/b/c', 'a'])
      assert.throws(() => leakReportIn(JSON.stringify({ ...alert, repository }), NOW));
  });
});
