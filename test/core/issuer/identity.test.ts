import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import {
  fingerprintFrom,
  fingerprintText,
  handleOfValue,
  sameValue,
  sealFrom,
  sealedText,
  shortFingerprint,
  valueOf,
} from '../../../functions/core/issuer/identity.ts';

describe('a value', () => {
  it('is the same whatever white space stands around it', () => {
    const spaces = fc.string({
      unit: fc.constantFrom(
        ' ',
        '\t',
        '\n',
        '\r',
        '\v',
        '\f',
        '\u00a0',
        '\ufeff',
        '\u2028',
        '\u2029',
        '\u3000',
        '\u2003',
      ),
    });
    fc.assert(
      fc.property(spaces, fc.stringMatching(/^\S+( \S+)?$/), spaces, (before, value, after) =>
        assert.equal(valueOf(before + valueOf(value) + after), valueOf(value)),
      ),
    );
    assert.equal(
      valueOf(' a b\u200b '),
      'a b\u200b',
      'what is inside, and what is no white space, is part of it',
    );
  });
});

describe('a fingerprint', () => {
  it('carries the number of its rule, which its text has too', () => {
    const [, number] = /^keyturn-fingerprint-(\d+)\n/.exec(fingerprintText('ab')) ?? [];
    assert.equal(fingerprintFrom('ff'), `${number}:ff`);
    const made = { secretArn: 'a', versionId: 'v', handle: undefined, fingerprint: 'f', reach: undefined };
    const [, ofSeals] = /keyturn-seal-(\d+)/.exec(sealedText(made)) ?? [];
    assert.equal(sealFrom('ff'), `${ofSeals}:ff`);
  });

  it('says that values differ only under one rule', () => {
    assert.equal(sameValue('3:ab', '3:ab'), 'same');
    assert.equal(sameValue('3:ab', '3:cd'), 'different');
    for (const [one, other] of [
      ['2:ab', '3:cd'],
      ['2:ab', '3:ab'],
      ['ab', 'cd'],
      ['ab', '3:ab'],
      [undefined, '3:ab'],
      ['3:ab', undefined],
      [undefined, undefined],
      ['ab', 'ab'],
      ['', ''],
    ] as const)
      assert.equal(sameValue(one, other), 'unknown', `${one} ${other}`);
  });

  it('has a rule whose number may have more digits, and stands at its beginning', () => {
    assert.equal(sameValue('10:ab', '10:cd'), 'different');
    assert.equal(sameValue('10:ab', '11:ab'), 'unknown');
    assert.equal(sameValue('x3:ab', 'x3:cd'), 'unknown');
  });

  it('is shown to people by its beginning, without its rule', () => {
    assert.equal(shortFingerprint('3:0123456789abcdef'), '0123456789ab');
    assert.equal(shortFingerprint('10:0123456789abcdef', 4), '0123');
    assert.equal(shortFingerprint('ab3:f'), 'ab3:f');
  });

  it('is all that a handle has of a value', () => {
    assert.equal(handleOfValue('host/users/7', '3:ab'), 'host/users/7/values/3:ab');
  });
});

describe('the sealed text', () => {
  const places = fc.record({
    host: fc.string(),
    basePath: fc.string(),
    account: fc.string(),
    clientId: fc.option(fc.string(), { nil: undefined }),
  });
  const claims = fc.record({
    secretArn: fc.string(),
    versionId: fc.string(),
    handle: fc.option(fc.string(), { nil: undefined }),
    fingerprint: fc.string(),
    reach: fc.option(places, { nil: undefined }),
  });

  it('is another one as soon as any part is', () => {
    fc.assert(
      fc.property(claims, claims, (one, other) => {
        const isSame =
          one.secretArn === other.secretArn &&
          one.versionId === other.versionId &&
          one.handle === other.handle &&
          one.fingerprint === other.fingerprint &&
          isDeepStrictEqual(one.reach, other.reach);
        assert.equal(sealedText(one) === sealedText(other), isSame);
        for (const part of ['secretArn', 'versionId', 'handle', 'fingerprint'] as const)
          assert.notEqual(sealedText({ ...one, [part]: `${one[part]}+` }), sealedText(one));
        const reach = one.reach ?? { host: 'h', basePath: '', account: 'a', clientId: undefined };
        for (const part of ['host', 'basePath', 'account', 'clientId'] as const)
          assert.notEqual(
            sealedText({ ...one, reach: { ...reach, [part]: `${reach[part]}+` } }),
            sealedText({ ...one, reach }),
          );
      }),
    );
  });

  it('cannot be shifted from one part into the next, nor a missing handle be an empty one', () => {
    const claim = { secretArn: 'a', versionId: 'b', handle: 'c', fingerprint: 'd', reach: undefined };
    assert.notEqual(sealedText({ ...claim, secretArn: 'a","b', versionId: '' }), sealedText(claim));
    assert.notEqual(sealedText({ ...claim, handle: undefined }), sealedText({ ...claim, handle: '' }));
    assert.notEqual(sealedText({ ...claim, handle: undefined }), sealedText({ ...claim, handle: 'null' }));
  });
});
