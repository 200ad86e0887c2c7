import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import * as z from 'zod';
import { eventFields, matches, readPattern } from '../../../lib/sandbox/aws/patterns.ts';

const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
/** Names of fields: words of the matcher mean something else inside `$or`, and dots join names. */
const key = fc.string({ minLength: 1 }).filter((text) => !/[$.<=>]/.test(text) && text !== '__proto__');
const event = fc.dictionary(key, fc.oneof(scalar, fc.dictionary(key, scalar, { minKeys: 1 })), {
  minKeys: 1,
});

function exactly(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null
        ? exactly(Object.fromEntries(Object.entries(value)))
        : [value],
    ]),
  );
}

const Recorded = z.array(
  z.union([
    z.strictObject({ rule: z.string(), refused: z.literal(true) }),
    z.strictObject({ rule: z.string(), fits: z.array(z.string()), not: z.array(z.string()) }),
  ]),
);

/**
 * Our own rules and events, with what AWS's matcher answered to them: event-ruler 2.1.0
 * (`JsonRuleCompiler.check`, then one `Machine` a rule).
 */
const RECORDED = Recorded.parse(
  JSON.parse(readFileSync(new URL('event-ruler.json', import.meta.url), 'utf8')),
);

test('rules that the matcher of AWS refuses are refused, with a reason', () => {
  const refused = RECORDED.filter((one) => 'refused' in one);
  assert.ok(refused.length > 80);
  for (const { rule } of refused)
    assert.throws(
      () => readPattern(rule),
      { name: 'InvalidEventPatternException', message: /^Event pattern is not valid\. Reason: .+\.$/ },
      rule,
    );
});

test('rules and events get the answer that the matcher of AWS gives', () => {
  for (const one of RECORDED) {
    if ('refused' in one) continue;
    const pattern = readPattern(one.rule);
    const answered = (events: readonly string[]): boolean[] =>
      events.map((text) => pattern.fits(eventFields(text)));
    assert.deepEqual(
      answered(one.fits),
      one.fits.map(() => true),
      `fit ${one.rule}`,
    );
    assert.deepEqual(
      answered(one.not),
      one.not.map(() => false),
      `do not fit ${one.rule}`,
    );
  }
});

test('a pattern is read alike as a text and as an object', () => {
  for (const one of RECORDED) {
    // JSON.parse keeps neither names that stand twice nor numbers that no double holds.
    if ('refused' in one || /\d{16}|"\$or".*"\$or"|"s".*"s"/.test(one.rule)) continue;
    const parsed = z.record(z.string(), z.unknown()).parse(JSON.parse(one.rule));
    for (const text of one.fits)
      assert.ok(readPattern(parsed).fits(eventFields(text)), `${one.rule} ${text}`);
  }
});

test('a pattern is refused with the field and what it should be', () => {
  const reasons = ([pattern, reason]: readonly [Record<string, unknown>, RegExp]): void =>
    assert.throws(() => matches(pattern, {}), { name: 'InvalidEventPatternException', message: reason });
  reasons([{ detail: { a: [{ startsWith: 'x' }] } }, /detail\.a: startsWith is no operator/]);
  reasons([{ detail: { a: 'x' } }, /detail\.a takes a list/]);
  reasons([{ detail: { a: [{ cidr: '10.0.0.0' }] } }, /detail\.a: cidr takes/]);
});

test('an event fits the pattern made of its own values', () => {
  fc.assert(fc.property(event, (it) => matches(exactly(it), it)));
});

test('a field more in a pattern never makes it wider', () => {
  fc.assert(
    fc.property(
      event,
      key,
      scalar,
      (it, name, value) =>
        !matches({ ...exactly(it), [name]: [value] }, it) || (Object.hasOwn(it, name) && it[name] === value),
    ),
  );
});

test('a value more in a list never makes it narrower', () => {
  fc.assert(
    fc.property(
      scalar,
      scalar,
      scalar,
      (value, one, other) =>
        !matches({ a: [one] }, { a: value }) || matches({ a: [one, other] }, { a: value }),
    ),
  );
});

test('anything-but is the opposite, for a field that is there', () => {
  const listed = fc.oneof(fc.array(fc.string(), { minLength: 1 }), fc.array(fc.integer(), { minLength: 1 }));
  const asText = (not: readonly unknown[]): unknown[] =>
    not.map((one) => (typeof one === 'string' ? { exactly: one } : one));
  fc.assert(
    fc.property(
      scalar,
      listed,
      (value, not) =>
        matches({ a: [{ 'anything-but': not }] }, { a: value }) !== matches({ a: asText(not) }, { a: value }),
    ),
  );
  fc.assert(
    fc.property(
      fc.string(),
      fc.string({ minLength: 1 }).filter((text) => !text.endsWith('"')),
      (value, prefix) =>
        matches({ a: [{ 'anything-but': { prefix } }] }, { a: value }) !== value.startsWith(prefix),
    ),
  );
  assert.equal(matches({ a: [{ 'anything-but': ['x'] }] }, {}), false);
});

test('exists tells whether a value is there', () => {
  fc.assert(
    fc.property(event, key, (it, name) => {
      const there = Object.hasOwn(it, name) && (typeof it[name] !== 'object' || it[name] === null);
      return (
        matches({ [name]: [{ exists: true }] }, it) === there &&
        matches({ [name]: [{ exists: false }] }, it) === !there
      );
    }),
  );
  assert.ok(matches({ a: { b: [{ exists: false }] } }, {}));
});

test('prefix and suffix, with and without case', () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes('"')),
      fc.string(),
      (one, other) => {
        const prefix = matches({ a: [{ prefix: one }] }, { a: other }) === other.startsWith(one);
        const suffix = matches({ a: [{ suffix: one }] }, { a: other }) === other.endsWith(one);
        return prefix && suffix;
      },
    ),
  );
  assert.ok(matches({ a: [{ prefix: { 'equals-ignore-case': 'AB' } }] }, { a: 'abc' }));
  assert.ok(matches({ a: [{ 'equals-ignore-case': 'AbC' }] }, { a: 'aBc' }));
  assert.ok(!matches({ a: [{ prefix: 'AB' }] }, { a: 'abc' }));
});

test('numeric ranges', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer(),
      fc.nat().map((one) => one + 1),
      (value, low, length) => {
        const high = low + length;
        return (
          matches({ a: [{ numeric: ['>', low, '<=', high] }] }, { a: value }) ===
          (value > low && value <= high)
        );
      },
    ),
  );
  assert.equal(matches({ a: [{ numeric: ['=', 5] }] }, { a: '5' }), false);
});

test('an asterisk stands for any text, other characters for themselves', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (before, middle, after) => {
      const literal = (text: string): string => text.replaceAll(/[\\*]/g, String.raw`\$&`);
      const pattern = `${literal(before)}*${literal(after)}`;
      return matches({ a: [{ wildcard: pattern }] }, { a: before + middle + after });
    }),
  );
  assert.ok(!matches({ a: [{ wildcard: 'a.c*' }] }, { a: 'abcd' }));
  assert.ok(matches({ a: [{ 'anything-but': { wildcard: '*x' } }] }, { a: 'y' }));
});

test('$or is one or the other', () => {
  fc.assert(
    fc.property(
      event,
      event,
      (it, other) =>
        matches({ $or: [exactly(other), exactly(it)] }, it) &&
        matches({ $or: [exactly(it), exactly(other)] }, it),
    ),
  );
  assert.ok(!matches({ $or: [{ a: [1] }, { b: [2] }] }, { a: 2, b: 1 }));
});

test('one element of a list is enough, and fields of one pattern object are those of one element', () => {
  assert.ok(matches({ a: ['x'] }, { a: ['y', 'x'] }));
  const list = {
    items: [
      { kind: 'a', n: 1 },
      { kind: 'b', n: 2 },
    ],
  };
  assert.ok(matches({ items: { kind: ['b'], n: [2] } }, list));
  assert.ok(!matches({ items: { kind: ['a'], n: [2] } }, list));
});
