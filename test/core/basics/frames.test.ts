import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { framesOf } from '../../../functions/core/basics/frames.ts';

const CANARY = 'PLANTED';
const LINES = [
  CANARY,
  `x\n${CANARY}`,
  `x\n    at ${CANARY}`,
  `x\n    at ${CANARY} (file:///srv/${CANARY}.ts:1:1)`,
  `\n    at ${CANARY} (/a/${CANARY}.ts:1:1)\n    at f (node:${CANARY}:1:1)`,
  `a: b\n: ${CANARY}`,
  '',
];

function thrown(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    return error;
  }
}

describe('the frames of an error', () => {
  for (const message of LINES)
    it(`hold nothing of its message: ${JSON.stringify(message)}`, () => {
      const errors = [
        new Error(message),
        new TypeError(message),
        new RangeError('x', { cause: new Error(message) }),
        new AggregateError([new Error(message)], message),
        Object.assign(new Error('before'), { message }),
        Object.assign(new Error(message), { message: 'after' }),
        Object.assign(new Error(message), { message: '' }),
        Object.assign(new Error(message), { name: `Name\n    at ${message}` }),
      ];
      for (const error of errors) assert.doesNotMatch(framesOf(error).join('\n'), new RegExp(CANARY));
    });

  it('are there for errors of ours and of the runtime', () => {
    class Own extends Error {
      override readonly name = 'Own';
    }
    const errors = [
      new Error('a'),
      new Error(''),
      new Own('two\nlines'),
      thrown(() => JSON.parse('{')),
      thrown(() => new URL('x')),
      thrown(() => Object(undefined).a.b),
      thrown(() => Buffer.alloc(-1)),
    ];
    for (const error of errors)
      assert.match(framesOf(error).join('\n'), /^ {4}at .*frames\.test\.ts:\d+:\d+\)?$/m, String(error));
  });

  it('are lines of the form that V8 writes, and no others', () => {
    const stack = [
      'Error: x',
      `    at ${CANARY}`,
      '    at f (file:///a.ts:1:2)',
      '    at async Promise.all (index 0)',
      `    ${CANARY} (file:///a.ts:1:2)`,
      '    at async node:internal/main:3:4',
      '',
    ].join('\n');
    assert.deepEqual(framesOf(Object.assign(new Error('x'), { stack })), [
      '    at f (file:///a.ts:1:2)',
      '    at async node:internal/main:3:4',
    ]);
  });

  it('of what is no error are none', () => {
    for (const odd of [
      undefined,
      null,
      'text',
      { stack: `    at ${CANARY} (/a.ts:1:1)` },
      Object.assign(new Error('x'), { stack: undefined }),
      Object.assign(new Error('x'), { stack: `    at ${CANARY} (/a.ts:1:1)` }),
    ])
      assert.deepEqual(framesOf(odd), []);
  });
});
