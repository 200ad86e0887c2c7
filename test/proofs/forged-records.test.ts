import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import type { Credential } from '../../functions/core/token/credential.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { inTurn } from '../extent.ts';
import {
  CALM,
  GRACE_OVER,
  SUBJECTS,
  askGuard,
  guardSays,
  inGrace,
  issued,
  midway,
  oldOf,
  passAfterClaim,
  recordOf,
  send,
  tamper,
  type Home,
} from './home.ts';

/**
 * Grace is not over while a forgery is at work, and the policy revokes at its highest age, which is far away.
 */
const LONG_GRACE = {
  ...CALM,
  'keyturn:min-grace': '12h',
  'keyturn:max-grace': '20d',
  'keyturn:on-max-age': 'revoke',
  'keyturn:on-containment-deadline': 'revoke',
  'keyturn:containment-deadline': '30m',
};

type Forgery = (token: Token, now: number) => Token;

/** Changes both the current credential and the one in grace. */
function both(fields: Partial<Credential>): Forgery {
  return (token) => ({ ...token, credentials: token.credentials.map((one) => ({ ...one, ...fields })) });
}

function old(fields: Partial<Credential>): Forgery {
  return (token) => ({
    ...token,
    credentials: token.credentials.map((one) => (one.state === 'previous' ? { ...one, ...fields } : one)),
  });
}

function current(fields: Partial<Credential>): Forgery {
  return (token) => ({
    ...token,
    credentials: token.credentials.map((one) => (one.state === 'current' ? { ...one, ...fields } : one)),
  });
}

/** Every credential once more, as one that no version holds, beside what the record says of the versions. */
function twins(fields: Partial<Credential>, versions: Forgery): Forgery {
  return (token, now) => {
    const made = token.credentials.map((one, at): Credential => ({
      id: `lost:${at}`,
      handle: one.handle,
      createdAt: one.createdAt,
      origin: 'minted',
      state: 'revoking',
      withoutGrace: true,
      revocationBegunAt: 0,
      reason: 'a forgery',
      ...fields,
    }));
    const { credentials, ...rest } = versions(token, now);
    return { ...rest, credentials: [...credentials, ...made] };
  };
}

function leaking(source: string): Forgery {
  return (token) => ({
    ...token,
    incidents: [
      {
        id: 'forged',
        source,
        reportedAt: 0,
        exposed: token.credentials.map(({ id, handle, fingerprint }) => ({ id, handle, fingerprint })),
      },
    ],
  });
}

const ENDED =
  (by: string): Forgery =>
  (token, now) => ({ ...token, ending: { kind: 'retire', askedAt: now, by } });
const CLAIMED = {
  state: 'revoking',
  withoutGrace: true,
  revocationBegunAt: 0,
  endingSince: 0,
} as const satisfies Partial<Credential>;
const ORDERED = {
  withoutGrace: true,
  revocationBegunAt: 0,
  forcedRevocation: { cause: 'max-age', at: 0 },
} as const satisfies Partial<Credential>;
/** The version keeps its place, and is said to hold something else. */
const MISNAMED: Forgery = (token) => ({
  ...token,
  credentials: token.credentials.map((one, at) => ({
    ...one,
    handle: `somebody/elses/${at}`,
    fingerprint: `3:${at}`,
    createdAt: undefined,
  })),
});
const SAID_ENDED = old({ state: 'ended', endedAt: 0 });
const NONE_AT_ALL: Forgery = (token) => ({ ...token, credentials: [] });

function chain(...forgeries: readonly Forgery[]): Forgery {
  return (token, now) => forgeries.reduce((doing, forge) => forge(doing, now), token);
}

/** What somebody can make of one record, who may write it and nothing else. */
const FORGERIES: Readonly<Record<string, Forgery>> = {
  'a person ended the token': ENDED('ana'),
  'a person ended it, and its secret is gone': chain(ENDED('ana'), (token, now) => ({
    ...token,
    deletion: { at: now, gone: true },
  })),
  'a person ended it, and its credentials are claimed': chain(ENDED('ana'), both(CLAIMED)),
  'all of it leaked': leaking('ana'),
  'all of it leaked, and is claimed': chain(leaking('ana'), both(CLAIMED)),
  'all of it leaked, and the policy orders its end': chain(
    leaking('ana'),
    current({ ...ORDERED, forcedRevocation: { cause: 'incident', incident: 'forged', at: 0 } }),
  ),
  'a person asked for its end': both({ withoutGrace: true, askedBy: 'ana' }),
  'a person asked for its end, and it is claimed': both({ ...CLAIMED, askedBy: 'ana' }),
  'it is to die without grace': both({ withoutGrace: true }),
  'the old one is claimed': old(CLAIMED),
  'the old one is claimed, and was replaced long ago': old({ ...CLAIMED, supersededAt: 0 }),
  'the old one was replaced long ago': old({ supersededAt: 0 }),
  'the old one was never in use': old({
    ...CLAIMED,
    neverCurrent: true,
    supersededAt: undefined,
    promotedAt: undefined,
  }),
  'the old one was made on trial': old({
    ...CLAIMED,
    neverCurrent: true,
    trialOf: 'a',
    supersededAt: undefined,
    promotedAt: undefined,
  }),
  'the old one was given up': old({ givenUp: true, withoutGrace: true }),
  'the current one is claimed': current(CLAIMED),
  'the current one was made on trial': current({
    ...CLAIMED,
    neverCurrent: true,
    trialOf: 'a',
    promotedAt: undefined,
  }),
  'the current one has to die by order': current(ORDERED),
  'the current one is ages old': current({ issuedAt: 0, promotedAt: 0 }),
  'the current one is ages old and ordered to die': current({ ...ORDERED, issuedAt: 0, promotedAt: 0 }),
  'everything is ages old, and the policy is another': chain(
    both({ issuedAt: 0, promotedAt: 0, supersededAt: 0 }),
    (token) => ({
      ...token,
      enrolledAt: 0,
      policy: { ...token.policy, minGrace: 0, cacheTtl: 0, maxAge: 1 },
    }),
  ),
  'all of it is lost, too': twins({}, (token) => token),
  'all of it was made on trial, too': twins({ trialOf: 'a', neverCurrent: true }, (token) => token),
  'all of it is lost, and the old version ended': twins({}, SAID_ENDED),
  'all of it was made on trial, and the old version is inactive': twins(
    { trialOf: 'a', neverCurrent: true },
    SAID_ENDED,
  ),
  'all of it is lost, and the versions hold something else': twins({}, MISNAMED),
  'all of it was made on trial, and the versions hold something else': twins(
    { trialOf: 'a', neverCurrent: true },
    MISNAMED,
  ),
  'all of it is in the way of a leak, and the versions hold something else': chain(
    leaking('ana'),
    twins({ neverCurrent: true }, MISNAMED),
  ),
  'all of it is lost, and no version is on record': twins({}, NONE_AT_ALL),
  'all of it was made by a rotation that was given up': (token) => ({
    ...token,
    credentials: [],
    attempts: [
      ...token.attempts,
      {
        id: 'forged',
        cause: 'due',
        state: 'aborted',
        openedAt: 0,
        deadline: 0,
        endedAt: 0,
        tidy: false,
        mints: token.credentials.map((one) => ({ at: 0, handle: one.handle })),
      },
    ],
  }),
  'all of it was accepted for its end': both({ ...CLAIMED, revokedAt: 1 }),
};

async function lives({ world }: Home): Promise<string[]> {
  return (await issued(world))
    .filter((one) => one.live)
    .map((one) => one.handle)
    .toSorted();
}

for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
  describe(`whoever may write a record, and nothing else, ${subject.id}`, () => {
    for (const [name, forge] of Object.entries(FORGERIES))
      test(`writes "${name}": nothing in use or in grace is revoked`, async () => {
        const home = await inGrace(subject, { tags: LONG_GRACE });
        const { world, arn } = home;
        const before = await lives(home);
        assert.equal(before.length, 2);
        const ids = (await recordOf(home)).credentials.map((one) => one.id);
        await tamper(home, (token) => ({ ...forge(token, world.clock.now()), dueAt: 0 }));
        for (const id of [...ids, 'lost:0', 'lost:1'])
          await send(world, arn, { kind: 'retire', credentialId: id });
        world.startSchedules();
        await world.clock.advanceBy(4 * HOUR);
        const left = await lives(home);
        for (const handle of before) assert.ok(left.includes(handle), `${handle} died`);
      });

    test('begins a revocation by the record alone: the guard wants one begun by the worker', async () => {
      const home = await inGrace(subject);
      const { world } = home;
      const old = oldOf(await recordOf(home));
      await world.clock.advanceBy(GRACE_OVER);
      await tamper(home, (token) => ({
        ...token,
        credentials: token.credentials.map((one) =>
          one.id === old.id ? { ...one, state: 'revoking', revocationBegunAt: 0 } : one,
        ),
      }));
      await passAfterClaim(world);
      const verdict = await guardSays(home, old.id);
      assert.match(verdict.revoked ? '' : verdict.reason, /has not claimed/);
      assert.ok((await lives(home)).includes(old.handle ?? ''));
      assert.equal((await askGuard(home, old.id)).revoked, true);
    });

    test(
      'says in the middle of a rotation that it was given up: what AWSPENDING names lives as long as it ' +
        'does',
      async () => {
        const home = await midway(subject);
        const { world, arn } = home;
        const pending = (await recordOf(home)).attempts.at(-1);
        const made = pending?.mints.at(-1)?.handle ?? '';
        assert.notEqual(made, '');
        await tamper(home, (token) => ({
          ...token,
          dueAt: 0,
          attempts: token.attempts.map((one) => ({
            ...one,
            state: 'aborted',
            deadline: 0,
            leaseUntil: undefined,
            endedAt: 0,
            tidy: false,
          })),
        }));
        await send(world, arn, { kind: 'settle', attemptId: pending?.id ?? '' });
        await send(world, arn, { kind: 'retire', credentialId: pending?.id ?? '' });
        await send(world, arn, { kind: 'retire', credentialId: `lost:${made}` });
        const { VersionIdsToStages: stages } = await world.client.send(
          new DescribeSecretCommand({ SecretId: arn }),
        );
        const isNamed = Object.values(stages ?? {}).some((labels) => labels.includes('AWSPENDING'));
        if (isNamed) assert.ok((await lives(home)).includes(made));
        await world.clock.advanceBy(10 * MINUTE);
        const text = await world.read(arn);
        assert.ok(
          (await issued(world)).some((one) => one.live && text.includes(one.value)),
          'what AWSCURRENT names lives',
        );
      },
    );

    test('cannot have the word of the act functions: what they wrote is about one credential', async () => {
      const home = await inGrace(subject, { tags: LONG_GRACE });
      const { world, arn } = home;
      const kept = currentOf(await recordOf(home))?.handle ?? '';
      const asked = oldOf(await recordOf(home));
      assert.ok(await send(world, arn, { kind: 'revoke', credentialId: asked.id }));
      assert.ok(!(await lives(home)).includes(asked.handle ?? ''), 'what a person asked for');
      await tamper(home, (token) => ({
        ...token,
        credentials: token.credentials.map((one) =>
          one.id === asked.id ? { ...one, handle: kept, state: 'revoking', endedAt: undefined } : one,
        ),
      }));
      await send(world, arn, { kind: 'retire', credentialId: asked.id });
      assert.ok((await lives(home)).includes(kept));
      assert.deepEqual(
        (await world.inventory.loadPermits(tokenIdOf(arn))).permits.permits.filter(
          (one) => one.kind !== 'incident' && one.about === asked.id && one.handle === kept,
        ),
        [],
      );
    });
  });
}
