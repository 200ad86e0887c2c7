import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Access } from '../../../functions/core/detection/access.ts';
import { judge } from '../../../functions/core/detection/judge.ts';
import { T0 } from '../../fakes/tokens.ts';
import { aRead, accesses } from '../../detect/events.ts';
import { ABOUT, LEARNT, NOW, found, kinds, watched } from '../../detect/habits.ts';

const VALUE = { subject: 'value', severity: 'warning', what: 'stored another value' } as const;

test('changes by anybody but Keyturn are reported, not those from before it looked after the token', () => {
  const change = (deed: Access['deed'], more: Partial<Access> = {}): string[] =>
    kinds(found([aRead({ at: NOW, deed, principal: 'role/admin', ...more })], LEARNT));
  assert.deepEqual(
    change('changed', {
      changes: [VALUE, { subject: 'description', severity: 'info', what: 'changed its description' }],
    }),
    ['out-of-band-change value warning', 'out-of-band-change description info'],
  );
  assert.deepEqual(change('changed'), []);
  assert.deepEqual(change('rotation-disabled'), ['rotation-disabled warning']);
  assert.deepEqual(change('deleted'), ['secret-deleted critical']);
  assert.deepEqual(change('changed', { changes: [VALUE], at: T0 - 1 }), []);
  const evil = 'arn:aws:lambda:eu-west-1:111122223333:function:mine';
  assert.deepEqual(change('rotation-set', { rotationFunction: evil }), ['rotation-disabled critical']);
  assert.deepEqual(
    change('rotation-set', { rotationFunction: evil.replace('mine', 'keyturn-main-rotate-gitlab') }),
    [],
  );
});

test('a change says who did what from where', () => {
  const [one] = found(
    [aRead({ at: NOW, deed: 'changed', principal: 'user/mallory', changes: [VALUE] })],
    LEARNT,
  );
  assert.match(
    one?.detail ?? '',
    /^user\/mallory stored another value from 203\.0\.0\.0\/16 in eu-west-1 with aws-sdk-js at 2026-01-25T09:00:00Z; it was not Keyturn\.$/,
  );
});

test('a forced deletion is reported as one that cannot be taken back, a scheduled one as scheduled', () => {
  const said = (requestParameters: object): string =>
    found(
      accesses({
        eventName: 'DeleteSecret',
        eventTime: '2026-01-25T12:10:00Z',
        requestParameters: { secretId: 'x', ...requestParameters },
      }),
      LEARNT,
    )[0]?.detail ?? '';
  for (const forceDeleteWithoutRecovery of [true, 'true'])
    assert.match(
      said({ forceDeleteWithoutRecovery }),
      /deleted it by force, without recovery, .* cannot be restored\.$/,
    );
  for (const other of [{ recoveryWindowInDays: 7 }, {}, { forceDeleteWithoutRecovery: false }])
    assert.match(said(other), /scheduled its deletion/);
});

test('of two changes of one thing within a batch the worse one is told, in whatever order they came', () => {
  const key = (severity: 'warning' | 'critical', minute: number): Access =>
    aRead({
      at: NOW + minute,
      deed: 'changed',
      changes: [{ subject: 'key', severity, what: `made it ${severity}` }],
    });
  for (const order of [
    [key('critical', 1), key('warning', 2)],
    [key('warning', 1), key('critical', 2)],
  ]) {
    const [one, ...more] = found(order, LEARNT);
    assert.deepEqual([one?.severity, more], ['critical', []]);
    assert.match(one?.detail ?? '', /made it critical/);
  }
});

test('rotation with a replaced function stays reported when it starts without naming one', () => {
  const mine = 'arn:aws:lambda:eu-west-1:111122223333:function:mine';
  const set = (minute: number, rotationFunction?: string): Access =>
    aRead({ at: NOW + minute, deed: 'rotation-set', rotationFunction });
  const elsewhere = judge(watched(), LEARNT, [set(1, mine), set(2)], ABOUT);
  assert.deepEqual([kinds(elsewhere.unusual), elsewhere.over], [['rotation-disabled critical'], []]);
  assert.deepEqual(judge(watched(), LEARNT, [set(3)], ABOUT).over, []);
  assert.deepEqual(
    judge(
      watched(),
      LEARNT,
      [set(1, mine), set(2, mine.replace('mine', 'keyturn-main-rotate-gitlab'))],
      ABOUT,
    ).over,
    ['rotation-disabled'],
  );
});
