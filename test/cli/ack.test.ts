import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../functions/core/findings.ts';
import { T0, aToken } from '../fakes/tokens.ts';
import { bench, type Bench } from './harness.ts';

const OPEN: Finding = { kind: 'token-dead', subject: '', severity: 'critical', state: 'open', detail: 'Refused.', openedAt: T0, seenAt: T0, sequence: 1 };

async function withFindings(...findings: Finding[]): Promise<Bench> {
  const it = bench();
  await it.put(aToken({ findings }));
  return it;
}

test('what is open is acknowledged, all of it or one kind', async () => {
  const it = await withFindings(OPEN, { ...OPEN, kind: 'stray' });
  assert.match((await it.keyturn('ack', 'prod/billing/ci')).out, /^token-dead, stray of prod\/billing\/ci: you have taken it on\./);
  assert.match((await it.keyturn('ack', 'prod/billing/ci', 'stray')).out, /^stray of prod/);
  assert.deepEqual(it.sent.map(({ command }) => [command.kind, command.kind === 'acknowledge' && command.finding]), [['acknowledge', undefined], ['acknowledge', 'stray']]);
});

test('with --wait it ends when the record says so', async () => {
  const it = await withFindings(OPEN);
  it.meanwhile = () => it.change('prod/billing/ci-AbC123', (token) => ({ ...token, findings: [{ ...OPEN, acknowledged: { at: T0, by: 'AIDA:ann' } }] }));
  assert.deepEqual(await it.keyturn('ack', 'prod/billing/ci', '--wait').then(({ exit, out }) => [exit, out]), [0, 'What is open of prod/billing/ci is acknowledged.\n']);
});

test('nothing is asked where nothing is open, or the kind is none', async () => {
  const it = await withFindings({ ...OPEN, state: 'resolved' });
  assert.deepEqual([(await it.keyturn('ack', 'prod/billing/ci')).exit, (await it.keyturn('ack', 'prod/billing/ci', 'tokn-dead')).exit], [3, 2]);
  assert.match((await it.keyturn('ack', 'prod/billing/ci', 'tokn-dead')).err, /no kind of finding "tokn-dead"\. Did you mean token-dead\?/);
  assert.deepEqual(it.sent, []);
});
