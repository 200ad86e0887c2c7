import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { AGE_PATIENCE } from '../../../functions/core/revocation/forced-revocations.ts';
import { TAGS } from '../../../functions/core/policy/tags.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { CLOCK_SKEW } from '../../../functions/core/issuer/mint-window.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { NEW, NOW, OLD, STALE, Stand, handleOf, valueOf } from './stand.ts';
import { T0 } from '../../fakes/tokens.ts';

type Cause = NonNullable<Credential['forcedRevocation']>['cause'];

const LEAK = {
  id: 'leak',
  exposed: [{ id: NEW, handle: handleOf(NEW) }],
  source: 'a scanner',
  reportedAt: NOW - HOUR,
};
const REVOKES = {
  [TAGS.onMaxAge]: 'revoke',
  [TAGS.maxAge]: '21d',
  [TAGS.rotateEvery]: '14d',
  [TAGS.onContainmentDeadline]: 'revoke',
};

/**
 * A current credential that is to be revoked by an order of its policy, or by a person who ended the token,
 * with all that this takes.
 */
async function ordered(cause: Cause): Promise<Stand> {
  const stand = await Stand.create();
  const policy = (token: Token): Token['policy'] => ({
    ...token.policy,
    onMaxAge: 'revoke',
    onContainmentDeadline: 'revoke',
    maxAge: 21 * DAY,
    rotateEvery: 14 * DAY,
  });
  await stand.change((token) => ({
    policy: policy(token),
    ...(cause === 'incident' && { incidents: [LEAK] }),
    ...(cause === 'retirement' && { ending: { kind: 'retire', askedAt: NOW - HOUR, by: 'ana' } }),
  }));
  await stand.changeOne(OLD, { state: 'ended', endedAt: T0 });
  await stand.changeOne(NEW, { issuedAt: T0, forcedRevocation: { cause, at: NOW - HOUR } });
  stand.relist(NEW, { createdAt: T0 });
  await stand.changeOne(NEW, { createdAt: T0 });
  stand.tag(REVOKES);
  await stand.permit({ kind: 'forced-revocation', about: NEW });
  if (cause === 'incident') await stand.permit({ kind: 'incident', about: NEW });
  if (cause === 'retirement') await stand.permit({ kind: 'retirement', about: stand.tokenId });
  return stand;
}

describe('a current credential', () => {
  for (const cause of ['incident', 'max-age', 'retirement'] as const) {
    it(`is revoked by an order (${cause}), whatever takes its place`, async () => {
      const stand = await ordered(cause);
      assert.deepEqual(await stand.lets(NEW), { revoked: true });
      assert.deepEqual(stand.probed, []);
    });

    it(`is not revoked by an order (${cause}) without a permit`, async () => {
      const stand = await ordered(cause);
      await stand.unpermit('forced-revocation');
      await stand.refuses(/no order of its policy lets Keyturn revoke it/, {}, NEW);
    });

    it(
      `is not revoked by an order (${cause}) while a person's label stands on another version that may ` +
        'hold it',
      async () => {
        const stand = await ordered(cause);
        await stand.put(stand.arn, [
          [NEW, ['AWSCURRENT']],
          ['copied', ['audit']],
        ]);
        stand.write('copied', JSON.stringify({ token: valueOf(NEW) }));
        stand.tag(REVOKES);
        await stand.refuses(
          /is the version copied, which a person labelled audit/,
          { stale: true, giveBack: true },
          NEW,
        );
      },
    );
  }

  it('is not revoked without an order', async () => {
    const stand = await ordered('max-age');
    await stand.changeOne(NEW, { forcedRevocation: undefined });
    await stand.refuses(/is current, not claimed/, STALE, NEW);
  });

  it('is not revoked for a leak, or an end, that the worker function did not write down', async () => {
    const leak = await ordered('incident');
    await leak.unpermit('incident');
    await leak.refuses(/no order of its policy lets Keyturn revoke it/, {}, NEW);
    const end = await ordered('retirement');
    await end.unpermit('retirement');
    await end.refuses(/no order of its policy lets Keyturn revoke it/, {}, NEW);
  });

  it('is not revoked by a policy that its tags do not state any more', async () => {
    for (const [cause, tags] of [
      ['max-age', { [TAGS.onMaxAge]: 'page' }],
      ['incident', { [TAGS.onContainmentDeadline]: 'page', [TAGS.onMaxAge]: 'page' }],
      ['max-age', { [TAGS.maxAge]: '90d' }],
    ] as const) {
      const stand = await ordered(cause);
      stand.tag(tags);
      await stand.refuses(/no order of its policy lets Keyturn revoke it/, {}, NEW);
    }
  });

  it('is not revoked before the order stands', async () => {
    const stand = await ordered('max-age');
    stand.now = T0 + 21 * DAY + AGE_PATIENCE - 1;
    await stand.refuses(/no order of its policy lets Keyturn revoke it/, {}, NEW);
    stand.now += 1;
    await stand.lets(NEW);
  });

  it('is not revoked unless its own version is known to hold it', async () => {
    const other = await ordered('max-age');
    other.write(NEW, await other.sealed(other.arn, OLD));
    await other.refuses(/Nothing tells that AWSCURRENT is the credential/, {}, NEW);
    const empty = await ordered('max-age');
    empty.write(NEW, '{}');
    await empty.refuses(/Nothing tells that AWSCURRENT is the credential/, {}, NEW);
    const versionless = await ordered('max-age');
    await versionless.changeOne(NEW, { versionId: undefined });
    versionless.label({ [OLD]: [] });
    await versionless.refuses(/Nothing tells that AWSCURRENT/, {}, NEW);
  });

  it('is not revoked for its age before its issuer, too, has it as that old', async () => {
    const young = await ordered('max-age');
    const border = NOW - 21 * DAY + CLOCK_SKEW;
    await young.changeOne(NEW, { createdAt: undefined });
    young.relist(NEW, { createdAt: border + 1 });
    await young.refuses(/not past its highest age/, {}, NEW);
    young.relist(NEW, { createdAt: border });
    await young.lets(NEW);
    for (const undated of [true, false]) {
      const stand = await ordered('max-age');
      stand.listed = undated ? stand.listed.map(({ createdAt: _createdAt, ...one }) => one) : [];
      await stand.lets(NEW);
    }
  });

  it('is revoked for a leak and at its end, however young its issuer has it', async () => {
    for (const cause of ['incident', 'retirement'] as const) {
      const stand = await ordered(cause);
      await stand.changeOne(NEW, { createdAt: undefined });
      stand.relist(NEW, { createdAt: NOW });
      await stand.lets(NEW);
    }
  });
});

describe('the credential of a token that a person ended', () => {
  async function ended(): Promise<Stand> {
    const stand = await Stand.create();
    await stand.change(() => ({ ending: { kind: 'retire', askedAt: NOW - HOUR, by: 'ana' } }));
    await stand.permit({ kind: 'retirement', about: stand.tokenId });
    return stand;
  }

  it('is revoked although its secret is to be deleted, or gone, and not without that permit', async () => {
    for (const isGone of [true, false]) {
      const stand = await ended();
      const takeAway = (): void =>
        isGone ? void stand.secrets.delete(stand.arn) : stand.show({ deletedAt: NOW + DAY });
      takeAway();
      assert.deepEqual(await stand.ask(), { revoked: true });
      const unpermitted = await ended();
      await unpermitted.unpermit('retirement');
      if (isGone) {
        unpermitted.secrets.delete(unpermitted.arn);
        await assert.rejects(
          unpermitted.ask(),
          (error: unknown) => error instanceof KeyturnError && error.code === 'not-found',
        );
      } else {
        unpermitted.show({ deletedAt: NOW + DAY });
        await unpermitted.refuses(/scheduled for deletion/);
      }
      assert.deepEqual(unpermitted.revoked, []);
    }
  });

  it('is revoked without grace, picture and last look, and not while another secret needs it', async () => {
    const stand = await ended();
    stand.accepted.clear();
    stand.forgetPass();
    await stand.changeOne(OLD, { supersededAt: NOW - MINUTE });
    assert.deepEqual(await stand.lets(), { revoked: true });
    const shared = await ended();
    await shared.another(
      'prod/copy',
      [[OLD, ['AWSCURRENT']]],
      [await shared.credential(OLD, { state: 'current' })],
    );
    await shared.refuses(/also held by the token prod\/copy-AbC123, where it is current/, { giveBack: true });
  });
});

describe('an old credential whose token has nothing current', () => {
  it('may be revoked when what was current was revoked by order: AWSCURRENT still stands on it', async () => {
    const stand = await Stand.create();
    await stand.changeOne(NEW, { state: 'ended', forcedRevocation: { cause: 'max-age', at: T0 } });
    assert.equal((await stand.lets()).revoked, true);
  });

  it('may not when the secret has no current version either, but for what no consumer had', async () => {
    const stand = await Stand.create();
    await stand.changeOne(NEW, { state: 'previous', supersededAt: T0 });
    stand.label({ [NEW]: [], [OLD]: ['AWSPREVIOUS'] });
    await stand.refuses(/which the inventory does not know|has no current version|Nothing has taken/);
    await stand.changeOne(OLD, { neverCurrent: true, promotedAt: undefined, supersededAt: undefined });
    stand.label({});
    assert.deepEqual(await stand.ask(), { revoked: true });
    const emptied = await Stand.create();
    await emptied.changeOne(NEW, { state: 'ended', forcedRevocation: { cause: 'max-age', at: T0 } });
    await emptied.changeOne(OLD, { neverCurrent: true, promotedAt: undefined, supersededAt: undefined });
    emptied.label({});
    assert.deepEqual(await emptied.ask(), { revoked: true });
  });
});
