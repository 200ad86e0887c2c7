import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command } from '../../../functions/core/commands/commands.ts';
import type { Owned } from '../../../functions/core/incidents/leak-reports.ts';
import { DAY, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Incident } from '../../../functions/core/token/incident.ts';
import { digestOf } from '../../../lib/cli/leak-input/sightings.ts';
import { T0 } from '../../fakes/tokens.ts';
import { CANARY, bench, type Bench } from '../harness.ts';
import { current, healthy } from '../tokens.ts';

const ID = 'prod/x-AbC123';
const OWNED: Owned = {
  tokenId: ID,
  name: 'prod/x',
  provider: 'gitlab',
  owner: 'team-x',
  fingerprint: 'f1',
  state: 'current',
  isKnown: false,
  isDetached: false,
};
const INCIDENT: Incident = {
  id: 'h',
  exposed: [{ id: 'v', fingerprint: 'f1' }],
  source: 'a person',
  reportedAt: T0,
  containedAt: T0 + MINUTE,
  replacedAt: T0 + 30_000,
};

async function ours(change: Partial<Owned> = {}): Promise<Bench> {
  const self = bench();
  self.input = `${CANARY}\n`;
  self.owned.set(digestOf(CANARY), [{ ...OWNED, ...change }]);
  await self.put(healthy('prod/x', { credentials: [current({ fingerprint: 'f1' })] }));
  return self;
}

describe('leaked', () => {
  test('sends a digest to the function and a report to the queue, and the value nowhere', async () => {
    const self = await ours();
    const run = await self.keyturn('report-leak', '--yes', '--since', '3d', '--json');
    assert.equal(run.exit, 0);
    assert.deepEqual(
      self.sent.map(({ command }) => Command.parse(command)),
      [
        {
          kind: 'compromise',
          tokenId: ID,
          fingerprint: 'f1',
          source: 'a person',
          reportedAt: T0,
          exposedAt: T0 - 3 * DAY,
          notAfter: T0 + 40 * MINUTE,
        },
      ],
    );
    assert.doesNotMatch(JSON.stringify([run, self.sent, self.questions]), new RegExp(CANARY));
    assert.equal(JSON.parse(run.out).tokens[0].outcome, 'asked');
  });

  test('refuses a value as an argument without repeating it', async () => {
    const self = await ours();
    for (const argv of [[CANARY], ['prod/x', CANARY], [CANARY, '--yes']]) {
      const run = await self.keyturn('report-leak', ...argv);
      assert.equal(run.exit, 2);
      assert.match(run.err, /never an argument/);
      assert.doesNotMatch(run.err, new RegExp(CANARY));
    }
    assert.deepEqual([self.sent, self.choices], [[], []]);
  });

  test('asks a person at the keyboard for what is out, and does nothing without a confirmation', async () => {
    const self = await ours();
    self.input = undefined;
    assert.match((await self.keyturn('report-leak')).err, /Send the value through standard input/);
    self.input = CANARY;
    const unsure = await self.keyturn('report-leak');
    assert.equal(unsure.exit, 3);
    assert.match(unsure.err, /prod\/x \(gitlab, team-x\): its current credential\./);
    assert.match(unsure.err, /Add --yes/);
    assert.deepEqual(self.sent, []);
  });

  test('says when a value is not ours, or is inactive already, and does nothing', async () => {
    const self = await ours({ state: 'ended', isKnown: true });
    const said = await self.keyturn('report-leak', '--yes');
    assert.equal(said.exit, 0);
    assert.match(said.err, /a revoked credential: nothing is to be done\./);
    const letGo = await (await ours({ isDetached: true })).keyturn('report-leak', '--yes', '--json');
    assert.match(letGo.err, /revoke its credential at the issuer by hand\./);
    assert.equal(JSON.parse(letGo.out).tokens[0].outcome, 'none');
    self.input = 'somebody-elses-value';
    const none = await self.keyturn('report-leak', '--yes');
    assert.equal(none.exit, 0);
    assert.match(none.err, /1 value checked: none is a credential of this installation\./);
    assert.match(
      none.err,
      /Passwords of people, which admin secrets hold for npm registry \(self-hosted\), .*, and .*, are never checked/,
    );
    assert.deepEqual(self.sent, []);
  });

  test('finds a value in the text it stands in, and says so of each line by its number alone', async () => {
    const self = await ours();
    self.input = `# our settings\nAPI_TOKEN="${CANARY}"\nOTHER_TOKEN=glpat-of-somebody-0001\n`;
    const run = await self.keyturn('report-leak', '--yes');
    assert.equal(run.exit, 0);
    assert.equal(self.sent.length, 1);
    assert.match(
      run.err,
      /Keyturn cannot decide about lines? (1 and )?3: it found no known value there, and it is not a bare value\./,
    );
    assert.doesNotMatch(run.err + run.out, /CANARY|somebody|settings/);
  });

  test('names what it could not tell beside an inactive credential, which needs nothing', async () => {
    const self = await ours({ state: 'ended' });
    self.input = `TOKEN=${CANARY}\nOTHER_TOKEN=glpat-of-somebody-0001\n`;
    const run = await self.keyturn('report-leak', '--yes');
    assert.equal(run.exit, 0);
    assert.match(
      run.err,
      /a revoked credential: nothing is to be done\.\nKeyturn cannot decide about line 2/,
    );
    assert.doesNotMatch(run.err, /none is a credential/);
  });

  test('gives an all-clear for bare values alone', async () => {
    const self = await ours();
    const unclear = [
      'TOKEN=glpat-of-somebody-0001',
      'glpat-of-somebody-0001 and more',
      'https://acme.example/a/b',
      'acme.example.com',
      'packages/lib/index',
      '"glpat-of-somebody-0001"',
      'hunter2',
      '{',
      `glpat-of-somebody-0001\nTOKEN=x`,
      '$TOKEN',
      '{{ token }}',
    ];
    for (const input of unclear) {
      self.input = input;
      const run = await self.keyturn('report-leak', '--yes');
      assert.equal(run.exit, 2, input);
      assert.match(
        run.err,
        /That is no all-clear\.\nPasswords.*\nKeyturn cannot decide about line \d/,
        input,
      );
      assert.doesNotMatch(run.err, /none is a credential/);
    }
    for (const input of [
      'glpat-of-somebody-0001',
      'glpat-of-somebody-0001.01.0a1b2c3d4',
      'glpat-of-somebody-0001\r\n\r\nglpat-of-somebody-0002\r\n',
      '\ufeffZm9vYmFyYmF6cXV1eDEyMzQ1Njc4OTA+/w==',
    ]) {
      self.input = input;
      const run = await self.keyturn('report-leak', '--yes');
      assert.equal(run.exit, 0, `${input} ${run.err}`);
      assert.match(run.err, /none is a credential/);
    }
    assert.deepEqual(self.sent, []);
  });

  test('does not take a masked value for one', async () => {
    const self = await ours();
    for (const input of [
      'REDACTED',
      'glpat-****',
      'glpat-REDACTED0000001',
      'token: [MASKED]',
      'glpat-xxxxxxxxxxxxxxxxxxxx',
      'glpat-Zz9AAbb...',
      'glpat-Zz9AAbb…',
      '••••••••••••',
      `glpat-of-somebody-0001\nglpat-00000000000000000000`,
    ]) {
      self.input = input;
      const run = await self.keyturn('report-leak', '--yes');
      assert.equal(run.exit, 2, input);
      assert.match(run.err, /Line \d could not be read: the value in it was masked/, input);
    }
    self.input = `${CANARY}\ntoken: ****\n`;
    const mixed = await self.keyturn('report-leak', '--yes');
    assert.deepEqual([mixed.exit, self.sent.length], [2, 1], 'what was found is reported all the same');
    assert.match(mixed.err, /Line 2 could not be read/);
  });

  test('says when there is too much to look at', async () => {
    const self = await ours();
    self.input = Array.from(
      { length: 6_000 },
      (_, index) => `TOKEN_${index}=glpat-of-somebody-${index}`,
    ).join('\n');
    const run = await self.keyturn('report-leak', '--yes');
    assert.equal(run.exit, 2);
    assert.match(run.err, /Lines .* and \d+ more is too long to be checked whole/);
  });

  test('reads reports, and gives an all-clear where each finding was a bare value', async () => {
    const self = await ours();
    const reports: [unknown, 0 | 2, RegExp][] = [
      [null, 0, /0 values checked/],
      [
        [{ RuleID: 'x', Secret: 'glpat-of-somebody-0001', Match: 'token=glpat-of-somebody-0001' }],
        0,
        /none is a credential/,
      ],
      [
        [{ RuleID: 'x', Secret: 'token = "glpat-of-somebody-0001"' }],
        2,
        /Keyturn cannot decide about finding 1/,
      ],
      [
        [
          { RuleID: 'x', Secret: 'glpat-of-somebody-0001' },
          { RuleID: 'x', Secret: 'REDACTED' },
        ],
        2,
        /Finding 2 could not be read: .*written with redaction/,
      ],
    ];
    for (const [report, exit, says] of reports) {
      self.files.set('r.json', JSON.stringify(report));
      const run = await self.keyturn('report-leak', '--file', 'r.json', '--yes');
      assert.equal(run.exit, exit, run.err);
      assert.match(run.err, says);
    }
    self.files.set('r.json', JSON.stringify([{ RuleID: 'x', Secret: CANARY }]));
    assert.equal((await self.keyturn('report-leak', '--file', 'r.json', '--yes')).exit, 0);
    assert.equal(self.sent.length, 1);
  });

  test('of an admin credential is put on record, and says what a person has to do', async () => {
    const self = await ours({
      tokenId: 'keyturn/admin/okta-AbC123',
      name: 'keyturn/admin/okta',
      provider: 'okta',
      owner: 'operators',
      state: 'admin',
    });
    const run = await self.keyturn('report-leak', '--yes', '--wait');
    assert.equal(run.exit, 0);
    assert.match(
      run.err,
      /an admin credential, which a person has to replace\.\n.*until the issuer rejects it\. Once a new one is stored, every token that it could make is replaced\./,
    );
    assert.doesNotMatch(run.err, /without a grace period/);
    assert.match(run.out, /^keyturn\/admin\/okta: it was reported\. Make a new one at the issuer/);
    assert.deepEqual(
      self.sent.map(({ provider, command }) => `${provider} ${command.kind}`),
      ['okta compromise'],
    );
  });

  test('--wait ends when what leaked is revoked and replaced, with the times', async () => {
    const self = await ours();
    self.meanwhile = async () => self.change(ID, (token) => ({ ...token, incidents: [INCIDENT] }));
    const run = await self.keyturn('report-leak', '--yes', '--wait');
    assert.equal(run.exit, 0);
    assert.equal(run.out, 'prod/x: the leaked credential is replaced after 30s and revoked after 60s.\n');
  });

  test('--wait fails when it does not happen in time, and says what is missing', async () => {
    const self = await ours();
    await self.change(ID, (token) => ({
      ...token,
      incidents: [{ ...INCIDENT, containedAt: undefined, replacedAt: undefined }],
      lastError: { code: 'issuer-unreachable', message: 'The issuer is down.', lasting: false },
    }));
    const run = await self.keyturn('report-leak', '--yes', '--wait', '--timeout', '10s');
    assert.equal(run.exit, 1);
    assert.match(
      run.out,
      /It has not happened in time\. prod\/x: a new credential is being made\. The issuer is down\./,
    );
  });

  test('refuses a time that is none or lies ahead', async () => {
    const self = await ours();
    for (const since of ['yesterday', '2030-01-01T00:00:00Z'])
      assert.match((await self.keyturn('report-leak', '--yes', '--since', since)).err, /--since is/);
  });
});

test('on a terminal the value is asked for where it is not shown', async () => {
  const self = await ours();
  self.input = undefined;
  self.answer = 'prod/x';
  self.hidden = CANARY;
  const run = await self.keyturn('report-leak');
  assert.equal(run.exit, 0, run.err);
  assert.match(self.questions[0] ?? '', /not shown/);
  assert.equal(self.sent.length, 1);
  assert.doesNotMatch(run.out + run.err + self.questions.join(), /CANARY/);
  self.hidden = '';
  assert.equal((await self.keyturn('report-leak')).exit, 2);
});

describe('revoke --all', () => {
  test('reports all that a token has, once its name was typed', async () => {
    const self = await ours();
    self.answer = 'prod/x';
    const run = await self.keyturn('revoke', 'prod/x', '--all');
    assert.equal(run.exit, 0);
    assert.deepEqual(
      self.sent.map(({ command }) => Command.parse(command)),
      [{ kind: 'compromise', tokenId: ID, source: 'a person', reportedAt: T0, notAfter: T0 + 40 * MINUTE }],
    );
    assert.equal((await self.keyturn('revoke', 'prod/x', 'v1', '--all')).exit, 2);
  });

  test('--wait follows its incident', async () => {
    const self = await ours();
    self.meanwhile = async () => self.change(ID, (token) => ({ ...token, incidents: [INCIDENT] }));
    const run = await self.keyturn('revoke', 'prod/x', '--all', '--yes', '--wait', '--json');
    assert.equal(JSON.parse(run.out).outcome, 'done');
  });
});

test('show lists leaks, with the times of each step', async () => {
  const self = await ours();
  await self.change(ID, (token) => ({ ...token, incidents: [{ ...INCIDENT, exposedAt: T0 - DAY }] }));
  assert.match(
    (await self.keyturn('show', 'prod/x')).out,
    /Leaks\n {2}over {2}v {2}reported .* by a person, exposed 24h before, replaced after 30s,?\s+revoked after 60s\n/,
  );
  const view = JSON.parse((await self.keyturn('show', 'prod/x', '--json')).out).incidents[0];
  assert.deepEqual(
    [view.state, view.detectedAfter, view.replacedAfter, view.containedAfter, view.consumersMovedAfter],
    ['over', 86_400, 30, 60, null],
  );
});

test('consumers are said to have moved only where there are some', async () => {
  const self = await ours();
  const incidents = [{ ...INCIDENT, movedAt: INCIDENT.reportedAt + 7 * MINUTE }];
  await self.change(ID, (token) => ({ ...token, incidents }));
  const shown = async (): Promise<[string, number | null]> => [
    (await self.keyturn('show', 'prod/x')).out,
    JSON.parse((await self.keyturn('show', 'prod/x', '--json')).out).incidents[0].consumersMovedAfter,
  ];
  const [none, nobody] = await shown();
  assert.doesNotMatch(none, /consumers moved/);
  assert.equal(nobody, null);
  await self.change(ID, (token) => ({ ...token, consumers: [{ name: 'ci', kind: 'ack', target: 'team' }] }));
  const [some, seconds] = await shown();
  assert.match(some, /consumers moved after 7m/);
  assert.equal(seconds, 420);
});
