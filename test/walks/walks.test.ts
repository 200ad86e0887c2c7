import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawWalk } from './draw.ts';
import { KNOWN, isKnown } from './known.ts';
import type { Move, Walk } from './moves.ts';
import { play } from './play.ts';
import { SETUP } from './setup.ts';
import { predicateOf, shrink } from './shrink.ts';

/** The walk that `npm test` takes; `npm run walks` takes thousands of steps. */
const SEED = 20_260_105;

test(
  'whatever people do, what they need lives, what leaked is revoked or reported, and nothing is left ' +
    'unfinished',
  async () => {
    const { violations, story } = await play(drawWalk(SEED, 12));
    assert.deepEqual(violations, [], story.join('\n'));
  },
);

test('one seed is one walk, move by move', async () => {
  const [one, same] = [await play(drawWalk(7, 3)), await play(drawWalk(7, 3))];
  assert.deepEqual(one, same);
  assert.notDeepEqual(drawWalk(7, 3), drawWalk(8, 3));
});

test('everything that people can do is drawn from some seed', () => {
  const moves = Array.from({ length: 60 }, (_, seed) => drawWalk(seed, 40)).flatMap((one) => one.moves);
  const drawn = new Set(moves.map((one) => ('how' in one ? `${one.kind} ${one.how}` : one.kind)));
  for (const kind of [
    'ask',
    'revoke',
    'remake',
    'put',
    'policy',
    'fault',
    'host',
    'scope',
    'gone',
    'replica',
    'copy neighbor',
    'copy other-admin',
    'delete forced',
    'gateway admin-refused',
    'lists omit',
    'names shorten',
    'label pending-on-new',
  ])
    assert.ok(drawn.has(kind), `${kind} is never drawn`);
});

test('a walk that fails is made as short as it can be, and fails the same way', async () => {
  const wait: Move = { kind: 'wait', minutes: 1 };
  const needed: Move[] = [
    { kind: 'gone', secret: 0 },
    { kind: 'gone', secret: 1 },
  ];
  const long: Walk = {
    setup: SETUP,
    moves: [wait, wait, ...needed.slice(0, 1), wait, wait, wait, ...needed.slice(1), wait],
  };
  const short = await shrink(
    long,
    async ({ moves }) => needed.every((one) => moves.includes(one)),
    () => false,
  );
  assert.deepEqual(short.moves, needed);
});

test('shortening ends when its time is over', async () => {
  const long: Walk = {
    setup: SETUP,
    moves: [
      { kind: 'wait', minutes: 1 },
      { kind: 'wait', minutes: 2 },
    ],
  };
  assert.equal(
    await shrink(
      long,
      async () => true,
      () => true,
    ),
    long,
  );
});

test('what is known to go wrong is no failure, and nothing else of its kind passes with it', () => {
  const rows = [{ what: /^no-cause: revocation-blocked /, why: 'It is not looked at in time.' }];
  assert.ok(
    isKnown(
      'no-cause: revocation-blocked of okta.example/1 is open on prod/app-0/token, and what it says is ' +
        'not so',
      rows,
    ),
  );
  for (const other of [
    'no-cause: token-inactive is open on prod/app-0/token, and what it says is not so',
    'leak: a secret value is in the log',
  ])
    assert.ok(!isKnown(other, rows));
  assert.ok(!isKnown('no-cause: revocation-blocked of okta.example/1', []));
  for (const { why } of KNOWN) assert.match(why, /\w+\.$/);
});

test('a violation is named by its predicate', () => {
  assert.equal(predicateOf(['lost: a credential: of somebody']), 'lost');
  assert.equal(predicateOf([]), undefined);
});
