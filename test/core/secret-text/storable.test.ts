import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextText } from '../../../functions/core/secret-text/next-text.ts';
import {
  LONGEST_VALUE,
  MOST_BYTES,
  faultOf,
  isToldWithoutStamp,
  requireStorable,
} from '../../../functions/core/secret-text/storable.ts';
import { Secret } from '../../../functions/core/basics/secret.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { STAMP, TOKEN, placed, read, refusal } from './texts.ts';

const NAMED = { found: 'name', identifies: false } as const;
const NEITHER = { found: 'exclusive', identifies: false } as const;

describe('what was made', () => {
  const fault = (value: string, tags: Record<string, string> = {}): string | undefined => {
    const place = placed(tags);
    return faultOf(
      nextText(read('', place), { value: new Secret(value), stamp: STAMP }),
      new Secret(value),
      place,
    );
  };

  it('is stored only if it is read again as what it is, and fits', () => {
    assert.equal(fault(TOKEN), undefined);
    assert.equal(fault('a:b', { 'keyturn:field': 'a.b', 'keyturn:format': '{value}' }), undefined);
    for (const value of ['two words', 'KEY=v', '"v"', ' v', 'a:b', ''])
      assert.match(fault(value) ?? '', /could not be told from what stands around it/, value);
    assert.match(
      fault('v'.repeat(MOST_BYTES)) ?? '',
      /too long to be stored: with it the secret would have \d+ bytes/,
    );
  });
});

describe('what can be stored', () => {
  it('is counted in bytes, with the longest that the issuer can make, before anything is made', () => {
    const facts = { ...NAMED, longestValue: 100 };
    const sized = (length: number): string => JSON.stringify({ token: TOKEN, note: 'é'.repeat(length / 2) });
    const room = MOST_BYTES - 100;
    requireStorable(read(sized(room - 2_000)), facts);
    const text = sized(room);
    const message = refusal(() => requireStorable(read(text), facts));
    const over = Number(/take (\d+) bytes out of it/.exec(message)?.[1]);
    assert.match(
      message,
      new RegExp(
        `^The secret has ${Buffer.byteLength(text)} bytes; with a new token of up to 100 bytes .+ ` +
          'keeps 65536',
      ),
    );
    assert.ok(over > 0);
    // Two bytes a character: what was asked for is enough.
    requireStorable(read(sized(room - over - 1)), facts);
  });

  it('really fits, with a value of that length', () => {
    const note = 'x'.repeat(MOST_BYTES - LONGEST_VALUE - 1_500);
    const payload = read(JSON.stringify({ token: TOKEN, note }));
    requireStorable(payload, NAMED);
    const next = nextText(payload, {
      value: new Secret('v'.repeat(LONGEST_VALUE)),
      stamp: { ...STAMP, seal: `2:${'0'.repeat(64)}`, expiresAt: Date.UTC(2100, 0) },
    });
    assert.ok(Buffer.byteLength(next.reveal()) <= MOST_BYTES);
  });

  it('counts companions', () => {
    const note = 'x'.repeat(MOST_BYTES - LONGEST_VALUE - 1_500);
    const payload = read(JSON.stringify({ token: TOKEN, note }));
    requireStorable(payload, NAMED);
    assert.match(
      refusal(() => requireStorable(payload, { ...NAMED, companions: ['a', 'b'] })),
      /bytes out of it/,
    );
  });

  it('is a text without a stamp only where the issuer tells whose its token is', () => {
    for (const payload of [
      read(TOKEN),
      read(`K=${TOKEN}`, placed({ 'keyturn:format': 'K={value}' })),
      read('', placed({ 'keyturn:format': 'K={value}' })),
    ]) {
      requireStorable(payload, NAMED);
      requireStorable(payload, { ...NEITHER, identifies: true });
      assert.match(
        refusal(() => requireStorable(payload, NEITHER)),
        /plain text, which has no room .+: store it as JSON\.$/,
      );
    }
    for (const payload of [read(''), read('{}'), read(`{"token":"${TOKEN}"}`)])
      requireStorable(payload, NEITHER);
    assert.equal(isToldWithoutStamp({ found: 'value', identifies: false }), false);
    assert.deepEqual(
      DESCRIPTORS.filter((one) => !isToldWithoutStamp(one)).map(({ id }) => id),
      ['databricks-oauth'],
    );
  });
});
