import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EXPIRED } from '../../functions/core/validity/expiry.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf, credentialOf } from '../../functions/core/token/lookups.ts';
import type { Credential } from '../../functions/core/token/credential.ts';
import {
  CALM,
  SUBJECTS,
  adopted,
  credentialIn,
  isLive,
  issued,
  oldOf,
  recordOf,
  rotateOnce,
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
