import assert from 'node:assert/strict';
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { format, inspect } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { Secret } from '../../../functions/core/basics/secret.ts';

const VALUE = 'glpat-canary-in-a-secret';
const secret = new Secret(VALUE);
/** What a careless program takes for a text. */
const careless = secret as unknown as string;

function printed(...things: unknown[]): string {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  const out = new Console({ stdout: stream, stderr: stream });
  out.log(...things);
  out.error(...things);
  out.dir(things[0], { showHidden: true, depth: null });
  out.table(things);
  return chunks.join('');
}

function failure(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return assert.fail('did not throw');
}

/** Every way in which a value may end up in a text. */
const WAYS: Readonly<Record<string, () => string>> = {
  'a template': () => `It is ${careless}.`,
  'a sum': () => 'It is ' + careless,
  join: () => [secret, secret].join(),
  JSON: () => JSON.stringify({ secret, list: [secret] }),
  'JSON of what it is made of': () =>
    JSON.stringify([Object.entries(secret), Object.getOwnPropertyNames(secret), Object.assign({}, secret)]),
  inspect: () => inspect(secret),
  'inspect of all': () =>
    inspect(
      { deep: { secret, map: new Map([[secret, secret]]) } },
      { depth: null, showHidden: true, getters: true },
    ),
  'inspect without its own words': () =>
    inspect(secret, { customInspect: false, showHidden: true, showProxy: true, depth: null }),
  'format with every letter': () =>
    format('%s %o %O %j %d %i', secret, secret, secret, secret, secret, secret),
  console: () => printed(secret, { secret }, 'text %s %o', secret),
  'a copy': () => inspect(structuredClone(secret), { showHidden: true }),
  'a copy in bytes': () =>
    inspect(deserialize(serialize(secret)), { showHidden: true }) + serialize(secret).toString('latin1'),
  'the cause of an error': () =>
    inspect(
      new KeyturnError('aws-failed', `It failed for ${careless}.`, { cause: { secret, list: [secret] } }),
      { depth: null },
    ) + printed(new Error('x', { cause: secret })),
  'an assertion': () =>
    inspect(failure(() => assert.notDeepEqual([secret], [secret]))) +
    inspect(failure(() => assert.equal(secret, 'other'))),
  'a call that is none': () => inspect(failure(() => Reflect.apply(Object(secret), secret, []))),
  'the source of its methods': () => String(Secret),
};

describe('a secret', () => {
  for (const [way, write] of Object.entries(WAYS))
    it(`is not printed by ${way}`, () => {
      const text = write();
      assert.ok(!text.includes('canary'), text);
    });

  it('has a placeholder', () => {
    assert.deepEqual(
      [`<${careless}>`, JSON.stringify({ secret }), inspect(secret)],
      ['<[secret]>', '{"secret":"[secret]"}', '[secret]'],
    );
  });

  it('hands out its value only when asked to reveal it', () => {
    assert.equal(secret.reveal(), VALUE);
  });

  it('equals one of the same value', () => {
    assert.deepEqual([secret.equals(new Secret(VALUE)), secret.equals(new Secret('other'))], [true, false]);
  });
});
