import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  NOT_STORED,
  lostMintText,
  nextMintAt,
  storable,
  wantsStoreTest,
  withLostMint,
} from '../../../functions/core/rotation/lost-creations.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const DENIED = {
  code: NOT_STORED,
  message: 'AWS did not do secretsmanager:PutSecretValue: AccessDeniedException.',
} as const;
const OTHERWISE = {
  code: 'new-credential-rejected',
  message: 'The issuer made a credential with other scopes.',
} as const;
const lost = (cause: Parameters<typeof withLostMint>[1], token = aToken(), at = T0): Token =>
  withLostMint(token, cause, at);

describe('what was made and could not be stored', () => {
  it('is made again at once, but only after a test of the store', () => {
    assert.equal(nextMintAt(lost(DENIED)), 0);
    assert.equal(wantsStoreTest(lost(DENIED)), true);
    assert.equal(wantsStoreTest(storable(lost(DENIED), T0 + 1)), false);
  });

  it('is made again after a day where the test was no witness', () => {
    const again = lost(DENIED, storable(lost(DENIED), T0 + 1), T0 + HOUR);
    assert.equal(again.lostMint?.count, 2);
    assert.equal(nextMintAt(again), T0 + HOUR + DAY);
    assert.equal(wantsStoreTest(again), true);
  });

  it('is one of another cause, or one long ago, as far as counting goes', () => {
    assert.equal(lost({ ...DENIED, message: 'KMS said no.' }, lost(DENIED)).lostMint?.count, 1);
    assert.equal(lost(DENIED, lost(DENIED), T0 + 2 * DAY).lostMint?.count, 1);
  });
});

describe('what the issuer made otherwise than asked', () => {
  it('is made again after a day, and no test of the store helps', () => {
    assert.equal(nextMintAt(lost(OTHERWISE)), T0 + DAY);
    assert.equal(wantsStoreTest(lost(OTHERWISE)), false);
  });

  it('is made again after an hour where a leak waits for it, or the current one would end before', () => {
    const incident = { id: 'i', exposed: [{ id: 'v' }], source: 's', reportedAt: T0 };
    assert.equal(nextMintAt(lost(OTHERWISE, aToken({ incidents: [incident] }))), T0 + HOUR);
    assert.equal(nextMintAt(lost(OTHERWISE, aToken({ incidents: [{ ...incident, held: true }] }))), T0 + DAY);
    assert.equal(
      nextMintAt(
        lost(
          OTHERWISE,
          aToken({
            credentials: [{ id: 'v', origin: 'minted', state: 'current', expiresAt: T0 + 20 * HOUR }],
          }),
        ),
      ),
      T0 + HOUR,
    );
  });

  it('is made again at once for a person who asks after it', () => {
    assert.equal(nextMintAt({ ...lost(OTHERWISE), rotateRequestedAt: T0 + 1 }), 0);
    assert.equal(nextMintAt({ ...lost(OTHERWISE), rotateRequestedAt: T0 }), T0 + DAY);
  });
});

it('nothing lost holds up nothing', () => {
  assert.equal(nextMintAt(aToken()), 0);
  assert.equal(wantsStoreTest(aToken()), false);
  assert.equal(storable(aToken(), T0).lostMint, undefined);
});

it('the sentence tells the cause and when there is another try', () => {
  const one = { ...DENIED, at: T0, count: 1 };
  assert.match(
    lostMintText('prod/x', one, 0),
    /prod\/x 2026-01-05T09:00:00Z could not be kept: .*AccessDeniedException\. Nothing more is made before Secrets Manager takes a version again\.$/,
  );
  assert.match(
    lostMintText('prod/x', one, T0 + DAY),
    /before 2026-01-06T09:00:00Z, unless a person runs `keyturn rotate`\.$/,
  );
});
