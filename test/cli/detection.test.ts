import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Noted } from '../../functions/core/findings/reported-findings.ts';
import { DAY, MINUTE } from '../../functions/core/basics/time.ts';
import { LEARNT } from '../detect/habits.ts';
import { T0 } from '../fakes/tokens.ts';
import { bench, type Bench } from './harness.ts';
import { current, healthy, previous } from './tokens.ts';

const ID = 'prod/x-AbC123';

function noted(subject: string): Noted {
  return {
    kind: 'reader-unrecognized',
    subject,
    severity: 'warning',
    detail: `${subject} read it`,
    seenAt: T0,
  };
}

async function strange(...subjects: string[]): Promise<Bench> {
  const self = bench();
  await self.put(healthy('prod/x', { credentials: [previous(), current()], noted: subjects.map(noted) }));
  return self;
}

test('dismiss names one subject, and waits until it stands out no more', async () => {
  const self = await strange('role/a', 'role/b');
  self.meanwhile = () =>
    self.change(ID, (token) => ({ ...token, noted: token.noted.filter((one) => one.subject !== 'role/a') }));
  const { exit, out } = await self.keyturn('dismiss', 'prod/x', 'role/a', '--wait');
  assert.deepEqual(
    self.sent.map(({ command }) => command),
    [{ kind: 'accept', tokenId: ID, subject: 'role/a', notAfter: T0 + 40 * MINUTE }],
  );
  assert.deepEqual([exit, out], [0, 'prod/x: dismissed.\n']);
});

test('dismiss without a subject takes everything, and asks first', async () => {
  const self = await strange('role/a', 'role/b');
  assert.equal((await self.keyturn('dismiss', 'prod/x')).exit, 3);
  assert.equal(self.sent.length, 0);
  const { err } = await self.keyturn('dismiss', 'prod/x', '--yes');
  assert.match(err, /reader-unrecognized role\/a, reader-unrecognized role\/b is normal from now on/);
  assert.deepEqual(
    self.sent.map(({ command }) => command.kind === 'accept' && command.subject),
    ['*'],
  );
});

test('dismiss of what does not stand out says what does', async () => {
  const self = await strange('role/a');
  const { exit, err } = await self.keyturn('dismiss', 'prod/x', 'role/c');
  assert.equal(exit, 3);
  assert.match(err, /prod\/x has nothing about "role\/c" to dismiss\. What can be dismissed: role\/a\./);
  assert.deepEqual(self.sent, []);
});

test('show --readers shows who reads, or that no reader can be seen', async () => {
  const self = await strange();
  assert.match((await self.keyturn('show', 'prod/x', '--readers')).out, /Reads are seen with a trail only/);
  const [reader] = LEARNT.readers;
  assert.ok(reader);
  const readers = [
    { ...reader, id: 'lambda/new', lastAt: T0 - MINUTE, version: 'v-2', known: false },
    { ...reader, lastAt: T0 - DAY, version: 'v-1' },
  ];
  await self.inventory.saveBaseline({ ...LEARNT, tokenId: ID, readers }, 0);
  const { out } = await self.keyturn('show', 'prod/x', '--readers', '--json');
  const { readers: views } = JSON.parse(out) as { readers: Record<string, unknown>[] };
  assert.deepEqual(
    views.map((one) => [one['principal'], one['lastReadAt'], one['known']]),
    [
      ['lambda/new', '2026-01-05T08:59:00Z', false],
      ['role/app/web', '2026-01-04T09:00:00Z', true],
    ],
  );
  assert.match((await self.keyturn('show', 'prod/x', '--readers')).out, /lambda\/new +60s ago/);
});
