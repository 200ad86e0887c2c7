import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeadLetterQueue } from '../../../lib/cli/aws/queues.ts';
import { bench, type Bench } from '../harness.ts';

function withUndelivered(...waiting: [string, number][]): Bench {
  const it = bench();
  it.dlq = waiting.map(([name, messages]): DeadLetterQueue => ({
    name: `keyturn-main-${name}-dlq`,
    arn: `arn:${name}`,
    messages,
    backTo: name === 'staging' ? undefined : `arn:work-${name}`,
  }));
  return it;
}

test('what was given up is moved back after a question', async () => {
  const it = withUndelivered(['alert', 2], ['pager', 1], ['worker-gitlab', 0]);
  it.answer = 'move';
  const { exit, out, err } = await it.keyturn('redrive');
  assert.equal(exit, 0);
  assert.match(err, /keyturn-main-alert-dlq: 2 messages\n.*keyturn-main-pager-dlq: 1 message\n/);
  assert.equal(
    out,
    'keyturn-main-alert-dlq: 2 moved.\nkeyturn-main-pager-dlq: 1 moved.\nA notification that was sent ' +
      'before is not sent again; requests past their time are dropped.\n',
  );
  assert.deepEqual(it.movedBack, ['keyturn-main-alert-dlq', 'keyturn-main-pager-dlq']);
});

test('one queue may be named, short or whole', async () => {
  for (const name of ['pager', 'keyturn-main-pager-dlq']) {
    const it = withUndelivered(['alert', 2], ['pager', 1]);
    assert.deepEqual(JSON.parse((await it.keyturn('redrive', '--queue', name, '--yes', '--json')).out), {
      schema: 1,
      queues: [{ name: 'keyturn-main-pager-dlq', messages: 1, moved: 1, left: 0, problem: null }],
    });
    assert.deepEqual(it.movedBack, ['keyturn-main-pager-dlq']);
  }
});

test('nothing is moved when nothing waits, on a dry run, or without a confirmation', async () => {
  assert.match((await withUndelivered(['alert', 0]).keyturn('redrive', '--yes')).out, /^Nothing waits/);
  const dry = withUndelivered(['alert', 2]);
  assert.match((await dry.keyturn('redrive', '--dry-run')).out, /^Nothing was moved/);
  const alone = withUndelivered(['alert', 2]);
  assert.equal((await alone.keyturn('redrive')).exit, 3);
  assert.deepEqual([...dry.movedBack, ...alone.movedBack], []);
});

test('a queue that is not there is said, with what there is', async () => {
  const { exit, err } = await withUndelivered(['alert', 2], ['pager', 1]).keyturn(
    'redrive',
    '--queue',
    'alart',
  );
  assert.equal(exit, 2);
  assert.match(err, /There is no queue "alart".*alert/);
});

test('a move is followed to its end, and what it left is said with the reason', async () => {
  const it = withUndelivered(['alert', 5], ['pager', 1]);
  let slept = 0;
  it.meanwhile = async (length) => void (slept += length);
  it.moves.push(
    { state: 'running', moved: 0, left: 5, reason: undefined },
    { state: 'running', moved: 3, left: 2, reason: undefined },
    { state: 'ended', moved: 3, left: 2, reason: 'CouldNotDetermineMessageSource' },
  );
  const { exit, out } = await it.keyturn('redrive', '--yes');
  assert.equal(exit, 1);
  assert.match(
    out,
    /^keyturn-main-alert-dlq: 3 moved, 2 not: AWS ended the move: CouldNotDetermineMessageSource\.\nkeyturn-main-pager-dlq: 1 moved\.\n/,
  );
  assert.equal(slept, 4_000);
});

test('a move that does not end, or of which AWS shows nothing, is no success', async () => {
  for (const [move, words] of [
    [
      { state: 'running', moved: 1, left: 1, reason: undefined },
      /1 moved, 1 not: they are still being moved/,
    ],
    [
      { state: 'ended', moved: 1, left: 1, reason: undefined },
      /1 moved, 1 not: AWS ended the move without them/,
    ],
    [
      { state: 'ended', moved: 0, left: 2, reason: '<b>x</b>\u001b[31m' },
      /2 not: AWS ended the move: its reason is no plain text/,
    ],
  ] as const) {
    const it = withUndelivered(['alert', 2]);
    it.moves.push(...Array.from({ length: 1_000 }, () => move));
    const { exit, out } = await it.keyturn('redrive', '--yes');
    assert.equal(exit, 1);
    assert.match(out, words);
  }
});

test('messages for another bus are said to stay; if there are no others, there is no question', async () => {
  const it = withUndelivered(['staging', 3]);
  const { exit, out } = await it.keyturn('redrive');
  assert.equal(exit, 1);
  assert.match(out, /keyturn-main-staging-dlq: 0 moved, 3 not: they were meant for another bus/);
  assert.deepEqual([it.movedBack, it.questions], [[], []]);
  assert.equal((await it.keyturn('redrive', '--dry-run')).exit, 0);
});
