import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { Secret } from '../../../functions/core/basics/secret.ts';
import { standsIn } from '../../../functions/core/secret-text/standing-in.ts';

const VALUES = fc.stringMatching(/^[\x21-\x7e]{14,60}$/);
const AROUND = fc.stringMatching(/^[ -~]{0,12}$/);

function found(text: string, value: string): boolean {
  return standsIn(new Secret(text), new Secret(value));
}

it('a value is found in every text that carries it', () => {
  fc.assert(
    fc.property(VALUES, AROUND, AROUND, (value, before, after) => {
      const text = `${before}${value}${after}`;
      for (const form of [
        text,
        `${before}${encodeURIComponent(value)}${after}`,
        JSON.stringify({ x: text }),
        Buffer.from(text).toString('base64'),
        Buffer.from(text).toString('base64url'),
        `x ${Buffer.from(text).toString('base64')} y`,
      ])
        assert.ok(found(form, value), form);
    }),
  );
});

it('a value is not found in a text of another one', () => {
  fc.assert(
    fc.property(VALUES, VALUES, AROUND, (value, other, around) => {
      fc.pre(!`${around}${other}`.includes(value));
      for (const form of [
        `${around}${other}`,
        JSON.stringify({ x: other }),
        Buffer.from(`${around}${other}`).toString('base64'),
      ])
        assert.equal(found(form, value), false, form);
    }),
  );
  assert.equal(found('to be filled in by the platform team', 'in'), true, 'a short one as it is');
  assert.equal(found('aW4=', 'in'), false, 'and not encoded');
});
