import {
  DeleteSecretCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { currentOf, credentialOf } from '../../functions/core/token/lookups.ts';
import type { Credential } from '../../functions/core/token/credential.ts';
import { GitlabSimulator } from '../../lib/sandbox/issuers/gitlab.ts';
import type { FaultPlan } from '../world/faults.ts';
import { World } from '../world/world.ts';
import { apart, everyCall, inTurn } from '../extent.ts';
import {
  CLIENT,
  CALM,
  GRACE_OVER,
  NAME,
  SUBJECTS,
  adopted,
  complete,
  credentialIn,
  inGrace,
  isLive,
  oldOf,
  passAfterClaim,
  permitted,
  put,
  recordOf,
  rotateOnce,
  send,
  shareResource,
  tamper,
  worldOf,
  type Home,
  type Subject,
} from './home.ts';

/** Two secrets with one credential, each granted the same resource. */
interface Pair {
  readonly home: Home;
  readonly copy: Home;
  /** The handle of the credential that both hold. */
  readonly shared: string;
}

async function sharing(
  subject: Subject,
  given: { copyTags?: Record<string, string>; options?: Parameters<typeof adopted>[1] } = {},
): Promise<Pair> {
  const home = await adopted(subject, given.options);
  const { world } = home;
  const admin = await shareResource(world, NAME, 'prod/copy');
  const arn = await world.createToken('prod/copy', {
    value: await world.read(home.arn),
    tags: { ...CALM, ...given.copyTags, 'keyturn:admin': admin },
  });
  await complete(world);
  return {
    home,
    copy: { world, arn, subject },
    shared: (await credentialIn(world, await world.read(home.arn))).handle,
  };
}

async function heldBy(home: Home, handle: string): Promise<Credential | undefined> {
  return (await recordOf(home)).credentials.find((one) => one.handle === handle);
}

/** The old credential of the first secret, whose end waits for the other secret alone. */
async function givenUp(subject: Subject): Promise<Pair & { old: Credential }> {
  const pair = await sharing(subject);
  const { home, shared } = pair;
  await rotateOnce(home);
  await home.world.clock.advanceBy(GRACE_OVER);
  const old = oldOf(await recordOf(home));
  await send(home.world, home.arn, { kind: 'retire', credentialId: old.id });
  assert.equal((await heldBy(home, shared))?.givenUp, true, 'it waits for the other secret alone');
  return { ...pair, old };
}

async function labelMoved({ world, arn }: Home, to: string): Promise<void> {
  const from = [...(await world.labels(arn))].find(([, labels]) => labels.includes('AWSCURRENT'))?.[0];
  await world.client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: arn,
      VersionStage: 'AWSCURRENT',
      RemoveFromVersionId: from,
      MoveToVersionId: to,
    }),
  );
}

/** A person stores another good value. */
async function anotherValue({ world, arn }: Home): Promise<void> {
  await put(world, arn, await world.issuer.createByHand(NAME));
  await world.clock.advanceBy(MINUTE);
  await send(world, arn, { kind: 'inspect' });
}

for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
  describe(`one credential in two secrets, ${subject.id}`, () => {
    test('what a person ended at the issuer is found inactive, although another secret has it', async () => {
      const { home, copy, shared, old } = await givenUp(subject);
      await home.world.issuer.revokeByHand(shared);
      for (let look = 0; look < 4; look++) {
        await home.world.clock.advanceBy(HOUR);
        await send(home.world, home.arn, { kind: 'retire', credentialId: old.id });
      }
      assert.equal((await heldBy(home, shared))?.state, 'ended');
      assert.equal(currentOf(await recordOf(copy))?.handle, shared, 'the other secret says so by itself');
    });

    test(
      'a label that a person moved back takes the credential back, also from a revocation that had given ' +
        'it up',
      async () => {
        const { home, copy, shared, old } = await givenUp(subject);
        await labelMoved(home, old.id);
        await home.world.clock.advanceBy(MINUTE);
        await send(home.world, home.arn, { kind: 'inspect' });
        assert.deepEqual(
          [currentOf(await recordOf(home))?.handle, (await heldBy(home, shared))?.givenUp],
          [shared, undefined],
        );
        if (subject.id === 'okta')
          await home.world.issuer.revokeByHand(
            (await recordOf(home)).credentials.find((one) => one.state === 'previous')?.handle ?? '',
          );
        await anotherValue(copy);
        const left = await heldBy(copy, shared);
        await home.world.clock.advanceBy(DAY);
        await send(copy.world, copy.arn, { kind: 'retire', credentialId: left?.id ?? '' });
        assert.ok(await isLive(home.world, shared), 'it is AWSCURRENT of the other secret');
      },
    );

    test('it is revoked once neither of them needs it, whichever gives it up first', async () => {
      const { home, copy, shared } = await sharing(subject);
      home.world.startSchedules();
      await rotateOnce(home);
      await home.world.clock.advanceBy(5 * HOUR);
      assert.ok(await isLive(home.world, shared), 'the other secret still needs it');
      await put(copy.world, copy.arn, await home.world.read(home.arn));
      await home.world.clock.advanceBy(12 * HOUR);
      assert.ok(!(await isLive(home.world, shared)), 'nobody needs it any more');
      for (const one of [home, copy])
        assert.deepEqual(
          (await recordOf(one)).findings
            .filter(({ state, kind }) => state === 'open' && kind !== 'out-of-band-change')
            .map(({ kind, detail }) => `${kind} ${detail}`),
          [],
        );
    });

    test('a secret without a grant, whose value has no name, keeps it active all the same', async () => {
      const home = await adopted(subject);
      const { world } = home;
      const copy = await world.createToken('prod/copy-ungranted', {
        value: await world.read(home.arn),
        tags: CALM,
      });
      await complete(world);
      const shared = (await credentialIn(world, await world.read(home.arn))).handle;
      assert.match((await world.record(copy))?.unusable ?? '', /No grant/);
      await rotateOnce(home);
      world.startSchedules();
      await world.clock.advanceBy(DAY);
      assert.ok(await isLive(world, shared), 'AWSCURRENT of a registered secret died');
      const told = (await recordOf(home)).findings.find(
        (one) => one.state === 'open' && one.kind === 'revocation-blocked',
      );
      assert.match(
        told?.detail ?? '',
        /also held by the token prod\/copy-ungranted-\w+, where it is current\.$/,
      );
    });

    test('the claim of a secret that is gone ends by itself', async () => {
      const { home, copy, shared } = await sharing(subject);
      await copy.world.client.send(
        new DeleteSecretCommand({ SecretId: copy.arn, ForceDeleteWithoutRecovery: true }),
      );
      await home.world.clock.advanceBy(MINUTE);
      await rotateOnce(home);
      home.world.startSchedules();
      await home.world.clock.advanceBy(2 * DAY);
      assert.ok(!(await isLive(home.world, shared)), 'nobody can read it any more');
      assert.equal((await heldBy(home, shared))?.state, 'ended');
    });

    test(
      'a rollback of one in the middle of the revocation of the ' +
        'other: one sees the other, at every call',
      async () => {
        const points = await crossed(subject, undefined);
        assert.ok(points > 8, String(points));
        for (let at = 0; at < points; at += everyCall(subject, 3)) await crossed(subject, at);
      },
    );

    test('and the other way about', async () => {
      const points = await crossed(subject, undefined, true);
      assert.ok(points > 4, String(points));
      for (let at = 0; at < points; at += everyCall(subject, 3)) await crossed(subject, at, true);
    });
  });

  describe(`before the picture is complete, ${subject.id}`, () => {
    test(
      'an old credential is claimed and lives, until a pass that began five minutes later has seen every ' +
        'secret',
      async () => {
        const home = await inGrace(subject);
        const { world, arn } = home;
        await world.clock.advanceBy(GRACE_OVER);
        const old = oldOf(await recordOf(home));
        const retire = () =>
          world.command({
            kind: 'retire',
            tokenId: tokenIdOf(arn),
            credentialId: old.id,
            notAfter: world.clock.now() + HOUR,
          });
        await retire();
        assert.equal(credentialOf(await recordOf(home), old.id)?.state, 'revoking');
        for (const wait of [MINUTE, 2 * MINUTE]) {
          await world.clock.advanceBy(wait);
          await world.reconcileNow();
          await retire();
          assert.ok(
            await isLive(world, old.handle ?? ''),
            'ListSecrets may not show yet what was there before the claim',
          );
        }
        await passAfterClaim(world);
        const pass = await world.inventory.lastPass();
        assert.ok(pass);
        await world.inventory.notePass({ ...pass, index: pass.index + 1 });
        await retire();
        assert.ok(await isLive(world, old.handle ?? ''), 'a pass under another index says nothing');
        await world.inventory.notePass(pass);
        await retire();
        assert.ok(!(await isLive(world, old.handle ?? '')));
      },
    );

    test('a secret that no pass could have inspected keeps it from being complete', async () => {
      const home = await inGrace(subject);
      const { world } = home;
      await world.createToken('prod/second', {
        value: await world.read(home.arn),
        tags: { ...CALM, 'keyturn:admin': await shareResource(world, NAME, 'prod/second') },
      });
      const before = await world.inventory.lastPass();
      world.stopped.add('worker');
      for (let run = 0; run < 3; run++) {
        await world.clock.advanceBy(10 * MINUTE);
        await world.reconcileNow();
      }
      assert.deepEqual(await world.inventory.lastPass(), before);
      world.stopped.delete('worker');
      await passAfterClaim(world);
      assert.notDeepEqual(await world.inventory.lastPass(), before);
    });
  });

  describe(`what takes its place, ${subject.id}`, () => {
    test(
      'is asked right before the old credential would be revoked: one revoked meanwhile saves it, and ' +
        'is told',
      async () => {
        const home = await inGrace(subject);
        const { world, arn } = home;
        const old = oldOf(await recordOf(home));
        await world.clock.advanceBy(GRACE_OVER);
        await send(world, arn, { kind: 'inspect' });
        await world.issuer.revokeByHand((await credentialIn(world, await world.read(arn))).handle);
        await world.clock.advanceBy(2 * MINUTE);
        await send(world, arn, { kind: 'retire', credentialId: old.id });
        assert.ok(await isLive(world, old.handle ?? ''), 'it was the last one that works');
        const record = await recordOf(home);
        assert.ok(record.refusedSince !== undefined);
        assert.deepEqual(
          record.findings
            .filter((one) => one.state === 'open')
            .map((one) => one.kind)
            .toSorted(),
          ['revocation-blocked', 'token-inactive'],
        );
      },
    );
  });
}

describe('a person who moves AWSCURRENT back while the guard looks', () => {
  /** Resolves to the calls of the revocation, and whether the old credential lives after it. */
  async function meddled(
    subject: Subject,
    at: number | undefined,
  ): Promise<{ calls: readonly string[]; lives: boolean }> {
    const plan: FaultPlan[] = [];
    const asked: { run: () => Promise<unknown> } = { run: async () => undefined };
    const home = await inGrace(subject, { options: { plan, disturb: async () => void (await asked.run()) } });
    const { world, arn } = home;
    const [before, old] = [currentOf(await recordOf(home)), oldOf(await recordOf(home))];
    await world.clock.advanceBy(GRACE_OVER);
    await tamper(home, (token) => ({
      ...token,
      credentials: token.credentials.map((one) =>
        one.id === old.id ? { ...one, state: 'revoking', revocationBegunAt: 0 } : one,
      ),
    }));
    await permitted(home, 'claim', old.id);
    await passAfterClaim(world);
    const start = world.line.calls.length;
    if (at !== undefined) plan.push({ index: start + at, fault: 'console-rotates' });
    asked.run = () =>
      world.client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: arn,
          VersionStage: 'AWSCURRENT',
          RemoveFromVersionId: before?.id,
          MoveToVersionId: old.id,
        }),
      );
    await world.clock.activity(() =>
      world.command({
        kind: 'retire',
        tokenId: tokenIdOf(arn),
        credentialId: old.id,
        notAfter: world.clock.now() + HOUR,
      }),
    );
    return {
      calls: world.line.calls.slice(start).map((one) => one.name),
      lives: await isLive(world, old.handle ?? ''),
    };
  }

  for (const subject of inTurn(SUBJECTS, import.meta.filename))
    test(`saves the old credential, before any call up to the last look, ${subject.id}`, async () => {
      const { calls, lives } = await meddled(subject, undefined);
      assert.ok(!lives, 'nobody is in its way otherwise');
      const revoked = calls.lastIndexOf('issuer.revoke');
      const last = calls.slice(0, revoked).lastIndexOf('secrets.describe');
      assert.ok(last > 0, calls.join(' '));
      for (let at = 0; at <= last; at += apart(1))
        assert.ok((await meddled(subject, at)).lives, `before call ${at}, ${calls[at]}`);
    });
});

/**
 * Runs the rollback of one secret within the revocation of another one's old credential, which is the same;
 * or the other way about. Resolves to the calls of the outer act.
 */
async function crossed(subject: Subject, at: number | undefined, isRollbackOuter = false): Promise<number> {
  const plan: FaultPlan[] = [];
  const asked: { run: () => Promise<unknown> } = { run: async () => undefined };
  const { home, copy, shared } = await sharing(subject, {
    options: { options: { plan, disturb: async () => void (await asked.run()) } },
  });
  const { world } = home;
  await rotateOnce(home);
  // Home may still go back to it; the copy holds home's new value now, and gives the old one up.
  await put(world, copy.arn, await world.read(home.arn));
  await world.clock.advanceBy(MINUTE);
  await send(world, copy.arn, { kind: 'inspect' });
  await tamper(home, (token) => ({ ...token, policy: { ...token.policy, minGrace: 10 * DAY } }));
  await world.tag(home.arn, { 'keyturn:min-grace': '10d', 'keyturn:max-grace': '20d' });
  await world.clock.advanceBy(GRACE_OVER);
  const [ours, theirs] = [await heldBy(home, shared), await heldBy(copy, shared)];
  assert.ok(ours && theirs);
  // As if the home's claim on it had been lost sight of: only what it does from now on protects it.
  await tamper(home, (token) => ({
    ...token,
    credentials: token.credentials.map((one) => (one.id === ours.id ? { ...one, givenUp: true } : one)),
  }));
  await tamper(copy, (token) => ({
    ...token,
    credentials: token.credentials.map((one) =>
      one.id === theirs.id ? { ...one, state: 'revoking', revocationBegunAt: 0 } : one,
    ),
  }));
  const notAfter = world.clock.now() + HOUR;
  const rollback = () =>
    world.command({ kind: 'rollback', tokenId: tokenIdOf(home.arn), credentialId: ours.id, notAfter });
  const revoke = () =>
    world.command({ kind: 'retire', tokenId: tokenIdOf(copy.arn), credentialId: theirs.id, notAfter });
  const [outer, inner] = isRollbackOuter ? [rollback, revoke] : [revoke, rollback];
  const start = world.line.calls.length;
  if (at !== undefined) plan.push({ index: start + at, fault: 'console-rotates' });
  asked.run = inner;
  await world.clock.activity(outer);
  const calls = world.line.calls.length - start;
  world.line.heal();
  const current = await credentialIn(world, await world.read(home.arn));
  assert.ok(
    current.live,
    `before call ${at} (${world.line.calls[start + (at ?? 0)]?.name}): AWSCURRENT of the one that went ` +
      'back is revoked',
  );
  return calls;
}

describe('an issuer that gives a handle out again', () => {
  const reusing: Subject = {
    id: 'gitlab',
    issuer: () => (clock) => new GitlabSimulator({ clock, knobs: { reusesIds: true } }),
  };

  test('a revoke repeated after a lost answer does not hit the next holder of the handle', async () => {
    const home = await inGrace(reusing);
    const { world } = home;
    // The newest of all: only its handle is given out again.
    const newest = currentOf(await recordOf(home));
    assert.ok(newest);
    await world.command({
      kind: 'rollback',
      tokenId: tokenIdOf(home.arn),
      credentialId: oldOf(await recordOf(home)).id,
      notAfter: world.clock.now() + HOUR,
    });
    const real = world.issuer.fetch.bind(world.issuer);
    const lost: string[] = [];
    world.issuer.fetch = async (request) => {
      const answer = await real(request);
      if (request.method !== 'DELETE' || lost.length > 0) return answer;
      lost.push(request.url);
      throw new TypeError('fetch failed');
    };
    world.startSchedules();
    for (let waited = 0; lost.length === 0 && waited < 3 * DAY; waited += MINUTE)
      await world.clock.advanceBy(MINUTE);
    assert.equal(lost.length, 1, 'nothing was revoked');
    const unrecognizedCredential = await credentialIn(world, await world.issuer.createByHand(NAME));
    assert.equal(
      unrecognizedCredential.handle,
      newest.handle,
      'the simulator should give the handle out again',
    );
    await world.clock.advanceBy(DAY);
    assert.ok(
      (await world.issuer.credentials(NAME)).some(
        (one) => one.value === unrecognizedCredential.value && one.live,
      ),
      'a person lost the token they had just made',
    );
    assert.equal(credentialOf(await recordOf(home), newest.id)?.state, 'ended');
  });

  test('a new credential under the handle of a revoked one is recognized by its own record', async () => {
    const home = await inGrace(reusing);
    const { world } = home;
    world.startSchedules();
    await world.clock.advanceBy(8 * HOUR);
    assert.equal((await recordOf(home)).credentials.filter((one) => one.state !== 'ended').length, 1);
    await rotateOnce(home);
    await world.clock.advanceBy(DAY);
    const record = await recordOf(home);
    const live = (await world.issuer.credentials(NAME)).filter((one) => one.live);
    assert.deepEqual(
      live.map((one) => one.handle),
      [currentOf(record)?.handle],
    );
    assert.deepEqual(
      record.findings.filter((one) => one.state === 'open'),
      [],
    );
  });
});

describe('what an installation cannot know of another', () => {
  for (const subject of SUBJECTS.filter((one) => one.id !== 'gitlab'))
    test(
      'docs/limits.md: a credential without a name that another installation uses, copied into a secret ' +
        `of ours, ${subject.id}`,
      async () => {
        const home = await adopted(subject);
        const { world, arn } = home;
        const other = new World({
          ...CLIENT,
          issuer: () => world.issuer,
          beside: world,
          installation: 'other',
        });
        const theirs = await other.createToken(`${NAME}-other`, {
          value: await world.read(arn),
          tags: { ...CALM, 'keyturn:admin': await shareResource(other, NAME, `${NAME}-other`) },
        });
        await complete(other);
        const shared = (await credentialIn(other, await other.read(theirs))).handle;
        await rotateOnce(home);
        world.startSchedules();
        await world.clock.advanceBy(DAY);
        assert.ok(
          !(await isLive(world, shared)),
          'if this is protected now, take the sentence out of Limits',
        );
      },
    );
});

describe('a secret that was never readable', () => {
  for (const subject of SUBJECTS.slice(0, 1))
    test('docs/limits.md: it keeps nothing active, and is reported', async () => {
      const world = worldOf(subject);
      await world.createAdminSecret([NAME, 'prod/locked']);
      const json = await world.issuer.createByHand(NAME);
      const arn = await world.createToken(NAME, { value: json, tags: CALM });
      const locked = await world.createToken('prod/locked', { tags: CALM });
      await world.client.send(
        new PutSecretValueCommand({ SecretId: locked, SecretBinary: new Uint8Array([1]) }),
      );
      await complete(world);
      assert.match((await world.record(locked))?.unusable ?? '', /binary/);
      const home = { world, arn, subject };
      await rotateOnce(home);
      world.startSchedules();
      await world.clock.advanceBy(DAY);
      assert.equal((await recordOf(home)).credentials.filter((one) => one.state !== 'ended').length, 1);
    });
});
