import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import type { Session } from '../../functions/core/issuer/provider.ts';
import { currentOf, credentialOf } from '../../functions/core/token/lookups.ts';
import { Depot } from '../fakes/depot.ts';
import { ALL_SUBJECTS } from '../faults/run.ts';
import { inTurn } from '../extent.ts';
import {
  CALM,
  GRACE_OVER,
  NAME,
  adopted,
  complete,
  consoleRotates,
  inGrace,
  isLive,
  issued,
  oldOf,
  passAfterClaim,
  recordOf,
  rotateOnce,
  send,
  sessionsThrough,
  shareResource,
  tamper,
  worldOf,
  type Home,
} from './home.ts';

/** Issuers whose slots have names that are used in turn. */
const SUBJECTS = ALL_SUBJECTS.filter(({ id }) => id === 'rabbitmq');
const COPY = 'prod/copy';

const Stored = z.looseObject({ username: z.string(), password: z.string() });

async function stored({ world, arn }: Home): Promise<z.infer<typeof Stored>> {
  return Stored.parse(JSON.parse(await world.read(arn)));
}

/** Whether the issuer takes what a consumer reads from the secret. */
async function works({ world, arn }: Home, text?: string): Promise<boolean> {
  return (await world.issuer.fetch(world.issuer.consume(text ?? (await world.read(arn)), 'a consumer'))).ok;
}

async function live({ world }: Home): Promise<string[]> {
  return (await issued(world)).filter((one) => one.live).map(({ handle }) => handle);
}

/** Ends the credential in grace and waits until that is verified. */
async function retired(home: Home): Promise<string> {
  const { world, arn } = home;
  const old = oldOf(await recordOf(home));
  await world.clock.advanceBy(GRACE_OVER);
  for (let look = 0; look < 4 && credentialOf(await recordOf(home), old.id)?.state !== 'ended'; look++) {
    await send(world, arn, { kind: 'retire', credentialId: old.id });
    await world.clock.advanceBy(10 * MINUTE);
  }
  const after = credentialOf(await recordOf(home), old.id);
  assert.equal(after?.state, 'ended', after?.verdict);
  assert.equal(after.proof, 'value');
  return old.handle ?? '';
}

for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
  describe(`names that are used in turn, ${subject.id}`, () => {
    test('consumers get the other name with each rotation, and old and new work side by side', async () => {
      const home = await adopted(subject);
      const first = await stored(home);
      const before = await home.world.read(home.arn);
      await rotateOnce(home);
      const second = await stored(home);
      assert.notEqual(second.username, first.username);
      assert.ok((await works(home)) && (await works(home, before)));
      await retired(home);
      const strange = home.world.issuer.log().filter((one) => one.status === 401 && one.handle === undefined);
      assert.equal(
        strange.length,
        1,
        'each value is asked about under its own name, once before it is there',
      );
      assert.ok((await works(home)) && !(await works(home, before)));
      await rotateOnce(home);
      const third = await stored(home);
      assert.equal(third.username, first.username);
      assert.notEqual(third.password, first.password);
      assert.ok(await works(home));
    });

    test('a name that is used again is a new credential, which outlives the end of the old one', async () => {
      const home = await inGrace(subject);
      const { world, arn } = home;
      const first = oldOf(await recordOf(home));
      await retired(home);
      await rotateOnce(home);
      const third = currentOf(await recordOf(home));
      assert.notEqual(third?.handle, first.handle);
      await send(world, arn, { kind: 'revoke', credentialId: first.id });
      await passAfterClaim(world);
      await retired(home);
      assert.ok(await works(home));
      assert.deepEqual(await live(home), [third?.handle]);
      assert.equal(currentOf(await recordOf(home))?.id, third?.id);
    });

    test('the next rotation waits until the old credential has left its slot', async () => {
      const home = await inGrace(subject);
      const { world, arn } = home;
      const both = await live(home);
      const current = currentOf(await recordOf(home))?.id;
      await consoleRotates(world, arn);
      await world.clock.advanceBy(5 * MINUTE);
      assert.equal((await recordOf(home)).lastError?.code, 'credential-limit-reached');
      assert.deepEqual(await live(home), both);
      assert.equal(currentOf(await recordOf(home))?.id, current);
      assert.ok(await works(home));
    });

    test('a user that Keyturn did not make stays as it is, until a person removes it', async () => {
      const home = await adopted(subject);
      const { world, arn } = home;
      const foreign = await world.issuer.createByHand(NAME);
      const before = await live(home);
      assert.equal(before.length, 2);
      await consoleRotates(world, arn);
      await world.clock.advanceBy(5 * MINUTE);
      const { lastError, ...token } = await recordOf(home);
      assert.equal(lastError?.code, 'credential-limit-reached');
      assert.match(lastError.message, /is there already, and Keyturn did not make what it holds/);
      assert.match(lastError.message, /Remove it at the issuer if nothing uses it/);
      assert.ok(token.unrecognizedCredentials === undefined || token.unrecognizedCredentials.length > 0);
      assert.deepEqual(await live(home), before);
      assert.ok(await works(home, foreign));
      const theirs = before.find((handle) => handle !== currentOf(token)?.handle) ?? '';
      await world.issuer.revokeByHand(theirs);
      world.startSchedules();
      await world.clock.advanceBy(2 * HOUR);
      await send(world, arn, { kind: 'rotate' });
      await world.clock.advanceBy(2 * HOUR);
      assert.notEqual(currentOf(await recordOf(home))?.handle, currentOf(token)?.handle);
      assert.ok(await works(home));
    });

    test('a value that was stored just now, and that no record names, is not called foreign', async () => {
      const world = worldOf(subject);
      await world.createAdminSecret([NAME]);
      const mine = await world.issuer.createByHand(NAME);
      const theirs = await world.issuer.createByHand(NAME);
      const arn = await world.createToken(NAME, { value: mine, tags: CALM });
      const home = { world, arn, subject };
      await world.clock.advanceBy(MINUTE);
      await tamper(home, (token) => ({
        ...token,
        credentials: token.credentials.map((one) => ({ ...one, handle: undefined })),
      }));
      await consoleRotates(world, arn);
      await world.clock.advanceBy(5 * MINUTE);
      assert.ok((await works(home, mine)) && (await works(home, theirs)));
      const { lastError } = await recordOf(home);
      const { username } = Stored.parse(JSON.parse(theirs));
      assert.match(lastError?.message ?? '', new RegExp(`/${username} is there already`));
    });

    test('a value without a name beside it gets one with the first rotation', async () => {
      const world = worldOf(subject);
      await world.createAdminSecret([NAME]);
      const { password } = Stored.parse(JSON.parse(await world.issuer.createByHand(NAME)));
      const arn = await world.createToken(NAME, { value: JSON.stringify({ password }), tags: CALM });
      await complete(world);
      const home = { world, arn, subject };
      assert.equal((await recordOf(home)).validity?.outcome, 'active');
      await rotateOnce(home);
      assert.ok(await works(home));
      await retired(home);
      assert.equal((await live(home)).length, 1);
    });

    test('plain text is refused before anything is made, since it has no room for the name', async () => {
      const home = await adopted(subject, { plain: true });
      const before = await live(home);
      await consoleRotates(home.world, home.arn);
      await home.world.clock.advanceBy(5 * MINUTE);
      const { lastError } = await recordOf(home);
      assert.equal(lastError?.code, 'secret-invalid');
      assert.match(lastError.message, /plain text, which has no room for username/);
      assert.deepEqual(await live(home), before);
    });

    test('a consumer that takes the value alone is given none, and the old one waits for it', async () => {
      const depot = new Depot();
      const home = await inGrace(subject, {
        tags: { ...CALM, 'keyturn:consumer:ci': 'github:acme/billing:TOKEN' },
        options: { couriers: () => [depot] },
      });
      const { world } = home;
      world.startSchedules();
      await world.clock.advanceBy(2 * HOUR);
      assert.deepEqual([depot.latest, depot.taken.length], [undefined, 0]);
      const { delivery } = (await recordOf(home)).consumers?.[0] ?? {};
      assert.match(delivery?.problem?.message ?? '', /comes with another name, which this kind of consumer/);
      assert.equal((await live(home)).length, 2);
    });

    test('an answer that was lost leaves one credential, and it is found by its value', async () => {
      const lossy = { left: 1 };
      const losing = (session: Session): Session =>
        session.kind === 'choosing'
          ? {
              ...session,
              install: async (value, beside) => {
                const made = await session.install(value, beside);
                if (lossy.left-- > 0) throw new KeyturnError('issuer-unreachable', 'Nobody answered.');
                return made;
              },
            }
          : session;
      const home = await adopted(subject, {
        options: {
          wrap: (ports) => ({ ...ports, issuers: sessionsThrough(ports.issuers, losing) }),
        },
      });
      await send(home.world, home.arn, { kind: 'rotate' });
      await home.world.clock.advanceBy(30 * MINUTE);
      assert.ok(lossy.left < 1);
      const handles = new Set((await recordOf(home)).credentials.map(({ handle }) => handle));
      assert.ok(await works(home));
      for (const handle of await live(home)) assert.ok(handles.has(handle), handle);
    });

    test('a token whose attempt has claimed a slot keeps another token out of it', async () => {
      const stuck = { isOn: true };
      const never = (session: Session): Session =>
        session.kind === 'choosing' && stuck.isOn
          ? {
              ...session,
              install: async () => {
                throw new KeyturnError('issuer-unreachable', 'Nobody answered.');
              },
            }
          : session;
      const home = await adopted(subject, {
        options: { wrap: (ports) => ({ ...ports, issuers: sessionsThrough(ports.issuers, never) }) },
      });
      const { world } = home;
      const admin = await shareResource(world, NAME, COPY);
      const arn = await world.createToken(COPY, {
        value: await world.read(home.arn),
        tags: { ...CALM, 'keyturn:admin': admin },
      });
      await complete(world);
      const copy: Home = { world, arn, subject };
      await consoleRotates(world, home.arn);
      await world.clock.advanceBy(MINUTE);
      const claimed = (await recordOf(home)).attempts.at(-1)?.mints.at(-1)?.slot;
      assert.ok(claimed !== undefined);
      stuck.isOn = false;
      await world.client.send(new RotateSecretCommand({ SecretId: arn }));
      await world.clock.advanceBy(MINUTE);
      const { lastError } = await recordOf(copy);
      assert.equal(lastError?.code, 'credential-limit-reached');
      assert.ok(
        lastError.message.startsWith(`${claimed} is used by the token ${NAME} too`),
        lastError.message,
      );
      await world.clock.advanceBy(DAY);
      assert.ok((await works(home)) && (await works(copy)));
      assert.ok(await isLive(world, currentOf(await recordOf(home))?.handle ?? ''));
    });
  });
}
