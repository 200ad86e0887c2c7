import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command } from '../../functions/core/commands.ts';
import type { Owned } from '../../functions/core/leaks.ts';
import { DAY, MINUTE } from '../../functions/core/time.ts';
import type { Incident } from '../../functions/core/token.ts';
import { digestOf, foundInInput, foundInReport } from '../../lib/cli/reports.ts';
import { T0 } from '../fakes/tokens.ts';
import { CANARY, bench, type Bench } from './harness.ts';
import { current, healthy } from './tokens.ts';

const ID = 'prod/x-AbC123';
const OWNED: Owned = { tokenId: ID, name: 'prod/x', provider: 'gitlab', owner: 'team-x', fingerprint: 'f1', state: 'current', isKnown: false, isDetached: false };
const INCIDENT: Incident = { id: 'h', exposed: [{ id: 'v', fingerprint: 'f1' }], source: 'a person', reportedAt: T0, containedAt: T0 + MINUTE, replacedAt: T0 + 30_000 };

async function ours(change: Partial<Owned> = {}): Promise<Bench> {
  const self = bench();
  self.input = `${CANARY}\n`;
  self.owned.set(digestOf(CANARY), [{ ...OWNED, ...change }]);
  await self.put(healthy('prod/x', { generations: [current({ fingerprint: 'f1' })] }));
  return self;
}

describe('leaked', () => {
  test('sends a digest to the function and a report to the queue, and nobody the value', async () => {
    const self = await ours();
    const run = await self.keyturn('leaked', '--yes', '--since', '3d', '--json');
    assert.equal(run.exit, 0);
    assert.deepEqual(self.sent.map(({ command }) => Command.parse(command)), [
      { kind: 'compromise', tokenId: ID, fingerprint: 'f1', source: 'a person', reportedAt: T0, exposedAt: T0 - 3 * DAY, notAfter: T0 + 40 * MINUTE },
    ]);
    assert.doesNotMatch(JSON.stringify([run, self.sent, self.questions]), new RegExp(CANARY));
    assert.equal(JSON.parse(run.out).tokens[0].outcome, 'asked');
  });

  test('refuses a value as an argument without repeating it', async () => {
    const self = await ours();
    for (const argv of [[CANARY], ['prod/x', CANARY], [CANARY, '--yes']]) {
      const run = await self.keyturn('leaked', ...argv);
      assert.equal(run.exit, 2);
      assert.match(run.err, /never an argument/);
      assert.doesNotMatch(run.err, new RegExp(CANARY));
    }
    assert.deepEqual([self.sent, self.choices], [[], []]);
  });

  test('asks a person at the keyboard for what is out, and does nothing that nobody confirmed', async () => {
    const self = await ours();
    self.input = undefined;
    assert.match((await self.keyturn('leaked')).err, /Send the value through standard input/);
    self.input = CANARY;
    const unsure = await self.keyturn('leaked');
    assert.equal(unsure.exit, 3);
    assert.match(unsure.err, /prod\/x \(gitlab, team-x\): its current credential\./);
    assert.match(unsure.err, /Add --yes/);
    assert.deepEqual(self.sent, []);
  });

  test('says when a value is not ours, or is dead already, and does nothing', async () => {
    const self = await ours({ state: 'dead', isKnown: true });
    const dead = await self.keyturn('leaked', '--yes');
    assert.equal(dead.exit, 0);
    assert.match(dead.err, /a dead credential: nothing is to be done\./);
    const letGo = await (await ours({ isDetached: true })).keyturn('leaked', '--yes', '--json');
    assert.match(letGo.err, /revoke its credential at the issuer by hand\./);
    assert.equal(JSON.parse(letGo.out).tokens[0].outcome, 'none');
    self.input = 'somebody-elses-value';
    assert.match((await self.keyturn('leaked', '--yes')).err, /1 value looked at: none is a credential that this installation knows\./);
    assert.deepEqual(self.sent, []);
  });

  test('of an admin credential is put on record, and says what a person has to do', async () => {
    const self = await ours({ tokenId: 'keyturn/admin/okta-AbC123', name: 'keyturn/admin/okta', provider: 'okta', owner: 'operators', state: 'admin' });
    const run = await self.keyturn('leaked', '--yes', '--wait');
    assert.equal(run.exit, 0);
    assert.match(run.err, /an admin credential, which a person has to replace\.\n.*until the issuer refuses it\. Once a new one is stored, every token that it could make is replaced\./);
    assert.doesNotMatch(run.err, /dies without grace/);
    assert.match(run.out, /^keyturn\/admin\/okta: it was reported\. Make a new one at the issuer/);
    assert.deepEqual(self.sent.map(({ provider, command }) => `${provider} ${command.kind}`), ['okta compromise']);
  });

  test('--wait ends when what leaked is dead and replaced, with the times', async () => {
    const self = await ours();
    self.meanwhile = async () => self.change(ID, (token) => ({ ...token, incidents: [INCIDENT] }));
    const run = await self.keyturn('leaked', '--yes', '--wait');
    assert.equal(run.exit, 0);
    assert.equal(run.out, 'prod/x: what leaked is replaced after 30s and proven dead after 60s.\n');
  });

  test('--wait fails when it does not happen in time, and says what is missing', async () => {
    const self = await ours();
    await self.change(ID, (token) => ({ ...token, incidents: [{ ...INCIDENT, containedAt: undefined, replacedAt: undefined }], lastError: { code: 'issuer-unreachable', message: 'The issuer is down.', lasting: false } }));
    const run = await self.keyturn('leaked', '--yes', '--wait', '--timeout', '10s');
    assert.equal(run.exit, 1);
    assert.match(run.out, /It has not happened in time\. prod\/x: a new credential is being made\. The issuer is down\./);
  });

  test('refuses a time that is none or lies ahead', async () => {
    const self = await ours();
    for (const since of ['yesterday', '2030-01-01T00:00:00Z']) assert.match((await self.keyturn('leaked', '--yes', '--since', since)).err, /--since is/);
  });
});

describe('the report of a scanner', () => {
  const digest = [{ digest: digestOf(CANARY) }];
  const gitleaks = [{ RuleID: 'gitlab-pat', Description: 'GitLab', Secret: CANARY, Match: `token=${CANARY}`, File: 'a', StartLine: 1 }];
  const sarif = { version: '2.1.0', runs: [{ results: [{ ruleId: 'gitlab-pat', locations: [{ physicalLocation: { region: { startLine: 1, snippet: { text: `  token: "${CANARY}",` } } } }] }] }] };
  const trufflehog = { DetectorName: 'Gitlab', Verified: true, Raw: CANARY, RawV2: '', Redacted: '', SourceMetadata: {} };

  test('is read from gitleaks, in SARIF, and from TruffleHog as an array or an object a line', () => {
    assert.deepEqual(foundInReport(JSON.stringify(gitleaks), 'r'), digest);
    assert.ok(foundInReport(JSON.stringify(sarif), 'r').some((one) => one.digest === digest[0]?.digest));
    assert.deepEqual(foundInReport(JSON.stringify([trufflehog]), 'r'), digest);
    assert.deepEqual(foundInReport(`${JSON.stringify(trufflehog)}\n${JSON.stringify(trufflehog)}\n`, 'r'), digest);
    for (const nothing of ['[]', '', '\n']) assert.deepEqual(foundInReport(nothing, 'r'), []);
    const logged = JSON.stringify({ level: 'info-0', ts: '2026-01-05T09:00:00Z', logger: 'trufflehog', msg: 'finished scanning', chunks: 3 });
    assert.deepEqual([foundInReport(`${logged}\n${JSON.stringify(trufflehog)}\n${logged}`, 'r'), foundInReport(logged, 'r')], [digest, []]);
    assert.deepEqual(foundInInput(`${CANARY}\r\n\n${CANARY}`), digest);
  });

  test('that is none of these, or was redacted, is refused in one sentence that quotes nothing', () => {
    for (const text of [CANARY, '{}', `{"token":"${CANARY}"}`, `${CANARY}\n{`]) assert.throws(() => foundInReport(text, 'r'), (error) => error instanceof Error && error.message.startsWith('r is no report') && !error.message.includes(CANARY));
    for (const Secret of ['REDACTED', '****', 'glpat-abc...']) assert.throws(() => foundInReport(JSON.stringify([{ RuleID: 'x', Secret }]), 'r'), /written with redaction/);
  });
});

describe('revoke --now', () => {
  test('reports all that a token has, once its name was typed', async () => {
    const self = await ours();
    self.answer = 'prod/x';
    const run = await self.keyturn('revoke', 'prod/x', '--now');
    assert.equal(run.exit, 0);
    assert.deepEqual(self.sent.map(({ command }) => Command.parse(command)), [{ kind: 'compromise', tokenId: ID, source: 'a person', reportedAt: T0, notAfter: T0 + 40 * MINUTE }]);
    assert.equal((await self.keyturn('revoke', 'prod/x', 'v1', '--now')).exit, 2);
  });

  test('--wait follows its incident', async () => {
    const self = await ours();
    self.meanwhile = async () => self.change(ID, (token) => ({ ...token, incidents: [INCIDENT] }));
    const run = await self.keyturn('revoke', 'prod/x', '--now', '--yes', '--wait', '--json');
    assert.equal(JSON.parse(run.out).outcome, 'done');
  });
});

test('show tells of leaks, with the times of each step', async () => {
  const self = await ours();
  await self.change(ID, (token) => ({ ...token, incidents: [{ ...INCIDENT, exposedAt: T0 - DAY }] }));
  assert.match((await self.keyturn('show', 'prod/x')).out, /Leaks\n {2}over {2}v {2}reported .* by a person, out 24h before, replaced after 30s, proven dead after 60s\n/);
  const view = JSON.parse((await self.keyturn('show', 'prod/x', '--json')).out).incidents[0];
  assert.deepEqual([view.state, view.detectedAfter, view.replacedAfter, view.containedAfter, view.consumersMovedAfter], ['over', 86_400, 30, 60, null]);
});

test('consumers are said to have moved only where there are some', async () => {
  const self = await ours();
  const incidents = [{ ...INCIDENT, movedAt: INCIDENT.reportedAt + 7 * MINUTE }];
  await self.change(ID, (token) => ({ ...token, incidents }));
  const shown = async (): Promise<[string, number | null]> => [(await self.keyturn('show', 'prod/x')).out, JSON.parse((await self.keyturn('show', 'prod/x', '--json')).out).incidents[0].consumersMovedAfter];
  const [none, nobody] = await shown();
  assert.doesNotMatch(none, /consumers moved/);
  assert.equal(nobody, null);
  await self.change(ID, (token) => ({ ...token, consumers: [{ name: 'ci', kind: 'ack', target: 'team' }] }));
  const [some, seconds] = await shown();
  assert.match(some, /consumers moved after 7m/);
  assert.equal(seconds, 420);
});
