import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { differsFrom, labelsDigest } from '../../../functions/core/inventory/label-digest.ts';
import type { Labels } from '../../../functions/core/token/staging-labels.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { MINUTE } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const CURRENT: Credential = { id: 'v2', versionId: 'v2', origin: 'minted', state: 'current' };
const OLD: Credential = { id: 'v1', versionId: 'v1', origin: 'minted', state: 'previous' };
const TOKEN: Partial<Token> = { credentials: [OLD, CURRENT] };
const ATTEMPT = {
  id: 'v3',
  cause: 'due',
  state: 'open',
  openedAt: T0,
  deadline: T0 + MINUTE,
  mints: [],
} as const;

function differs(labels: Record<string, string[]>, token: Partial<Token> = TOKEN): boolean {
  return differsFrom(aToken(token), new Map(Object.entries(labels)) satisfies Labels);
}

describe('the labels of a secret', () => {
  it('are what a record says of them', () => {
    assert.ok(!differs({ v2: ['AWSCURRENT'], v1: ['AWSPREVIOUS', 'keyturn-pin-v1'] }));
    assert.ok(!differs({ v2: ['AWSCURRENT', 'AWSPENDING'], v1: ['AWSPREVIOUS'] }));
    assert.ok(!differs({ v2: ['AWSCURRENT'], v3: ['AWSPENDING'] }, { ...TOKEN, attempts: [ATTEMPT] }));
    assert.ok(!differs({}, {}));
    assert.ok(
      !differs({ v2: ['AWSCURRENT'], v9: [] }),
      'a version that has no label any more counts for nothing',
    );
  });

  it('differ in another current version, and in none at all', () => {
    assert.ok(differs({ v1: ['AWSCURRENT'], v2: ['AWSPREVIOUS'] }));
    assert.ok(differs({ v1: ['AWSPREVIOUS'] }));
    assert.ok(differs({ v2: ['AWSCURRENT'] }, {}));
  });

  it('differ in a version that the record does not know, whatever a person called it', () => {
    assert.ok(differs({ v2: ['AWSCURRENT'], v9: ['AWSPREVIOUS'] }));
    assert.ok(differs({ v2: ['AWSCURRENT'], v9: ['STABLE'] }));
  });

  it('differ in an AWSPENDING that no attempt under way owns', () => {
    assert.ok(differs({ v2: ['AWSCURRENT'], v3: ['AWSPENDING'] }));
    assert.ok(
      differs(
        { v2: ['AWSCURRENT'], v3: ['AWSPENDING'] },
        { ...TOKEN, attempts: [{ ...ATTEMPT, state: 'aborted', tidy: true }] },
      ),
    );
  });

  it('are on record too where an attempt alone knows the version', () => {
    assert.ok(
      !differs(
        { v2: ['AWSCURRENT'], v3: ['keyturn-set-aside-v3'] },
        { ...TOKEN, attempts: [{ ...ATTEMPT, state: 'aborted', tidy: true }] },
      ),
    );
  });

  it('of a current credential that was revoked by order are as they should be', () => {
    assert.ok(
      !differs(
        { v2: ['AWSCURRENT'] },
        { credentials: [{ ...CURRENT, state: 'ended', forcedRevocation: { cause: 'incident', at: T0 } }] },
      ),
    );
  });
});

describe('the digest of labels', () => {
  const digest = (labels: Record<string, string[]>): string =>
    labelsDigest(new Map(Object.entries(labels)) satisfies Labels);
  const SHOWN = { v2: ['AWSCURRENT', 'STABLE'], v1: ['AWSPREVIOUS'] };

  it('is the same in whatever order they come, with pins of ours, and with versions that have none', () => {
    assert.equal(digest({ v1: ['AWSPREVIOUS'], v2: ['STABLE', 'AWSCURRENT'] }), digest(SHOWN));
    assert.equal(
      digest({ ...SHOWN, v1: ['AWSPREVIOUS', 'keyturn-pin-v1'], v0: ['keyturn-pin-v0'], v9: [] }),
      digest(SHOWN),
    );
    assert.match(digest(SHOWN), /^[0-9a-f]{16}$/);
  });

  it('is another one for every other label, or the same one elsewhere', () => {
    const others = [
      {},
      { v2: ['AWSCURRENT'], v1: ['AWSPREVIOUS'] },
      { v1: ['AWSCURRENT', 'STABLE'], v2: ['AWSPREVIOUS'] },
      { ...SHOWN, v0: ['audit'] },
    ];
    assert.equal(new Set([SHOWN, ...others].map(digest)).size, others.length + 1);
  });
});
