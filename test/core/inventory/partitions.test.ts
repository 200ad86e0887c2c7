import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  DELETERS,
  PARTITIONS,
  TABLE_USERS,
  WRITERS,
  prefixesOf,
  readPrefixesOf,
  type TableUser,
} from '../../../functions/core/inventory/partitions.ts';

describe('the partitions of the table', () => {
  it('have beginnings of which none begins with another', () => {
    const all: string[] = Object.values(PARTITIONS);
    for (const one of all)
      assert.deepEqual(
        all.filter((other) => other.startsWith(one)),
        [one],
      );
  });

  it('let act alone say what may end, and reconcile alone that the inventory is complete', () => {
    const writersOf = (prefix: string): TableUser[] =>
      TABLE_USERS.filter((user) => prefixesOf(user, WRITERS).includes(prefix));
    assert.deepEqual(writersOf(PARTITIONS.permits), ['worker']);
    assert.deepEqual(writersOf(PARTITIONS.rebuild), ['reconcile']);
    assert.deepEqual(writersOf(PARTITIONS.reconcileTurn), ['reconcile']);
  });

  it('let those that only tell or look write no record', () => {
    for (const user of ['router', 'health', 'measure'] as const)
      assert.deepEqual(prefixesOf(user, WRITERS), [], user);
    assert.deepEqual(prefixesOf('alert', WRITERS), ['A#alert#', 'Q#']);
    assert.deepEqual(prefixesOf('chat', WRITERS), ['A#chat#']);
    assert.deepEqual(prefixesOf('pager', WRITERS), ['A#pager#']);
    assert.ok(!prefixesOf('leaks', WRITERS).includes(PARTITIONS.token));
  });

  it('are deleted from only by who also writes there', () => {
    for (const user of TABLE_USERS)
      for (const prefix of prefixesOf(user, DELETERS)) assert.ok(prefixesOf(user, WRITERS).includes(prefix));
  });

  it('are read as far as the work needs', () => {
    assert.equal(readPrefixesOf('worker'), undefined);
    assert.deepEqual(
      readPrefixesOf('pager'),
      ['A#pager#', 'Q#', 'T#', 'E#'],
      'it holds what it is told against the records',
    );
    assert.deepEqual(readPrefixesOf('health'), ['W#']);
  });
});
