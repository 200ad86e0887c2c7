import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { FINDING_KINDS, Severity, findingKey, isWorse } from '../../../functions/core/findings/findings.ts';

const kinds = fc.constantFrom(...FINDING_KINDS.options);

const ids = fc.stringMatching(/^[a-z]{1,6}(\/[a-z]{1,6}){0,2}-[A-Za-z0-9]{6}$/);

const handles = fc.constantFrom('', 'projects/1/access_tokens/7', '0oa1/ocs2', 'key-3');

const findings = fc.record({ id: ids, kind: kinds, subject: handles });

describe('severities', () => {
  it('are ordered: none is worse than itself, and of two one is worse', () => {
    const severities = Severity.options;
    severities.forEach((one, at) =>
      severities.forEach((other, otherAt) => assert.equal(isWorse(one, other), at > otherAt)),
    );
  });
});

describe('the key of a finding', () => {
  it('is one for a finding, and another one for another token, kind or subject', () => {
    fc.assert(
      fc.property(findings, findings, (one, other) => {
        const isSame = one.id === other.id && one.kind === other.kind && one.subject === other.subject;
        assert.equal(findingKey(one.id, one) === findingKey(other.id, other), isSame);
      }),
    );
  });
});
