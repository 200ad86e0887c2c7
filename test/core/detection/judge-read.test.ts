import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Access } from '../../../functions/core/detection/access.ts';
import { judge } from '../../../functions/core/detection/judge.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';
import { aRead } from '../../detect/events.ts';
import { ABOUT, LEARNT, NOW, found, habit, kinds, learnt, watched } from '../../detect/habits.ts';

test('habits are no news, and nothing is while they are learnt', () => {
  assert.deepEqual(found([aRead({ at: NOW })], LEARNT), []);
  assert.deepEqual(
    found(Array.from({ length: 10 }, (_, index) => aRead({ at: T0 + index, principal: `role/${index}` }))),
    [],
  );
});

test('learning begins with the first read, however long before something else was done', () => {
  const denied = judge(
    watched(),
    undefined,
    [aRead({ at: T0, isDenied: true, principal: 'role/x' })],
    ABOUT,
  ).baseline;
  const first = judge(watched(), denied, [aRead({ at: NOW + 40 * DAY })], ABOUT);
  assert.deepEqual([first.unusual, first.baseline?.since], [[], NOW + 40 * DAY]);
  assert.deepEqual(found([aRead({ at: NOW + 41 * DAY, principal: 'lambda/report' })], first.baseline), []);
});

test('a principal nobody knows is told of, with what was expected and what was seen, until it is accepted or gone for a week', () => {
  const read = aRead({ at: NOW, principal: 'role/laptop', network: '198.51.0.0/16', agent: 'aws-cli' });
  const [unrecognizedReader] = found([read], LEARNT);
  assert.deepEqual(unrecognizedReader, {
    sight: read,
    kind: 'reader-unrecognized',
    subject: 'role/laptop',
    severity: 'warning',
    until: NOW + 7 * DAY,
    detail:
      'role/laptop read it from 198.51.0.0/16 in eu-west-1 with aws-cli at 2026-01-25T09:00:00Z; known readers are role/app/web.',
  });
  const again = judge(
    watched(),
    LEARNT,
    [aRead({ at: NOW, principal: 'role/laptop' }), aRead({ at: NOW + DAY, principal: 'role/laptop' })],
    ABOUT,
  );
  assert.deepEqual(
    again.unusual.map((one) => one.until),
    [NOW + 8 * DAY],
  );
  assert.deepEqual(kinds(found([aRead({ at: NOW + 2 * DAY, principal: 'role/laptop' })], again.baseline)), [
    'reader-unrecognized role/laptop warning',
  ]);
});

test('a reader from another account, and a stranger who is odd in all ways, are critical', () => {
  assert.deepEqual(
    kinds(found([aRead({ at: NOW, principal: '444455556666:role/x', isForeign: true })], LEARNT)),
    ['reader-unrecognized 444455556666:role/x critical'],
  );
  const byDay = learnt(...habit(20).filter((one) => new Date(one.at).getUTCHours() < 12));
  const night = {
    at: T0 + 20 * DAY + 9 * HOUR,
    principal: 'role/laptop',
    network: '198.51.0.0/16',
    agent: 'aws-cli',
  };
  const [odd] = found([aRead(night)], byDay);
  assert.equal(odd?.severity, 'critical');
  assert.match(odd.detail, /at an hour in which nobody reads it/);
});

test('a known reader in a new network or Region is told of; one that roams is not', () => {
  assert.deepEqual(kinds(found([aRead({ at: NOW, network: '198.51.0.0/16' })], LEARNT)), [
    'reader-location-new role/app/web@198.51.0.0/16 warning',
  ]);
  assert.deepEqual(kinds(found([aRead({ at: NOW, network: '198.51.0.0/16', agent: 'curl' })], LEARNT)), [
    'reader-location-new role/app/web@198.51.0.0/16 critical',
  ]);
  assert.deepEqual(kinds(found([aRead({ at: NOW, region: 'us-east-1' })], LEARNT)), [
    'reader-location-new role/app/web@us-east-1 critical',
  ]);
  const roaming = learnt(...habit(20).map((one, index) => ({ ...one, network: `10.${index % 50}.0.0/16` })));
  assert.deepEqual(found([aRead({ at: NOW, network: '198.51.0.0/16' })], roaming), []);
  assert.deepEqual(kinds(found([aRead({ at: NOW, network: '198.51.0.0/16', agent: 'curl' })], roaming)), [
    'reader-location-new role/app/web@198.51.0.0/16 critical',
  ]);
});

test('a burst is so many times the usual most, and one wild hour neither hides the next nor teaches much', () => {
  const burst = (at: number, count: number): Access[] =>
    Array.from({ length: count }, (_, index) => aRead({ at: at + index * 1_000 }));
  assert.deepEqual(kinds(found(burst(NOW, 24), LEARNT)), []);
  const first = judge(watched(), LEARNT, burst(NOW, 400), ABOUT);
  assert.deepEqual(kinds(first.unusual), ['read-volume-unusual warning']);
  assert.match(
    first.unusual[0]?.detail ?? '',
    /read 25 times or more in the hour .* in 99 of 100 hours it is read at most 1 times/,
  );
  const later = judge(
    watched(),
    first.baseline,
    [1, 2, 3, 4].map((hour) => aRead({ at: NOW + hour * HOUR })),
    ABOUT,
  );
  assert.deepEqual(kinds(found(burst(NOW + 6 * HOUR, 30), later.baseline)), ['read-volume-unusual warning']);
});

test("retired and pending versions are nobody's to read; an old one in grace is", () => {
  const of = (change: Partial<Access>): string[] => kinds(found([aRead({ at: NOW, ...change })], LEARNT));
  assert.deepEqual(of({ versionId: 'v1' }), ['noncurrent-version-read role/app/web warning']);
  assert.deepEqual(of({ versionId: 'v4' }), ['noncurrent-version-read role/app/web warning']);
  assert.deepEqual(of({ stage: 'AWSPENDING' }), ['noncurrent-version-read role/app/web warning']);
  assert.deepEqual(of({ stage: 'keyturn-pin-v1' }), ['noncurrent-version-read role/app/web warning']);
  for (const change of [
    { versionId: 'v2' },
    { versionId: 'v3' },
    { stage: 'AWSPREVIOUS' },
    { stage: 'AWSCURRENT' },
    { versionId: 'never-seen' },
  ])
    assert.deepEqual(of(change), []);
  assert.deepEqual(of({ versionId: 'v1', at: T0 - 26 * DAY }), []);
  assert.deepEqual(of({ versionId: 'v1', principal: 'role/x' }), [
    'reader-unrecognized role/x warning',
    'noncurrent-version-read role/x critical',
  ]);
});

test('the first read after long silence is told of once; a job that comes each quarter is known by its second time', () => {
  const [waking] = found([aRead({ at: NOW + 60 * DAY })], LEARNT);
  assert.deepEqual(kinds(waking ? [waking] : []), ['dormant-token-read info']);
  assert.match(
    waking?.detail ?? '',
    /the first read since 2026-01-25T08:00:00Z; the longest silence before was 1h/,
  );
  const quarterly = [0, 91, 182, 273].map((day) => aRead({ at: T0 + day * DAY }));
  const { unusual } = judge(watched(), undefined, quarterly, ABOUT);
  assert.deepEqual(
    unusual.map((one) => one.detail.includes(' at 2026-04-06T')),
    [true],
  );
});

test('another account and the root user are told of from their first read on, learning or not, until a person accepts them', () => {
  for (const who of [
    { principal: '444455556666:role/x', isForeign: true },
    { principal: 'root', isRoot: true },
  ]) {
    const first = judge(watched(), undefined, [aRead({ at: NOW, ...who })], ABOUT);
    assert.deepEqual(
      kinds(first.unusual),
      [`reader-unrecognized ${who.principal} critical`],
      'the first read ever',
    );
    assert.deepEqual(
      kinds(found([aRead({ at: NOW + DAY, ...who })], first.baseline)),
      [`reader-unrecognized ${who.principal} critical`],
      'and it is not learnt',
    );
    assert.deepEqual(kinds(found([aRead({ at: NOW, ...who })], LEARNT)), [
      `reader-unrecognized ${who.principal} critical`,
    ]);
    const off = judge(watched({ sensitivity: 'off' }), undefined, [aRead({ at: NOW, ...who })], ABOUT);
    assert.deepEqual(
      [off.unusual, off.baseline?.readers.map((one) => one.known)],
      [[], [false]],
      'not even where nothing is told',
    );
  }
});

test('whom nobody gets used to begins no learning: the readers who come after are learnt as ever', () => {
  const foreign = judge(
    watched(),
    undefined,
    [aRead({ at: NOW, principal: '444455556666:role/x', isForeign: true })],
    ABOUT,
  ).baseline;
  const first = judge(watched(), foreign, [aRead({ at: NOW + 40 * DAY })], ABOUT);
  assert.deepEqual([first.unusual, first.baseline?.since], [[], NOW + 40 * DAY]);
  assert.deepEqual(found([aRead({ at: NOW + 41 * DAY, principal: 'lambda/report' })], first.baseline), []);
});
