import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../../../functions/core/detection/judge.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';
import { aRead } from '../../detect/events.ts';
import { ABOUT, LEARNT, NOW, found, habit, kinds, learnt, watched } from '../../detect/habits.ts';

test('an unrecognized reader is reported until it is accepted or gone for a week', () => {
  const read = aRead({ at: NOW, principal: 'role/laptop', network: '198.51.0.0/16', agent: 'aws-cli' });
  const [unrecognizedReader] = found([read], LEARNT);
  assert.deepEqual(unrecognizedReader, {
    sight: read,
    kind: 'reader-unrecognized',
    subject: 'role/laptop',
    severity: 'warning',
    until: NOW + 7 * DAY,
    detail:
      'role/laptop read it from 198.51.0.0/16 in eu-west-1 with aws-cli at 2026-01-25T09:00:00Z; ' +
      'known readers are role/app/web.',
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

test('a reader from another account, and one that is unusual in all ways, are critical', () => {
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
  assert.match(odd.detail, /at an hour in which it is not usually read/);
});

test('a known reader in a new network or Region is reported; one whose network often changes is not', () => {
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

test('another account and the root user are reported at once, until a person accepts them', () => {
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
      'and it is not learned',
    );
    assert.deepEqual(kinds(found([aRead({ at: NOW, ...who })], LEARNT)), [
      `reader-unrecognized ${who.principal} critical`,
    ]);
    const off = judge(watched({ sensitivity: 'off' }), undefined, [aRead({ at: NOW, ...who })], ABOUT);
    assert.deepEqual(
      [off.unusual, off.baseline?.readers.map((one) => one.known)],
      [[], [false]],
      'not even where detection is off',
    );
  }
});
