import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../functions/core/findings/findings.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { bench, type Bench } from '../harness.ts';
import type { InstallationJson } from '../../../lib/cli/json/findings.ts';
import type { RequestJson } from '../../../lib/cli/json/requests.ts';
import type { StatusRowJson } from '../../../lib/cli/json/tokens.ts';

const OPEN: Finding = {
  kind: 'token-inactive',
  subject: '',
  severity: 'critical',
  state: 'open',
  detail: 'Refused.',
  openedAt: T0,
  seenAt: T0,
  sequence: 1,
};

async function withFindings(...findings: Finding[]): Promise<Bench> {
  const it = bench();
  await it.put(aToken({ findings }));
  return it;
}

test('what is open is acknowledged, all of it or one kind', async () => {
  const it = await withFindings(OPEN, { ...OPEN, kind: 'credential-orphaned' });
  assert.match(
    (await it.keyturn('ack', 'prod/billing/ci')).out,
    /^token-inactive, credential-orphaned of prod\/billing\/ci: acknowledged by you\./,
  );
  assert.match(
    (await it.keyturn('ack', 'prod/billing/ci', 'credential-orphaned')).out,
    /^credential-orphaned of prod/,
  );
  assert.deepEqual(
    it.sent.map(({ command }) => [command.kind, command.kind === 'acknowledge' && command.finding]),
    [
      ['acknowledge', undefined],
      ['acknowledge', 'credential-orphaned'],
    ],
  );
});

test('with --wait it ends when the record says so', async () => {
  const it = await withFindings(OPEN);
  it.meanwhile = () =>
    it.change('prod/billing/ci-AbC123', (token) => ({
      ...token,
      findings: [{ ...OPEN, acknowledged: { at: T0, by: 'AROA1:ann@example.com' } }],
    }));
  assert.deepEqual(
    await it.keyturn('ack', 'prod/billing/ci', '--wait').then(({ exit, out }) => [exit, out]),
    [0, 'The open findings of prod/billing/ci are acknowledged.\n'],
  );
});

test('nothing is asked where nothing is open, or the kind is none', async () => {
  const it = await withFindings({ ...OPEN, state: 'resolved' });
  assert.deepEqual(
    [
      (await it.keyturn('ack', 'prod/billing/ci')).exit,
      (await it.keyturn('ack', 'prod/billing/ci', 'tokn-inactive')).exit,
    ],
    [3, 2],
  );
  assert.match(
    (await it.keyturn('ack', 'prod/billing/ci', 'tokn-inactive')).err,
    /no finding "tokn-inactive"\. Did you mean token-inactive\?/,
  );
  assert.deepEqual(it.sent, []);
});

const TAKEN: Finding = { ...OPEN, acknowledged: { at: T0 - HOUR, by: 'AROA1:ann@example.com' } };
const OWN: Finding = {
  ...OPEN,
  kind: 'alert-subscription-unhealthy',
  subject: 'nobody',
  detail: 'Nobody hears.',
};

async function withOwn(self: Bench, ...findings: Finding[]): Promise<void> {
  const { installationRecord, revision } = await self.inventory.loadInstallationRecord();
  await self.inventory.saveInstallationRecord({ ...installationRecord, findings }, revision);
}

test('who has taken a finding on, since when and until when, shows in status and show', async () => {
  const it = await withFindings(TAKEN, { ...OPEN, kind: 'credential-orphaned' });
  assert.match(
    (await it.keyturn('show', 'prod/billing/ci')).out,
    /^ {2}critical {2}token-inactive {2}opened 0s ago\n {4}Refused\.\n {4}acknowledged by ann@example\.com 60m ago, until it gets worse or is over\n {4}then: npx --no keyturn rotate prod\/billing\/ci --installation main\n {2}critical {2}credential-orphaned {2}opened 0s ago\n {4}Refused\.$/m,
  );
  assert.match(
    (await it.keyturn('status')).out,
    /^prod\/billing\/ci: token-inactive acknowledged by ann@example\.com 60m ago, until it gets worse or is over\.$/m,
  );
  const views: StatusRowJson[] = [
    JSON.parse((await it.keyturn('show', 'prod/billing/ci', '--json')).out),
    ...JSON.parse((await it.keyturn('status', '--json')).out).tokens,
  ];
  for (const { findings } of views)
    assert.deepEqual(
      findings.map(({ acknowledged }) => acknowledged),
      [{ by: 'ann@example.com', at: '2026-01-05T08:00:00Z' }, null],
    );
});

test('findings of the installation are acknowledged like those of a token, by any worker', async () => {
  for (const it of [await withFindings(), bench()]) {
    await withOwn(it, OWN);
    it.meanwhile = () => withOwn(it, { ...OWN, acknowledged: { at: T0, by: 'AROA1:ann@example.com' } });
    const { exit, out, err } = await it.keyturn(
      'ack',
      'installation',
      'alert-subscription-unhealthy',
      '--wait',
    );
    assert.deepEqual([exit, out, err], [0, 'The open findings of the installation are acknowledged.\n', '']);
    assert.deepEqual(
      it.sent.map(({ provider, command }) => [provider, command.kind, command.tokenId]),
      [['gitlab', 'acknowledge', 'installation']],
    );
  }
  const idle = await withFindings(OPEN);
  assert.deepEqual(await idle.keyturn('ack', 'installation').then(({ exit, err }) => [exit, err]), [
    3,
    'The installation has no open finding.\n',
  ]);
  await withOwn(idle, OWN);
  const unheard: RequestJson = JSON.parse(
    (await idle.keyturn('ack', 'installation', '--wait', '--timeout', '4s', '--json')).out,
  );
  assert.equal(unheard.outcome, 'unfinished');
});

test(
  'what is wrong with the installation itself shows in status, and counts for scripts, unless only some ' +
    'tokens are asked for',
  async () => {
    const it = await withFindings();
    assert.match(
      (await it.keyturn('show', 'installation')).out,
      /^The installation main itself has no open finding\./,
    );
    await withOwn(it, { ...OWN, acknowledged: { at: T0, by: 'AROA1:ann@example.com' } });
    const line =
      /^ {2}critical {2}alert-subscription-unhealthy {2}opened 0s ago\n {4}Nobody hears\.\n {4}acknowledged by ann@example\.com 0s ago, until it gets worse or is over$/m;
    for (const command of [['status'], ['show', 'installation']])
      assert.match((await it.keyturn(...command)).out, line);
    const view: InstallationJson = JSON.parse((await it.keyturn('show', 'installation', '--json')).out);
    assert.deepEqual(
      view.findings.map(({ kind, acknowledged }) => [kind, acknowledged?.by]),
      [['alert-subscription-unhealthy', 'ann@example.com']],
    );
    assert.equal((await it.keyturn('status', '--exit-code')).exit, 5);
    const some = await it.keyturn('status', '--owner', 'team-billing', '--exit-code');
    assert.deepEqual([some.exit, line.test(some.out)], [0, false]);
  },
);
