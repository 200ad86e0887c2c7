import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY } from '../../../functions/core/basics/time.ts';
import { revocationRequest } from '../../../functions/core/revocation/ask-people.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { T0 } from '../../fakes/tokens.ts';

const OLD: Credential = { id: 'v1', handle: 'h1', origin: 'adopted', state: 'revoking' };
const ASKS = 'Keyturn asks every hour whether the issuer rejects it.';

describe('a person who alone can revoke', () => {
  it('is told where, for which account, and from when until when it was current', () => {
    const reach = { host: 'api.stripe.com', basePath: '', account: 'accounts/acct_1/live' };
    assert.equal(
      revocationRequest({ ...OLD, reach, promotedAt: T0, supersededAt: T0 + DAY }, 'https://a.example/keys'),
      'Only a person can revoke the credential h1: do so at https://a.example/keys for the account ' +
        'api.stripe.com/accounts/acct_1/live. It was current from 2026-01-05T09:00:00Z until ' +
        `2026-01-06T09:00:00Z. ${ASKS}`,
    );
  });

  it('is not told that one was current which no consumer ever had', () => {
    assert.equal(
      revocationRequest({ ...OLD, neverCurrent: true, issuedAt: T0 }, undefined),
      'Only a person can revoke the credential h1: do so. It was first seen 2026-01-05T09:00:00Z, and was ' +
        `never current. ${ASKS}`,
    );
  });

  it('is told of one that is current still, and nothing of what is not known', () => {
    assert.match(
      revocationRequest({ ...OLD, issuedAt: T0 }, undefined),
      /current from 2026-01-05T09:00:00Z\. /,
    );
    assert.equal(
      revocationRequest(OLD, undefined),
      `Only a person can revoke the credential h1: do so. ${ASKS}`,
    );
  });
});
