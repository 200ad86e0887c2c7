import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Search } from '../../../functions/core/detection/access.ts';
import { doorsTried, searchesTried, type Door } from '../../../functions/core/detection/estate-wide.ts';
import { DAY } from '../../../functions/core/time.ts';
import { aRead } from '../../detect/events.ts';
import { NOW, kinds } from '../../detect/habits.ts';

function door(token: number, principal = 'role/x'): Door {
  return { tokenId: `t${token}`, sight: aRead({ at: NOW + token, principal }) };
}

function search(change: Partial<Search> = {}): Search {
  const { id, at, network, region, agent, isForeign, isRoot, isOwn, role } = aRead({ at: NOW });
  return { id, at, network, region, agent, isForeign, isRoot, isOwn, role, principal: 'user/mallory', what: 'filter', filter: 'tag-key !nobody', ...change };
}

test('who is denied at three tokens at once is one finding, who is at two is none', () => {
  const tried = doorsTried([door(1), door(2), door(3), door(3), door(1, 'role/y'), door(2, 'role/y')]);
  assert.deepEqual(kinds(tried), ['denied-calls role/x warning']);
  assert.match(tried[0]?.detail ?? '', /^role\/x was denied on 3 tokens at once from 203\.0\.0\.0\/16/);
});

test('a read of everything that fits a filter is a warning and says so, with the filter', () => {
  const [one, ...more] = searchesTried([search(), search()]);
  assert.deepEqual([one?.subject, one?.severity, one?.until, more], ['user/mallory@filter', 'warning', NOW + 2 * DAY, []]);
  assert.match(one?.detail ?? '', /was denied a read of every secret that fits a filter, all at once \(tag-key !nobody\) from .*; nothing was given out/);
});

test('a list denied once is mentioned; several, or from outside, or by root, are a warning', () => {
  const lists = (count: number, change: Partial<Search> = {}): string[] => kinds(searchesTried(Array.from({ length: count }, () => search({ what: 'list', filter: '', ...change }))));
  assert.deepEqual(lists(1), ['denied-calls user/mallory@list info']);
  assert.deepEqual(lists(3), ['denied-calls user/mallory@list warning']);
  assert.deepEqual(lists(1, { isForeign: true }), ['denied-calls user/mallory@list warning']);
  assert.deepEqual(lists(1, { isRoot: true }), ['denied-calls user/mallory@list warning']);
});
