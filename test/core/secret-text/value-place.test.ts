import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { notedPlace, placeNoted } from '../../../functions/core/secret-text/value-place.ts';
import { PATTERN, placed } from './texts.ts';

describe('where a value stands', () => {
  it("is the provider's own field, or the whole text, unless tags say otherwise", () => {
    assert.deepEqual(placed({}, { pattern: PATTERN }), {
      path: ['token'],
      isNamed: false,
      format: undefined,
      pattern: PATTERN,
      companions: [],
      own: 'token',
      fault: undefined,
    });
    assert.deepEqual(placed({ 'keyturn:field': 'a.b', 'keyturn:format': 'Bearer @value@' }), {
      path: ['a', 'b'],
      isNamed: true,
      format: { before: 'Bearer ', after: '' },
      pattern: undefined,
      companions: [],
      own: 'token',
      fault: undefined,
    });
  });

  it('is nowhere while a tag cannot be followed, and the tag is named', () => {
    assert.match(
      placed({ 'keyturn:field': '' }).fault ?? '',
      /^The tag keyturn:field of the secret is wrong: write the names/,
    );
    assert.match(
      placed({ 'keyturn:format': 'x' }).fault ?? '',
      /^The tag keyturn:format of the secret is wrong: write \{value\}/,
    );
    assert.match(
      placed({ 'keyturn:field': 'app.client_id' }, { companions: ['client_id'] }).fault ?? '',
      /Keyturn writes client_id itself/,
    );
  });

  it('is noted where it is not the usual one, and found by the note under any other tags', () => {
    assert.deepEqual(notedPlace(placed()), {});
    for (const tags of [
      {},
      { 'keyturn:field': 'a@5c@.b.c' },
      { 'keyturn:format': 'Bearer @value@' },
      { 'keyturn:field': 'x', 'keyturn:format': '{value}' },
    ]) {
      const place = placed(tags);
      assert.deepEqual(placeNoted(notedPlace(place), placed({ 'keyturn:field': 'elsewhere' })), place);
    }
    assert.equal(placeNoted({ field: 'a..b' }, placed()), undefined);
  });
});
