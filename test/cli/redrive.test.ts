import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeadQueue } from '../../lib/cli/queues.ts';
import { bench, type Bench } from './harness.ts';

function withDead(...waiting: [string, number][]): Bench {
  const it = bench();
  it.dead = waiting.map(([name, messages]): DeadQueue => ({ name: `keyturn-main-${name}-dead`, arn: `arn:${name}`, messages }));
  return it;
}

test('what was given up is moved back after a question', async () => {
  const it = withDead(['alert', 2], ['pager', 1], ['act-gitlab', 0]);
  it.answer = 'move';
  const { exit, out, err } = await it.keyturn('redrive');
  assert.equal(exit, 0);
  assert.match(err, /keyturn-main-alert-dead: 2 messages\n.*keyturn-main-pager-dead: 1 message\n/);
  assert.match(out, /is being moved back/);
  assert.deepEqual(it.movedBack, ['keyturn-main-alert-dead', 'keyturn-main-pager-dead']);
});

test('one queue may be named, short or whole', async () => {
  for (const name of ['pager', 'keyturn-main-pager-dead']) {
    const it = withDead(['alert', 2], ['pager', 1]);
    assert.deepEqual(JSON.parse((await it.keyturn('redrive', '--queue', name, '--yes', '--json')).out), { queues: [{ name: 'keyturn-main-pager-dead', messages: 1, moved: true }] });
    assert.deepEqual(it.movedBack, ['keyturn-main-pager-dead']);
  }
});

test('nothing is moved when nothing waits, on a dry run, or when nobody agrees', async () => {
  assert.match((await withDead(['alert', 0]).keyturn('redrive', '--yes')).out, /^Nothing waits/);
  const dry = withDead(['alert', 2]);
  assert.match((await dry.keyturn('redrive', '--dry-run')).out, /^Nothing was moved/);
  const alone = withDead(['alert', 2]);
  assert.equal((await alone.keyturn('redrive')).exit, 3);
  assert.deepEqual([...dry.movedBack, ...alone.movedBack], []);
});

test('a queue that is not there is said, with what there is', async () => {
  const { exit, err } = await withDead(['alert', 2], ['pager', 1]).keyturn('redrive', '--queue', 'alart');
  assert.equal(exit, 2);
  assert.match(err, /There is no queue "alart".*alert/);
});
