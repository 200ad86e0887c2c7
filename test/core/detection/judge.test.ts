import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Access } from '../../../functions/core/detection/access.ts';
import { MOST, type Baseline } from '../../../functions/core/detection/baseline.ts';
import { judge } from '../../../functions/core/detection/judge.ts';
import { movedTo, readingsOf } from '../../../functions/core/detection/readers.ts';
import type { Circumstances, Unusual } from '../../../functions/core/detection/unusual.ts';
import { DEFAULT_POLICY, type Policy } from '../../../functions/core/policy.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/time.ts';
import type { Generation } from '../../../functions/core/token.ts';
import { HOME, aRead } from '../../detect/events.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const ABOUT: Circumstances = { region: HOME.region, rotationFunction: 'keyturn-main-rotate-gitlab', denials: new Map() };
const V1: Generation = { id: 'v1', versionId: 'v1', origin: 'minted', state: 'dead', promotedAt: T0 - 60 * DAY, claimedAt: T0 - 25 * DAY };
const V2: Generation = { id: 'v2', versionId: 'v2', origin: 'minted', state: 'previous', promotedAt: T0 - 30 * DAY };
const V3: Generation = { id: 'v3', versionId: 'v3', origin: 'minted', state: 'current', promotedAt: T0 };
const TOKEN = aToken({ generations: [V1, V2, V3], attempts: [{ id: 'v4', cause: 'due', state: 'open', openedAt: T0, deadline: T0 + HOUR, mints: [] }] });

function watched(policy: Partial<Policy> = {}) {
  return { ...TOKEN, policy: { ...DEFAULT_POLICY, ...policy } };
}

function found(accesses: readonly Access[], baseline?: Baseline, policy: Partial<Policy> = {}): readonly Unusual[] {
  return judge(watched(policy), baseline, accesses, ABOUT).unusual;
}

function kinds(unusual: readonly Unusual[]): string[] {
  return unusual.map((one) => `${one.kind} ${one.subject} ${one.severity}`.replace('  ', ' '));
}

/** Reads of one principal, an hour apart, for so many days from T0 on. */
function habit(days: number, change: Partial<Access> = {}): Access[] {
  return Array.from({ length: days * 24 }, (_, hour) => aRead({ at: T0 + hour * HOUR, ...change }));
}

function learnt(...accesses: Access[]): Baseline {
  const { baseline, unusual } = judge(watched(), undefined, accesses, ABOUT);
  assert.deepEqual(unusual, []);
  assert.ok(baseline);
  return baseline;
}

const LEARNT = learnt(...habit(20));
const NOW = T0 + 20 * DAY;

test('habits are no news, and nothing is while they are learnt', () => {
  assert.deepEqual(found([aRead({ at: NOW })], LEARNT), []);
  assert.deepEqual(found(Array.from({ length: 10 }, (_, index) => aRead({ at: T0 + index, principal: `role/${index}` }))), []);
});

test('a principal nobody knows is told of, with what was expected and what was seen, until it is accepted or gone for a week', () => {
  const [stranger] = found([aRead({ at: NOW, principal: 'role/laptop', network: '198.51.0.0/16', agent: 'aws-cli' })], LEARNT);
  assert.deepEqual(stranger, {
    kind: 'unknown-principal',
    subject: 'role/laptop',
    severity: 'warning',
    until: NOW + 7 * DAY,
    detail: 'role/laptop read it from 198.51.0.0/16 in eu-west-1 with aws-cli at 2026-01-25T09:00:00Z; known readers are role/app/web.',
  });
  const again = judge(watched(), LEARNT, [aRead({ at: NOW, principal: 'role/laptop' }), aRead({ at: NOW + DAY, principal: 'role/laptop' })], ABOUT);
  assert.deepEqual(again.unusual.map((one) => one.until), [NOW + 8 * DAY]);
  assert.deepEqual(kinds(found([aRead({ at: NOW + 2 * DAY, principal: 'role/laptop' })], again.baseline)), ['unknown-principal role/laptop warning']);
});

test('a reader from another account, and a stranger who is odd in all ways, are critical', () => {
  assert.deepEqual(kinds(found([aRead({ at: NOW, principal: '444455556666:role/x', isForeign: true })], LEARNT)), ['unknown-principal 444455556666:role/x critical']);
  const byDay = learnt(...habit(20).filter((one) => new Date(one.at).getUTCHours() < 12));
  const night = { at: T0 + 20 * DAY + 9 * HOUR, principal: 'role/laptop', network: '198.51.0.0/16', agent: 'aws-cli' };
  const [odd] = found([aRead(night)], byDay);
  assert.equal(odd?.severity, 'critical');
  assert.match(odd.detail, /at an hour in which nobody reads it/);
});

test('a known reader in a new network or Region is told of; one that roams is not', () => {
  assert.deepEqual(kinds(found([aRead({ at: NOW, network: '198.51.0.0/16' })], LEARNT)), ['new-network role/app/web@198.51.0.0/16 warning']);
  assert.deepEqual(kinds(found([aRead({ at: NOW, network: '198.51.0.0/16', agent: 'curl' })], LEARNT)), ['new-network role/app/web@198.51.0.0/16 critical']);
  assert.deepEqual(kinds(found([aRead({ at: NOW, region: 'us-east-1' })], LEARNT)), ['new-network role/app/web@us-east-1 critical']);
  const roaming = learnt(...habit(20).map((one, index) => ({ ...one, network: `10.${index % 50}.0.0/16` })));
  assert.deepEqual(found([aRead({ at: NOW, network: '198.51.0.0/16' })], roaming), []);
});

test('a burst is so many times the usual most, and one wild hour neither hides the next nor teaches much', () => {
  const burst = (at: number, count: number): Access[] => Array.from({ length: count }, (_, index) => aRead({ at: at + index * 1_000 }));
  assert.deepEqual(kinds(found(burst(NOW, 24), LEARNT)), []);
  const first = judge(watched(), LEARNT, burst(NOW, 400), ABOUT);
  assert.deepEqual(kinds(first.unusual), ['read-burst warning']);
  assert.match(first.unusual[0]?.detail ?? '', /read 25 times or more in the hour .* in 99 of 100 hours it is read at most 1 times/);
  const later = judge(watched(), first.baseline, [1, 2, 3, 4].map((hour) => aRead({ at: NOW + hour * HOUR })), ABOUT);
  assert.deepEqual(kinds(found(burst(NOW + 6 * HOUR, 30), later.baseline)), ['read-burst warning']);
});

test('denials: one is mentioned, many or at many doors or from outside are a warning', () => {
  const no = (change: Partial<Access> = {}): Access => aRead({ at: NOW, principal: 'role/x', isDenied: true, ...change });
  assert.deepEqual(kinds(found([no()], LEARNT)), ['denied-calls role/x info']);
  assert.deepEqual(kinds(found(Array.from({ length: 6 }, (_, minute) => no({ at: NOW + minute * MINUTE })), LEARNT)), ['denied-calls role/x warning']);
  assert.deepEqual(kinds(found([no({ isForeign: true })], LEARNT)), ['denied-calls role/x warning']);
  const doors = judge(watched(), LEARNT, [no()], { ...ABOUT, denials: new Map([['role/x', 4]]) });
  assert.match(doors.unusual[0]?.detail ?? '', /and on 3 other tokens at the same time; it is no known reader/);
  assert.equal(doors.unusual[0]?.severity, 'warning');
  assert.equal(doors.baseline?.readers.length, 1);
});

test('retired and pending versions are nobody\'s to read; an old one in grace is', () => {
  const of = (change: Partial<Access>): string[] => kinds(found([aRead({ at: NOW, ...change })], LEARNT));
  assert.deepEqual(of({ versionId: 'v1' }), ['stale-read role/app/web warning']);
  assert.deepEqual(of({ versionId: 'v4' }), ['stale-read role/app/web warning']);
  assert.deepEqual(of({ stage: 'AWSPENDING' }), ['stale-read role/app/web warning']);
  assert.deepEqual(of({ stage: 'keyturn-pin-v1' }), ['stale-read role/app/web warning']);
  for (const change of [{ versionId: 'v2' }, { versionId: 'v3' }, { stage: 'AWSPREVIOUS' }, { stage: 'AWSCURRENT' }, { versionId: 'never-seen' }]) assert.deepEqual(of(change), []);
  assert.deepEqual(of({ versionId: 'v1', at: T0 - 26 * DAY }), []);
  assert.deepEqual(of({ versionId: 'v1', principal: 'role/x' }), ['unknown-principal role/x warning', 'stale-read role/x critical']);
});

test('the first read after long silence is told of once; a job that comes each quarter is known by its second time', () => {
  const [waking] = found([aRead({ at: NOW + 60 * DAY })], LEARNT);
  assert.deepEqual(kinds(waking ? [waking] : []), ['woke-up info']);
  assert.match(waking?.detail ?? '', /the first read since 2026-01-25T08:00:00Z; the longest silence before was 1h/);
  const quarterly = [0, 91, 182, 273].map((day) => aRead({ at: T0 + day * DAY }));
  const { unusual } = judge(watched(), undefined, quarterly, ABOUT);
  assert.deepEqual(unusual.map((one) => one.detail.includes(' at 2026-04-06T')), [true]);
});

test('changes by anybody but Keyturn are told of, not those from before it looked after the token', () => {
  const change = (deed: Access['deed'], more: Partial<Access> = {}): string[] => kinds(found([aRead({ at: NOW, deed, principal: 'role/admin', ...more })], LEARNT));
  assert.deepEqual(change('value'), ['changed-outside value warning']);
  assert.deepEqual(change('policy'), ['changed-outside policy warning']);
  assert.deepEqual(change('tags'), ['changed-outside tags info']);
  assert.deepEqual(change('replicas'), ['changed-outside replicas warning']);
  assert.deepEqual(change('rotation-off'), ['rotation-off warning']);
  assert.deepEqual(change('deleted'), ['deletion-scheduled critical']);
  assert.deepEqual(change('value', { at: T0 - 1 }), []);
  const evil = 'arn:aws:lambda:eu-west-1:111122223333:function:mine';
  assert.deepEqual(change('rotation-set', { rotationFunction: evil }), ['rotation-off critical']);
  assert.deepEqual(change('rotation-set', { rotationFunction: evil.replace('mine', ABOUT.rotationFunction) }), []);
});

test('what ends a finding ends it, in the order of events', () => {
  const at = (minute: number, deed: Access['deed']): Access => aRead({ at: NOW + minute * MINUTE, deed });
  const over = judge(watched(), LEARNT, [at(2, 'restored'), at(1, 'deleted'), at(3, 'rotation-off'), at(4, 'rotation-set')], ABOUT);
  assert.deepEqual(over.unusual, []);
  assert.deepEqual(over.over, ['deletion-scheduled', 'rotation-off']);
  const back = judge(watched(), LEARNT, [at(1, 'restored'), at(2, 'deleted')], ABOUT);
  assert.deepEqual(kinds(back.unusual), ['deletion-scheduled critical']);
  assert.deepEqual(back.over, []);
});

test('switched off, nothing is told and everything is learnt; low is blind to neighbours, high sees more', () => {
  const off = judge(watched({ sensitivity: 'off' }), LEARNT, [aRead({ at: NOW, principal: 'role/x' }), aRead({ at: NOW, deed: 'deleted' })], ABOUT);
  assert.deepEqual(off.unusual, []);
  assert.deepEqual(found([aRead({ at: NOW + 1, principal: 'role/x' })], off.baseline), []);
  assert.deepEqual(found([aRead({ at: NOW, principal: 'role/x' })], LEARNT, { sensitivity: 'low' }), []);
  assert.deepEqual(kinds(found([aRead({ at: NOW, principal: 'role/x', network: '198.51.0.0/16' })], LEARNT, { sensitivity: 'low' })), ['unknown-principal role/x warning']);
  assert.deepEqual(kinds(found(Array.from({ length: 12 }, (_, index) => aRead({ at: NOW + index })), LEARNT, { sensitivity: 'high' })), ['read-burst warning']);
});

test('who read which version last is kept, also when events come late', () => {
  const mixed = [aRead({ at: T0 + HOUR }), aRead({ at: T0 - HOUR }), aRead({ at: T0 - 2 * HOUR, principal: 'lambda/report' }), aRead({ at: T0 - DAY, principal: 'lambda/old', versionId: 'v2' })];
  const readings = readingsOf(learnt(...mixed.toReversed()));
  assert.deepEqual(readings.map((one) => [one.principal, one.version, one.isKnown]), [['role/app/web', 'v3', true], ['lambda/report', 'v2', true], ['lambda/old', 'v2', true]]);
  const { moved, behind } = movedTo('v3', readings, T0 - 12 * HOUR);
  assert.deepEqual([moved.map((one) => one.principal), behind.map((one) => one.principal)], [['role/app/web'], ['lambda/report']]);
});

test('a token that ever new principals read is an open house: only strangers of other accounts are told of', () => {
  const many = Array.from({ length: 480 }, (_, index) => aRead({ at: T0 + index * HOUR, principal: `role/ci-${index % 60}` }));
  const open = learnt(...many);
  assert.equal(open.readers.length, MOST.readers);
  assert.ok(open.evicted > 0);
  assert.deepEqual(found([aRead({ at: NOW, principal: 'role/ci-999' })], open), []);
  assert.deepEqual(kinds(found([aRead({ at: NOW, principal: '444455556666:x', isForeign: true })], open)), ['unknown-principal 444455556666:x critical']);
});
