import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'node:test';
import { recordedForRevocation } from '../../../functions/core/token/recorded-for-revocation.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { tokens } from '../../fakes/arbitraries.ts';
import { aToken } from '../../fakes/tokens.ts';

describe('recorded for revocation', () => {
  const recordForRevocation = fc.record(
    {
      versionId: fc.constantFrom('current-version', 'version-a', 'lost:stranger-1', 'a-new-version'),
      handle: fc.constantFrom('handle-of-current-version', 'handle-of-version-a', 'stranger-1'),
      origin: fc.constantFrom('minted', 'found'),
      neverCurrent: fc.boolean(),
      reason: fc.constant('lost'),
      at: fc.constant(7),
    } as const,
    { requiredKeys: ['handle', 'origin', 'neverCurrent', 'reason', 'at'], noNullPrototype: true },
  );

  it('changes no credential that is on record, least of all a current one', () => {
    fc.assert(
      fc.property(tokens, recordForRevocation, (token, target) =>
        assert.deepEqual(
          recordedForRevocation(token, target).credentials.slice(0, token.credentials.length),
          token.credentials,
        ),
      ),
    );
  });

  it('sends a credential that is on no credential to its end, once, under an id of its own', () => {
    fc.assert(
      fc.property(tokens, recordForRevocation, (token, target) => {
        const once = recordedForRevocation(token, target);
        assert.deepEqual(recordedForRevocation(once, target), once);
        const made = once.credentials.find((one) => one.handle === target.handle);
        assert.ok(made);
        if (token.credentials.some((one) => one.handle === target.handle))
          return assert.deepEqual(once, token);
        assert.deepEqual([made.state, made.withoutGrace], ['revoking', true]);
        assert.equal(new Set(once.credentials.map((one) => one.id)).size, once.credentials.length);
        assert.ok(made.versionId === undefined || made.versionId === made.id);
      }),
    );
  });

  it('does not lose itself in version ids that look like its own', () => {
    const taken: Credential = { id: 'lost:h', versionId: 'lost:h', origin: 'adopted', state: 'current' };
    const after = recordedForRevocation(aToken({ credentials: [taken] }), {
      handle: 'h',
      origin: 'found',
      at: 7,
      neverCurrent: false,
      reason: 'lost',
    });
    assert.deepEqual(after.credentials[0], taken);
    assert.deepEqual(
      [after.credentials[1]?.id, after.credentials[1]?.handle, after.credentials[1]?.state],
      ['lost:lost:h', 'h', 'revoking'],
    );
  });
});
