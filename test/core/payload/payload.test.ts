import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { KeyturnError } from '../../../functions/core/errors.ts';
import { EMPTY_PAYLOAD, STAMP_FIELD, nextPayload, parsePayload, sealedText, type Stamp } from '../../../functions/core/payload/payload.ts';
import { Secret } from '../../../functions/core/secret.ts';

const FIELD = 'token';
const PLACE = { path: [FIELD] };
const STAMP: Stamp = { handle: 'projects/1/access_tokens/7', mintedAt: 1_000, seal: 'ab12' };
const values = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60 }).filter((text) => text.trim() === text && !text.startsWith('{'));
const keptNumbers = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Number.isInteger(one)));
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, fc.string(), fc.boolean(), fc.constant(null), keptNumbers, fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(fc.string(), tie('value'), { maxKeys: 3, noNullPrototype: true })),
})).value;
/** What a person keeps beside the credential, names of our own fields left out. */
const personsFields = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'username', 'url')), json, { noNullPrototype: true }).map((fields) => {
  const { [FIELD]: _value, [STAMP_FIELD]: _stamp, ...rest } = fields;
  return rest;
});

function read(text: string): ReturnType<typeof parsePayload> {
  return parsePayload(new Secret(text), PLACE);
}

function refusal(text: string): KeyturnError {
  try {
    read(text);
  } catch (error) {
    assert.ok(error instanceof KeyturnError, String(error));
    assert.equal(error.code, 'secret-malformed');
    return error;
  }
  return assert.fail('accepted');
}

describe('reading a secret', () => {
  it('takes bare text as the credential, and nothing as nothing', () => {
    fc.assert(
      fc.property(values, fc.constantFrom('', ' ', '\n', ' \r\n'), (value, around) => {
        const payload = read(`${around}${value}${around}`);
        assert.equal(payload.kind, 'plain');
        assert.equal(payload.value?.reveal(), value);
      }),
    );
    assert.deepEqual(['', ' \n'].map(read), [EMPTY_PAYLOAD, EMPTY_PAYLOAD]);
  });

  it('finds credential, stamp and all fields in JSON', () => {
    fc.assert(
      fc.property(values, personsFields, (value, fields) => {
        const payload = read(JSON.stringify({ ...fields, [FIELD]: value, [STAMP_FIELD]: STAMP }));
        assert.ok(payload.kind === 'json');
        assert.equal(payload.value?.reveal(), value);
        assert.deepEqual(payload.stamp, STAMP);
        assert.deepEqual(Object.keys(payload.fields).toSorted(), [...Object.keys(fields), FIELD, STAMP_FIELD].toSorted());
      }),
    );
  });

  it('believes no stamp that is not whole', () => {
    for (const stamp of [undefined, 'x', {}, { ...STAMP, seal: '' }, { ...STAMP, handle: '' }, { ...STAMP, more: 1 }, { ...STAMP, mintedAt: 'now' }]) {
      const payload = read(JSON.stringify({ token: 'v', [STAMP_FIELD]: stamp }));
      assert.ok(payload.kind === 'json');
      assert.equal(payload.stamp, undefined);
    }
  });

  it('holds no credential where the field is missing or empty', () => {
    for (const text of ['{}', '{"token":""}', '{"user":"x"}']) assert.equal(read(text).value, undefined);
  });

  it('refuses broken JSON, a field that is no text and a number that cannot be kept, and never quotes the secret', () => {
    for (const text of ['{"token":"glpat-hush"', '{glpat-hush}', '{"token":{"value":"glpat-hush"}}', '{"token":7}', '{"token":"glpat-hush","id":12345678901234567890}', '{"token":"glpat-hush","deep":[{"n":1e999}]}']) {
      const { message } = refusal(text);
      assert.ok(!message.includes('hush') && !message.includes('1234567890'), message);
      assert.match(message, /: (correct|store) .+\.$/);
    }
    assert.match(refusal('{"token":"v","id":12345678901234567890}').message, /"id"/);
  });
});

describe('the next version', () => {
  const made = { value: new Secret('new-value'), stamp: STAMP };

  it('stays plain where the secret was plain', () => {
    fc.assert(fc.property(values, (value) => assert.equal(nextPayload(read(value), PLACE, { ...made, fields: { client_id: 'x' } }).reveal(), 'new-value')));
  });

  it('keeps every field of a person as it is', () => {
    fc.assert(
      fc.property(values, personsFields, (value, fields) => {
        const text = JSON.stringify({ ...fields, [FIELD]: value, [STAMP_FIELD]: { ...STAMP, seal: 'old' } });
        const next = nextPayload(read(text), PLACE, made).reveal();
        assert.deepEqual(JSON.parse(next), JSON.parse(JSON.stringify({ ...fields, [FIELD]: 'new-value', [STAMP_FIELD]: STAMP })));
      }),
    );
  });

  it('is JSON with value, companions and stamp where the secret was empty', () => {
    const next = nextPayload(EMPTY_PAYLOAD, PLACE, { ...made, fields: { client_id: 'app-1' } });
    assert.deepEqual(JSON.parse(next.reveal()), { client_id: 'app-1', token: 'new-value', [STAMP_FIELD]: STAMP });
  });

  it('reads back as what was written, however often it is rotated', () => {
    fc.assert(
      fc.property(personsFields, fc.array(values, { minLength: 1, maxLength: 4 }), (fields, rotations) => {
        let payload = read(JSON.stringify(fields));
        for (const value of rotations) payload = parsePayload(nextPayload(payload, PLACE, { value: new Secret(value), stamp: STAMP }), PLACE);
        assert.ok(payload.kind === 'json');
        assert.equal(payload.value?.reveal(), rotations.at(-1));
        const { [FIELD]: _value, [STAMP_FIELD]: stamp, ...rest } = payload.fields;
        assert.deepEqual(stamp, STAMP);
        assert.deepEqual(rest, JSON.parse(JSON.stringify(fields)));
      }),
    );
  });
});

describe('the sealed text', () => {
  const claims = fc.record({ secretArn: fc.string(), versionId: fc.string(), handle: fc.option(fc.string(), { nil: undefined }), fingerprint: fc.string() });

  it('is another one as soon as any part is', () => {
    fc.assert(
      fc.property(claims, claims, (one, other) => {
        const isSame = one.secretArn === other.secretArn && one.versionId === other.versionId && one.handle === other.handle && one.fingerprint === other.fingerprint;
        assert.equal(sealedText(one) === sealedText(other), isSame);
        for (const part of ['secretArn', 'versionId', 'handle', 'fingerprint'] as const) assert.notEqual(sealedText({ ...one, [part]: `${one[part]}+` }), sealedText(one));
      }),
    );
  });

  it('cannot be shifted from one part into the next, nor a missing handle be an empty one', () => {
    const claim = { secretArn: 'a', versionId: 'b', handle: 'c', fingerprint: 'd' };
    assert.notEqual(sealedText({ ...claim, secretArn: 'a","b', versionId: '' }), sealedText(claim));
    assert.notEqual(sealedText({ ...claim, handle: undefined }), sealedText({ ...claim, handle: '' }));
    assert.notEqual(sealedText({ ...claim, handle: undefined }), sealedText({ ...claim, handle: 'null' }));
  });
});
