import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  memberOf,
  nameOf,
  objectIn,
  spanInString,
  spanOf,
  spliced,
} from '../../../functions/core/secret-text/spans.ts';
import { AROUND } from './texts.ts';

describe('the places in JSON', () => {
  it('are those of what the text says, for every member', () => {
    fc.assert(
      fc.property(AROUND, ({ head, tail }) => {
        const text = `${head}"v"${tail}`.trim();
        const object = objectIn(text);
        const last = new Map<string, unknown>();
        for (const member of object.members) {
          const { start, end } = spanOf(member.value);
          last.set(nameOf(member), JSON.parse(text.slice(start, end)));
        }
        assert.deepEqual(Object.fromEntries(last), JSON.parse(text));
      }),
    );
  });

  it('are found within a string through its escapes', () => {
    fc.assert(
      fc.property(AROUND, fc.nat(), fc.nat(), ({ head, tail }, a, b) => {
        const text = `${head}"v"${tail}`.trim();
        for (const { value } of objectIn(text).members) {
          if (value.type !== 'String') continue;
          const [start, end] = [a % (value.value.length + 1), b % (value.value.length + 1)].toSorted(
            (x, y) => x - y,
          );
          const span = spanInString(text, value, { start: start ?? 0, end: end ?? 0 });
          const inside = text.slice(span.start, span.end);
          assert.equal(JSON.parse(`"${inside}"`), value.value.slice(start, end));
        }
      }),
    );
  });

  it('know a key however it is written, and refuse one that is there twice', () => {
    const object = objectIn('{"a":1,"\\u0062":2,"__proto__":3,"\\u0061":4}');
    const found = memberOf(object, 'b');
    assert.ok(found && nameOf(found) === 'b');
    assert.ok(memberOf(object, '__proto__'));
    assert.equal(memberOf(object, 'c'), undefined);
    assert.throws(() => memberOf(object, 'a'), /"a" twice/);
  });
});

describe('splicing', () => {
  it('replaces and inserts, in the order of the places, and leaves the rest', () => {
    assert.equal(
      spliced('abcdef', [
        { start: 4, end: 4, text: 'Y' },
        { start: 1, end: 3, text: 'X' },
        { start: 4, end: 4, text: 'Z' },
      ]),
      'aXdYZef',
    );
    assert.equal(spliced('abc', []), 'abc');
  });
});
