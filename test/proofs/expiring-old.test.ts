import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EXPIRED } from '../../functions/core/validity/expiry.ts';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf, credentialOf } from '../../functions/core/token/lookups.ts';
import type { Credential } from '../../functions/core/token/credential.ts';
import { listing } from '../contracts/setup.ts';
import type { WorldOptions } from '../world/world.ts';
import {
  CALM,
  GRACE_OVER,
  SUBJECTS,
  askGuard,
  passAfterClaim,
  sessionsThrough,
  adopted,
  credentialIn,
  isLive,
  issued,
  oldOf,
  recordOf,
  rotateOnce,
  send,
  tamper,
  type Home,
  type Subject,
} from './home.ts';

/** The one whose credentials end by a date and that tells their last use. */
const GITLAB = SUBJECTS.find((one) => one.id === 'gitlab');

function gitlab(): Subject {
  assert.ok(GITLAB);
  return GITLAB;
}

/**
 * A consumer that took a credential when it was current and stays on it: whether the issuer still takes it.
 */
async function uses({ world }: Home, handle: string): Promise<boolean> {
  const value = (await issued(world)).find((one) => one.handle === handle)?.value;
  assert.ok(value);
  const answer = await world.issuer.fetch(
    new Request('https://gitlab.keyturn.test/api/v4/projects/101', { headers: { 'private-token': value } }),
  );
  return answer.status !== 401;
}

async function withOld(
  tags: Record<string, string>,
): Promise<{ home: Home; old: Credential & { handle: string; expiresAt: number } }> {
  const home = await adopted(gitlab(), { tags });
  await rotateOnce(home);
  const first = currentOf(await recordOf(home));
  await home.world.clock.advanceBy(HOUR);
  home.world.startSchedules();
  for (let look = 0; look < 40 * 8 && currentOf(await recordOf(home))?.id === first?.id; look++) {
    await uses(home, first?.handle ?? '');
    await home.world.clock.advanceBy(3 * HOUR);
  }
  const old = credentialOf(await recordOf(home), first?.id ?? '');
  assert.ok(old?.handle !== undefined && old.expiresAt !== undefined && old.state === 'previous');
  return { home, old: { ...old, handle: old.handle, expiresAt: old.expiresAt } };
}

describe('an old credential that a consumer stays on', () => {
  for (const tags of [
    {
      ...CALM,
      'keyturn:rotate-every': '5d',
      'keyturn:max-age': '8d',
      'keyturn:rotate-before-expiry': '1d',
      'keyturn:max-grace': '7d',
      'keyturn:unused-for': '1d',
    },
    {
      ...CALM,
      'keyturn:rotate-every': '20d',
      'keyturn:max-age': '30d',
      'keyturn:rotate-before-expiry': '3d',
      'keyturn:max-grace': '7d',
      'keyturn:unused-for': '1d',
    },
  ])
    it(
      'is reported before it expires, and its end as what it was: rotated every ' +
        `${tags['keyturn:rotate-every']}, living ${tags['keyturn:max-age']}`,
      async () => {
        const { home, old } = await withOld(tags);
        const { world, arn } = home;
        let toldAt: number | undefined;
        const openKinds = async (): Promise<string[]> =>
          (await recordOf(home)).findings
            .filter((one) => one.state === 'open' && one.subject === old.handle)
            .map((one) => one.kind);
        let wasLagging = false;
        while (await uses(home, old.handle)) {
          const kinds = await openKinds();
          if (kinds.includes('previous-credential-expiring')) toldAt ??= world.clock.now();
          wasLagging = kinds.includes('previous-credential-in-use');
          assert.ok(world.clock.now() < old.expiresAt + DAY, 'it outlived its date');
          await world.clock.advanceBy(HOUR);
        }
        assert.ok(
          toldAt !== undefined && old.expiresAt - toldAt >= DAY,
          `no alert came before: ${String(toldAt)}`,
        );
        await world.clock.advanceBy(12 * HOUR);
        const after = credentialOf(await recordOf(home), old.id);
        assert.ok(after?.state === 'ended' || after?.state === 'revoking');
        assert.equal(after.reason, EXPIRED);
        const open = await openKinds();
        assert.ok(open.includes('previous-credential-expiring'), open.join(', '));
        assert.equal(
          open.includes('previous-credential-in-use'),
          wasLagging,
          'the finding must not end as if the pending consumers had moved',
        );
        await world.clock.advanceBy(3 * DAY);
        assert.deepEqual(await openKinds(), [], 'what is over is not told of for ever');
        assert.ok(await isLive(world, (await credentialIn(world, await world.read(arn))).handle));
      },
    );
});

/** What the issuer says of the credential with a handle: another end than it was made with, or none. */
interface Said {
  handle?: string;
  at?: number;
  /** It lists no date, and says nothing of the value. */
  isSilent?: boolean;
  /** Its list cannot be read. */
  isDown?: boolean;
  /** Its list leaves the credential out. */
  isLeftOut?: boolean;
}

function dated(said: Said): Partial<WorldOptions> {
  return {
    wrap: (ports) => ({
      ...ports,
      issuers: sessionsThrough(ports.issuers, (session) => ({
        ...listing(session),
        list: async () => {
          if (said.isDown) throw new KeyturnError('issuer-unreachable', 'It is down.');
          const all = await listing(session).list();
          return all
            .filter(({ handle }) => said.isLeftOut !== true || handle !== said.handle)
            .map(({ expiresAt, ...one }) => ({
              ...one,
              ...(one.handle === said.handle && said.isSilent
                ? {}
                : expiresAt !== undefined && { expiresAt }),
              ...(one.handle === said.handle && said.at !== undefined && { expiresAt: said.at }),
            }));
        },
        probe: async (value, beside) =>
          said.isSilent && (await listing(session).identify(value, beside))?.handle === said.handle
            ? { outcome: 'unknown', reason: 'It is silent.' }
            : session.probe(value, beside),
      })),
    }),
  };
}

/** By the record, its date was over a day ago. */
function endedOnRecord(home: Home, id: string, more: Partial<Credential> = {}): Promise<void> {
  const expiresAt = home.world.clock.now() - DAY;
  return tamper(home, (token) => ({
    ...token,
    credentials: token.credentials.map((one) => (one.id === id ? { ...one, expiresAt, ...more } : one)),
  }));
}

/** Claimed for its end since its date was over, and every secret was seen since. */
async function claimedAsExpired(home: Home, id: string): Promise<void> {
  const revocationBegunAt = home.world.clock.now();
  await endedOnRecord(home, id, { state: 'revoking', reason: EXPIRED, revocationBegunAt });
  await passAfterClaim(home.world);
}

const WATCHED = { ...CALM, 'keyturn:max-grace': '7d', 'keyturn:unused-for': '1d' };

describe('an old credential whose date somebody moves at its issuer', () => {
  it('is reported before it ends where it ends sooner', async () => {
    const ends: Said = {};
    const home = await adopted(gitlab(), {
      tags: { ...WATCHED, 'keyturn:min-grace': '3d' },
      options: dated(ends),
    });
    const { world } = home;
    await rotateOnce(home);
    const { handle = '' } = oldOf(await recordOf(home));
    Object.assign(ends, { handle, at: world.clock.now() + 20 * HOUR });
    world.startSchedules();
    await world.clock.advanceBy(7 * HOUR);
    const [finding] = (await recordOf(home)).findings.filter(
      ({ kind, state }) => kind === 'previous-credential-expiring' && state === 'open',
    );
    assert.match(finding?.detail ?? '', /is still used, or may be, and expires/);
    assert.equal(finding?.severity, 'critical');
  });

  for (const [what, change] of [
    [
      'later, and its list says so',
      (ends: object, at: number): unknown => Object.assign(ends, { at: at + 90 * DAY }),
    ],
    ['never, and its value is accepted', () => undefined],
    ['never, and it cannot be asked about', (ends: object) => Object.assign(ends, { isSilent: true })],
  ] as const)
    it(`is not taken for expired, and lives as long as it is used, where it ends ${what}`, async () => {
      const ends: Said = {};
      const home = await adopted(gitlab(), { tags: WATCHED, options: dated(ends) });
      const { world } = home;
      await rotateOnce(home);
      const { id, handle = '' } = oldOf(await recordOf(home));
      change(Object.assign(ends, { handle }), world.clock.now());
      await endedOnRecord(home, id);
      world.startSchedules();
      for (let hour = 0; hour < 30; hour += 3) {
        assert.ok(await uses(home, handle), `it was ended while it was used, after ${hour} hours`);
        await world.clock.advanceBy(3 * HOUR);
      }
      const old = credentialOf(await recordOf(home), id);
      assert.equal(old?.state, 'previous');
      assert.notEqual(old.reason, EXPIRED);
    });

  it('is not taken for expired while its issuer cannot be asked, and lives once it can be', async () => {
    const ends: Said = {};
    const home = await adopted(gitlab(), { tags: WATCHED, options: dated(ends) });
    const { world } = home;
    await rotateOnce(home);
    const { id, handle = '' } = oldOf(await recordOf(home));
    await world.clock.advanceBy(GRACE_OVER);
    Object.assign(ends, { handle, isSilent: true, isDown: true });
    await endedOnRecord(home, id);
    world.startSchedules();
    await world.clock.advanceBy(9 * HOUR);
    assert.equal(credentialOf(await recordOf(home), id)?.state, 'previous', 'nobody said that it is over');
    ends.isDown = false;
    for (let hour = 0; hour < 30; hour += 3) {
      assert.ok(await uses(home, handle), `it was ended while it was used, after ${hour} hours`);
      await world.clock.advanceBy(3 * HOUR);
    }
    assert.equal(credentialOf(await recordOf(home), id)?.state, 'previous');
  });

  it('is not taken for expired where its value is lost and its list shows it without a date', async () => {
    const ends: Said = {};
    const home = await adopted(gitlab(), { tags: WATCHED, options: dated(ends) });
    const { world } = home;
    await rotateOnce(home);
    const { id, handle = '' } = oldOf(await recordOf(home));
    Object.assign(ends, { handle, isSilent: true });
    await endedOnRecord(home, id, { fingerprint: 'of another value', versionId: undefined });
    world.startSchedules();
    for (let hour = 0; hour < 30; hour += 3) {
      assert.ok(await uses(home, handle), `it was ended while it was used, after ${hour} hours`);
      await world.clock.advanceBy(3 * HOUR);
    }
    assert.equal(credentialOf(await recordOf(home), id)?.state, 'previous');
  });

  for (const [what, change] of [
    ['as active until a later date', { at: 90 * DAY }],
    ['as active without a date', { isSilent: true }],
  ] as const)
    it(`is given back by the guard where it was taken for expired and is listed ${what}`, async () => {
      const ends: Said = {};
      const home = await adopted(gitlab(), { tags: WATCHED, options: dated(ends) });
      const { world } = home;
      await rotateOnce(home);
      const { id, handle = '' } = oldOf(await recordOf(home));
      await world.clock.advanceBy(GRACE_OVER);
      Object.assign(ends, change, { handle }, 'at' in change && { at: world.clock.now() + change.at });
      await claimedAsExpired(home, id);
      const verdict = await askGuard(home, id);
      assert.ok(!verdict.revoked && verdict.giveBack === true, JSON.stringify(verdict));
      assert.match(verdict.reason, /as active (until .*|without a date): it has not expired/);
      await send(world, home.arn, { kind: 'retire', credentialId: id });
      const old = credentialOf(await recordOf(home), id);
      // Given up, it would not keep another token from ending the same credential.
      assert.deepEqual([old?.state, old?.givenUp, old?.reason], ['previous', undefined, undefined]);
      assert.ok(await isLive(world, handle));
    });

  it('is revoked by nobody where it was taken for expired and its list leaves it out', async () => {
    const ends: Said = {};
    const home = await adopted(gitlab(), { tags: WATCHED, options: dated(ends) });
    const { world } = home;
    await rotateOnce(home);
    const { id, handle = '' } = oldOf(await recordOf(home));
    await world.clock.advanceBy(GRACE_OVER);
    Object.assign(ends, { handle, isLeftOut: true });
    await claimedAsExpired(home, id);
    const verdict = await askGuard(home, id);
    assert.ok(!verdict.revoked && verdict.isGone === true, JSON.stringify(verdict));
    assert.ok(await isLive(world, handle), 'a list that leaves something out let it be revoked');
  });
});

describe('what has expired', () => {
  it('takes no slot: the next rotation goes on although it was not retired yet', async () => {
    const home = await adopted(gitlab(), { tags: CALM });
    const { world } = home;
    await rotateOnce(home);
    await world.clock.advanceBy(MINUTE);
    await rotateOnce(home);
    const old = (await recordOf(home)).credentials.filter((one) => one.state === 'previous');
    assert.equal(old.length, 2, 'the slots are taken');
    const over = world.clock.now() - 2 * DAY;
    await tamper(home, (token) => ({
      ...token,
      credentials: token.credentials.map((one) =>
        one.state === 'previous' ? { ...one, expiresAt: over } : one,
      ),
    }));
    await rotateOnce(home);
    assert.ok(oldOf(await recordOf(home)));
  });
});
