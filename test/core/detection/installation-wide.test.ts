import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Search } from '../../../functions/core/detection/access.ts';
import { doorsTried, isDoor, searchesTried } from '../../../functions/core/detection/installation-wide.ts';
import { withOddCalls, type OddCall, type OddCaller } from '../../../functions/core/detection/odd-callers.ts';
import { DAY, SECOND } from '../../../functions/core/basics/time.ts';
import { aRead } from '../../detect/events.ts';
import { NOW, kinds } from '../../detect/habits.ts';

function door(token: number, principal = 'role/x'): OddCall {
  return {
    tokenId: `t${token}`,
    tokenName: `prod/t${token}`,
    sight: aRead({ at: NOW + token * SECOND, principal }),
    isLoud: false,
    isReader: false,
  };
}

function search(change: Partial<Search> = {}): Search {
  const { id, at, network, region, agent, isForeign, isRoot, isOwn, role } = aRead({ at: NOW });
  return {
    id,
    at,
    network,
    region,
    agent,
    isForeign,
    isRoot,
    isOwn,
    role,
    principal: 'user/mallory',
    what: 'filter',
    filter: 'tag-key !nobody',
    ...change,
  };
}

test('who is denied at three tokens within a day is one finding, who is at two is none', () => {
  const callers = [
    [door(1), door(2), door(1, 'role/y')],
    [door(3), door(3), door(2, 'role/y')],
  ].reduce<OddCaller[]>((all, batch) => withOddCalls(all, batch), []);
  const tried = doorsTried(callers);
  assert.deepEqual(kinds(tried), ['access-denied role/x warning']);
  assert.match(
    tried[0]?.detail ?? '',
    /^role\/x was denied on 3 tokens, within 2s, from 203\.0\.0\.0\/16 in eu-west-1 with aws-sdk-js, first at .*: prod\/t1, prod\/t2, prod\/t3; nothing was given out\.$/,
  );
  assert.deepEqual(
    [isDoor(callers, 'role/x', 't2'), isDoor(callers, 'role/x', 't9'), isDoor(callers, 'role/y', 't1')],
    [true, false, false],
  );
});

test('a read of everything that fits a filter is a warning and says so, with the filter', () => {
  const [one, ...more] = searchesTried([search(), search()]);
  assert.deepEqual(
    [one?.subject, one?.severity, one?.until, more],
    ['user/mallory@filter', 'warning', NOW + 2 * DAY, []],
  );
  assert.match(
    one?.detail ?? '',
    /was denied a read of every secret that fits a filter, all at once \(tag-key !nobody\) from .*; nothing was given out/,
  );
});

test('a list denied once is mentioned; several, or from outside, or by root, are a warning', () => {
  const lists = (count: number, change: Partial<Search> = {}): string[] =>
    kinds(
      searchesTried(Array.from({ length: count }, () => search({ what: 'list', filter: '', ...change }))),
    );
  assert.deepEqual(lists(1), ['access-denied user/mallory@list info']);
  assert.deepEqual(lists(3), ['access-denied user/mallory@list warning']);
  assert.deepEqual(lists(1, { isForeign: true }), ['access-denied user/mallory@list warning']);
  assert.deepEqual(lists(1, { isRoot: true }), ['access-denied user/mallory@list warning']);
});
