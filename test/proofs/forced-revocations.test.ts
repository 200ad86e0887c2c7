import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AGE_PATIENCE } from '../../functions/core/revocation/forced-revocations.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { inTurn } from '../extent.ts';
import {
  CALM,
  NAME,
  SUBJECTS,
  adopted,
  credentialIn,
  askGuard,
  inGrace,
  isLive,
  permitted,
  put,
  recordOf,
  send,
  shareResource,
  tamper,
  type Home,
  type Subject,
} from './home.ts';
import { report } from './leaks.ts';

const ORDERED = {
  ...CALM,
  'keyturn:on-containment-deadline': 'revoke',
  'keyturn:containment-deadline': '15m',
};

async function current(
  home: Pick<Home, 'world' | 'arn'>,
): Promise<{ id: string; handle: string; fingerprint: string }> {
  const one = currentOf(await recordOf(home));
  assert.ok(one?.handle && one.fingerprint);
  return { id: one.id, handle: one.handle, fingerprint: one.fingerprint };
}

/**
 * A leak that cannot be answered: the rotation function does nothing, and the earlier credential could not be
 * made current again lately.
 */
async function unanswerable(
  subject: Subject,
  tags: Record<string, string> = ORDERED,
): Promise<Home & { leaked: Awaited<ReturnType<typeof current>> }> {
  const home = await inGrace(subject, { tags });
  const failedAt = home.world.clock.now();
  await tamper(home, (token) => ({
    ...token,
    credentials: token.credentials.map((one) =>
      one.state === 'previous' ? { ...one, returnFailedAt: failedAt } : one,
    ),
  }));
  const leaked = await current(home);
  home.world.stopped.add('rotate');
  await report(home, { fingerprint: leaked.fingerprint });
  return { ...home, leaked };
}

function openKinds(token: Token): string[] {
  return token.findings.filter((one) => one.state === 'open').map((one) => one.kind);
}

function stateOf(token: Token, id: string): string | undefined {
  return token.credentials.find((one) => one.id === id)?.state;
}

/** Writes the order into the record, as only a bug or somebody with the table could. */
async function order(home: Home, id: string, cause: 'incident' | 'max-age' = 'incident'): Promise<void> {
  await tamper(home, (token) => ({
    ...token,
    credentials: token.credentials.map((one) =>
      one.id === id
        ? { ...one, forcedRevocation: { cause, at: home.world.clock.now() }, withoutGrace: true }
        : one,
    ),
  }));
}

async function refusal(home: Home, id: string): Promise<string> {
  const verdict = await askGuard(home, id);
  assert.ok(!verdict.revoked, 'the guard let it through');
  return verdict.reason;
}

for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
  describe(`an order of the policy, ${subject.id}`, () => {
    test('revokes a leaked current credential that was not replaced in time, through the guard', async () => {
      const { leaked, ...home } = await unanswerable(subject);
      await home.world.clock.advanceBy(5 * MINUTE);
      await send(home.world, home.arn, { kind: 'retire', credentialId: leaked.id });
      assert.ok(await isLive(home.world, leaked.handle), 'not before its time');
      await home.world.clock.advanceBy(10 * MINUTE);
      for (let look = 0; look < 2; look++) {
        await send(home.world, home.arn, { kind: 'retire', credentialId: leaked.id });
        await home.world.clock.advanceBy(MINUTE);
      }
      const after = await recordOf(home);
      assert.ok(!(await isLive(home.world, leaked.handle)));
      assert.equal(stateOf(after, leaked.id), 'ended');
      assert.ok(
        openKinds(after).includes('credential-leaked') &&
          openKinds(after).includes('token-inactive') &&
          openKinds(after).includes('leak-not-contained'),
      );
      await send(home.world, home.arn, { kind: 'inspect' });
      assert.equal(stateOf(await recordOf(home), leaked.id), 'ended', 'an inspection must not bring it back');
    });

    test('is over once there is a new credential', async () => {
      const { leaked, ...home } = await unanswerable(subject);
      home.world.startSchedules();
      await home.world.clock.advanceBy(2 * HOUR);
      assert.ok(!(await isLive(home.world, leaked.handle)));
      home.world.stopped.delete('rotate');
      await home.world.clock.advanceBy(2 * HOUR);
      const record = await recordOf(home);
      assert.ok(await isLive(home.world, (await current(home)).handle));
      assert.deepEqual(openKinds(record), []);
      assert.ok(record.incidents?.every((one) => one.containedAt && one.replacedAt));
    });

    test('is none where the policy says page: the leaked one lives on, and a person hears', async () => {
      const { leaked, ...home } = await unanswerable(subject, CALM);
      home.world.startSchedules();
      await home.world.clock.advanceBy(3 * HOUR);
      assert.ok(await isLive(home.world, leaked.handle));
      const kinds = openKinds(await recordOf(home));
      assert.ok(kinds.includes('credential-leaked') && kinds.includes('leak-not-contained'));
    });

    // GitLab lets it expire by then, and Okta does not let go of an application's last secret.
    if (subject.id === 'npm-registry')
      test('revokes a credential past its highest age that could not be replaced', async () => {
        const home = await inGrace(subject, {
          tags: {
            ...CALM,
            'keyturn:rotate-every': '1d',
            'keyturn:max-age': '2d',
            'keyturn:on-max-age': 'revoke',
          },
        });
        home.world.stopped.add('rotate');
        home.world.startSchedules();
        const old = await current(home);
        await home.world.clock.advanceBy(2 * DAY);
        assert.ok(await isLive(home.world, old.handle));
        await home.world.clock.advanceBy(AGE_PATIENCE + 2 * HOUR);
        assert.ok(!(await isLive(home.world, old.handle)));
        assert.ok(openKinds(await recordOf(home)).includes('token-inactive'));
        assert.ok(
          home.world.facts.some(
            (fact) =>
              fact.type === 'lifecycle' && fact.what === 'ordered' && fact.detail.includes(old.handle),
          ),
        );
      });
  });

  // One issuer has to do for what the guard reads of Secrets Manager and the record alone.
  if (subject.id === 'gitlab')
    describe(`the guard and forced revocations, ${subject.id}`, () => {
      test('refuses an order that no incident bears out', async () => {
        const home = await inGrace(subject, { tags: ORDERED });
        const { id, handle } = await current(home);
        await order(home, id);
        assert.match(await refusal(home, id), /no order of its policy lets Keyturn revoke it/);
        assert.ok(await isLive(home.world, handle));
      });

      test('refuses an order that the tags do not give any more', async () => {
        const { leaked, ...home } = await unanswerable(subject);
        await home.world.clock.advanceBy(20 * MINUTE);
        await order(home, leaked.id);
        await home.world.tag(home.arn, { 'keyturn:on-containment-deadline': 'page' });
        assert.match(await refusal(home, leaked.id), /no order of its policy lets Keyturn revoke it/);
        assert.ok(await isLive(home.world, leaked.handle));
      });

      test('and one that is taken back leaves the credential as it was', async () => {
        const { leaked, ...home } = await unanswerable(subject);
        await home.world.clock.advanceBy(20 * MINUTE);
        await order(home, leaked.id);
        await home.world.tag(home.arn, { 'keyturn:on-containment-deadline': 'page' });
        await send(home.world, home.arn, { kind: 'retire', credentialId: leaked.id });
        const current = currentOf(await recordOf(home));
        assert.deepEqual(
          [current?.id, current?.forcedRevocation, current?.revocationBegunAt],
          [leaked.id, undefined, undefined],
        );
        assert.ok(await isLive(home.world, leaked.handle));
      });

      test('refuses it before its time', async () => {
        const { leaked, ...home } = await unanswerable(subject, {
          ...ORDERED,
          'keyturn:containment-deadline': '2h',
        });
        await order(home, leaked.id);
        assert.match(await refusal(home, leaked.id), /no order of its policy lets Keyturn revoke it/);
      });

      test('refuses an order about a credential that AWSCURRENT does not name', async () => {
        const { leaked, ...home } = await unanswerable(subject);
        await home.world.clock.advanceBy(20 * MINUTE);
        await order(home, leaked.id);
        await put(home.world, home.arn, await home.world.read(home.arn));
        assert.match(await refusal(home, leaked.id), /AWSCURRENT is not the version/);
        assert.ok(await isLive(home.world, leaked.handle));
      });

      test('refuses it for a secret of another installation, or one scheduled for deletion', async () => {
        const { leaked, ...home } = await unanswerable(subject);
        await home.world.clock.advanceBy(20 * MINUTE);
        await order(home, leaked.id);
        await home.world.tag(home.arn, { 'keyturn:installation': 'other' });
        assert.match(await refusal(home, leaked.id), /not registered with this installation/);
        await home.world.tag(home.arn, { 'keyturn:installation': 'main' });
        await home.world.client.send(new DeleteSecretCommand({ SecretId: home.arn }));
        assert.match(await refusal(home, leaked.id), /scheduled for deletion/);
        assert.ok(await isLive(home.world, leaked.handle));
      });

      test('refuses it while another secret holds the credential', async () => {
        const home = await adopted(subject, { tags: ORDERED });
        const admin = await shareResource(home.world, NAME, 'prod/copy');
        await home.world.createToken('prod/copy', {
          value: await home.world.read(home.arn),
          tags: { ...CALM, 'keyturn:admin': admin },
        });
        for (let pass = 0; pass < 2; pass++) {
          await home.world.reconcileNow();
          await home.world.clock.advanceBy(MINUTE);
        }
        const leaked = await current(home);
        home.world.stopped.add('rotate');
        await report(home, { fingerprint: leaked.fingerprint });
        await home.world.clock.advanceBy(20 * MINUTE);
        await send(home.world, home.arn, { kind: 'retire', credentialId: leaked.id });
        assert.ok(await isLive(home.world, leaked.handle));
        assert.match(await refusal(home, leaked.id), /also held by the token/);
      });

      test('refuses it when nothing tells which credential AWSCURRENT is', async () => {
        const { leaked, ...home } = await unanswerable(subject);
        await home.world.clock.advanceBy(20 * MINUTE);
        await order(home, leaked.id);
        await tamper(home, (token) => ({
          ...token,
          credentials: token.credentials.map((one) =>
            one.id === leaked.id ? { ...one, handle: 'somebody/elses' } : one,
          ),
        }));
        assert.match(
          await refusal(home, leaked.id),
          /no order of its policy lets Keyturn revoke it/,
          'what was permitted had another name',
        );
        await permitted(home, 'incident', leaked.id);
        assert.match(
          await refusal(home, leaked.id),
          /no order of its policy lets Keyturn revoke it/,
          'that it is out permits no end while it is current',
        );
        await permitted(home, 'forced-revocation', leaked.id);
        assert.match(await refusal(home, leaked.id), /Nothing tells that AWSCURRENT/);
        assert.ok(
          await isLive(home.world, (await credentialIn(home.world, await home.world.read(home.arn))).handle),
        );
      });

      test('keeps the one in grace while the current one is revoked: it is the last active one', async () => {
        const { leaked, ...home } = await unanswerable(subject);
        home.world.startSchedules();
        await home.world.clock.advanceBy(3 * HOUR);
        const record = await recordOf(home);
        assert.equal(stateOf(record, leaked.id), 'ended');
        const left = record.credentials.filter((one) => one.state !== 'ended');
        assert.deepEqual(await Promise.all(left.map((one) => isLive(home.world, one.handle ?? ''))), [true]);
        assert.match(
          left[0]?.problem?.detail ?? '',
          /refuses the value that AWSCURRENT names: .* may be the last one that works\.$/,
        );
      });
    });
}
