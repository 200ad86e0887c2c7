import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from '../../../functions/core/commands/commands.ts';
import { NEW_INSTALLATION_RECORD } from '../../../functions/core/inventory/installation.ts';
import { DAY, MINUTE } from '../../../functions/core/basics/time.ts';
import { LEARNT } from '../../detect/habits.ts';
import { T0 } from '../../fakes/tokens.ts';
import { bench, type Bench } from '../harness.ts';
import { healthy, open } from '../tokens.ts';
import type { ReviewRowJson } from '../../../lib/cli/json/reviews.ts';

async function zoo(): Promise<Bench> {
  const self = bench();
  await self.put(
    healthy('a', {
      scopes: ['read_api'],
      use: { since: T0 - 9 * DAY, last: T0 - DAY },
      findings: [open({ kind: 'token-shared', severity: 'info' })],
      unrecognizedCredentials: ['gitlab/9'],
      consumers: [{ name: 'ci', kind: 'github', target: 'acme/a:X' }],
    }),
    healthy('b', {
      owner: '=cmd|calc',
      reviews: [{ at: T0 - DAY, request: 1, by: 'alice', decision: 'refused', reason: 'gone, "dead"' }],
    }),
    healthy('c', { detachedAt: T0 }),
  );
  const survey = {
    at: T0,
    secrets: 9,
    unmanaged: 1,
    first: [
      {
        name: 'prod/datadog-key',
        why: 'its name says "datadog"',
        owner: 'team-x',
        accessedAt: T0 - 400 * DAY,
      },
    ],
  };
  await self.inventory.saveBaseline(
    {
      ...LEARNT,
      tokenId: 'a-AbC123',
      readers: LEARNT.readers.slice(0, 1).map((one) => ({ ...one, lastAt: T0 - DAY })),
    },
    0,
  );
  await self.inventory.saveInstallationRecord({ ...NEW_INSTALLATION_RECORD, survey }, 0);
  return self;
}

test(
  'the review lists every token with what it may do, who uses it and what is wrong, and what ' +
    'is not registered',
  async () => {
    const { exit, out } = await (await zoo()).keyturn('review', 'list');
    assert.equal(exit, 0);
    assert.match(
      out,
      /^a\n {2}owner team-billing, production, gitlab; active; last used 2026-01-04T09:00:00Z$/m,
    );
    assert.match(out, /scopes seen read_api; allowed by policy not known; approved not known$/m);
    assert.match(
      out,
      /consumers ci=github:acme\/a:X; read by role\/app\/web, last 2026-01-04T09:00:00Z\n {2}unrecognized credentials beside it gitlab\/9$/m,
    );
    assert.match(out, /consumers none; read by none$/m);
    assert.match(out, /findings token-shared; never reviewed$/m);
    assert.match(out, /rejected 2026-01-04T09:00:00Z by alice$/m);
    assert.match(
      out,
      /^1 secret may hold API tokens and are not registered:\n {2}prod\/datadog-key {2}its name says "datadog", last read 2024-12-01$/m,
    );
    assert.match(out, /^2 tokens, 0 approved, 1 rejected\.$/m);
    assert.doesNotMatch(out, /^c$/m);
  },
);

test('approving carries the scopes that were shown; refusing its reason; the queue says who', async () => {
  const self = await zoo();
  assert.equal((await self.keyturn('review', 'approve', 'a')).exit, 0);
  assert.equal((await self.keyturn('review', 'reject', 'b', '--reason', 'its service is gone')).exit, 0);
  const head = { kind: 'review', notAfter: T0 + 40 * MINUTE };
  assert.deepEqual(
    self.sent.map(({ command }) => command),
    [
      { ...head, tokenId: 'a-AbC123', decision: 'approved', scopes: ['read_api'] },
      { ...head, tokenId: 'b-AbC123', decision: 'refused', reason: 'its service is gone' },
    ],
  );
  for (const { command } of self.sent) Command.parse(command);
});

test('what is not a clear wish is said before anything is sent', async () => {
  const self = await zoo();
  for (const argv of [['approve', 'a', '--reason', 'x'], ['reject', 'a'], ['approve'], ['a'], []])
    assert.equal((await self.keyturn('review', ...argv)).exit, 2, argv.join(' '));
  assert.equal((await self.keyturn('review', 'list', '--each')).exit, 3, 'nobody is there to be asked');
  assert.deepEqual(self.sent, []);
});

test('--each asks about one after the other, and leaves alone what gets no clear answer', async () => {
  const self = await zoo();
  self.answer = 'approve';
  assert.match(
    (await self.keyturn('review', 'list', '--each', '--owner', 'team-billing')).out,
    /^1 of 1 token decided\.$/m,
  );
  assert.equal(self.sent.length, 1);
  self.answer = '?';
  assert.match((await self.keyturn('review', 'list', '--each')).out, /^0 of 2 tokens decided\.$/m);
  self.answer = 'q';
  await self.keyturn('review', 'list', '--each');
  assert.equal(self.sent.length, 1);
});

test('--json and --csv hold the same, and no cell of the table is a formula', async () => {
  const self = await zoo();
  const { tokens, unmanaged }: { tokens: ReviewRowJson[]; unmanaged: { count: number } } = JSON.parse(
    (await self.keyturn('review', 'list', '--json')).out,
  );
  assert.deepEqual(
    tokens.map((one) => [one.name, one.decision, one.decidedBy]),
    [
      ['a', null, null],
      ['b', 'rejected', 'alice'],
    ],
  );
  assert.equal(unmanaged.count, 1);
  const lines = (await self.keyturn('review', 'list', '--csv')).out.trimEnd().split('\n');
  assert.equal(lines.length, 4);
  assert.match(lines[0] ?? '', /^name,owner,environment,issuer,/);
  assert.match(lines[2] ?? '', /^b,'=cmd\|calc,.*,rejected,2026-01-04T09:00:00Z,alice,"gone, ""dead"""$/);
  assert.match(lines[3] ?? '', /^prod\/datadog-key,team-x,,not registered,/);
});

test('an account that was not looked over yet is said to be', async () => {
  assert.match((await bench().keyturn('review', 'list')).out, /Discovery has not run yet/);
});
