import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { Secret } from '../../../functions/core/basics/secret.ts';
import { withField } from '../../../functions/core/secret-text/target-text.ts';

const CANARY = 'canary-9c4e-value';

function put(text: string, path: readonly string[] = ['A'], value = CANARY): string {
  const next = withField(new Secret(text), path, new Secret(value));
  return 'read' in next ? next.read.reveal() : assert.fail(next.fault);
}

function fault(text: string, path: readonly string[] = ['A'], value = CANARY): string {
  const next = withField(new Secret(text), path, new Secret(value));
  return 'fault' in next ? next.fault : assert.fail(next.read.reveal());
}

describe('a field of a target secret', () => {
  it('gets the value, and every other character stays as it is', () => {
    const json = fc.json().filter((text) => !text.includes('"A"'));
    fc.assert(
      fc.property(
        fc.constantFrom('', ' ', '\r\n\t'),
        json,
        fc.constantFrom('', 'old', '\\u00e9\\"\\/'),
        fc.constantFrom('fresh-value', 'with"quote\\and/slash', 'ü€𝄞\n'),
        (space, other, old, value) => {
          const [head, tail] = [`${space}{${space}"x":${other},"A"${space}:`, `${space},"z":1.50}${space}`];
          const next = put(`${head}"${old}"${tail}`, ['A'], value);
          assert.equal(next, `${head}${JSON.stringify(value)}${tail}`);
          assert.equal(JSON.parse(next).A, value);
        },
      ),
    );
  });

  it('that holds the value already, however it is escaped, stays as it is', () => {
    const text = ' {"A":"\\u0063anary-9c4e-value"}';
    assert.equal(put(text), text);
  });

  it('is found by its path, and by no other field of that name', () => {
    const text = '{"A":"one","b":{"A":"two","c.d":{"A":"three"}}}';
    assert.equal(put(text, ['b', 'A']), text.replace('two', CANARY));
    assert.equal(put(text, ['b', 'c.d', 'A']), text.replace('three', CANARY));
    assert.equal(put('{"__proto__":"x"}', ['__proto__']), `{"__proto__":"${CANARY}"}`);
  });

  it('may stand beside doubled fields, and not be one', () => {
    assert.equal(put('{"b":1,"b":2,"A":"x"}'), `{"b":1,"b":2,"A":"${CANARY}"}`);
    assert.match(fault('{"A":"x","\\u0041":"y"}'), /^has the field "A" twice: keep one of them$/);
    assert.match(fault('{"b":{"A":"x"},"b":{}}', ['b', 'A']), /^has the field "b" twice/);
  });

  it('has to be there, with a text in it', () => {
    const cases: [text: string, path: string[], fault: RegExp][] = [
      ['{"a":"x"}', ['A'], /^has no field "A": add it with an empty text, or correct the target/],
      ['{"b":{}}', ['b', 'A'], /^has no field "b\.A"/],
      ['{"b":[{"A":"x"}]}', ['b', 'A'], /^has no fields inside of "b": correct the target of the consumer$/],
      ['{"A":7}', ['A'], /^has no text in the field "A": make it a string/],
      ['{"A":null}', ['A'], /^has no text/],
      ['{"A":{"B":"x"}}', ['A'], /^has no text/],
      ['{"A":"x"}', [], /^is given no field/],
    ];
    for (const [text, path, expected] of cases) assert.match(fault(text, path), expected);
  });

  it('stands in one JSON object, as every reader takes it', () => {
    for (const text of [
      '["A"]',
      '"A"',
      'A=x',
      '',
      '{"A":"x"',
      '{"A":"x",}',
      '{A:"x"}',
      '{"A":"x"}{"A":"y"}',
      '\u00a0{"A":"x"}',
      '\ufeff{"A":"x"}',
      '{"A":"x"} // note',
    ])
      assert.equal(fault(text), 'holds no JSON object: store one in it that has the field "A"', text);
  });

  it('may not make the text longer than it can be stored', () => {
    const around = '{"A":"","b":"é"}';
    const room = 65_536 - Buffer.byteLength(around);
    assert.equal(Buffer.byteLength(put(around, ['A'], 'v'.repeat(room))), 65_536);
    assert.equal(
      fault(around, ['A'], 'v'.repeat(room + 1)),
      'would have 65537 bytes with the new value, and Secrets Manager keeps 65536: take 1 bytes out of it',
    );
  });

  it('lets nothing of what it holds into a fault', () => {
    for (const text of [CANARY, `{"A":"${CANARY}"`, `{"B":"${CANARY}"}`, `{"${CANARY}":1}`, `["${CANARY}"]`])
      assert.ok(!fault(text).includes(CANARY));
  });
});
