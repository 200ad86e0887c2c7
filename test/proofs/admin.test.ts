import { DeleteSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { currentOf, credentialOf, isUnderWay } from '../../functions/core/token/lookups.ts';
import { liveCredentials } from '../../functions/core/token/known-credentials.ts';
import { reportLeak } from '../../functions/use-cases/incidents/leak-reports.ts';
import { digestOf } from '../../functions/use-cases/rotation/provenance.ts';
import { GitlabSimulator } from '../../lib/sandbox/issuers/gitlab.ts';
import type { FaultPlan } from '../world/faults.ts';
import { START, World } from '../world/world.ts';
import { apart, inTurn } from '../extent.ts';
import {
  CLIENT,
  CALM,
  NAME,
  SUBJECTS,
  complete,
  credentialIn,
  issued,
  recordOf,
  rotateOnce,
  send,
  type Home,
  worldOf,
} from './home.ts';
import { report } from './leaks.ts';

const ADMIN = 'keyturn/admin/gitlab';
const ACCOUNT = 'groups/7/service_accounts/99';
const QUIET = { ...CALM, 'keyturn:min-grace': '30m', 'keyturn:unused-for': '5m' };
const [GITLAB] = SUBJECTS;

/** An admin secret that is a token itself, beside a token that is made with it. */
async function registeredAdmin(
  plan: FaultPlan[] = [],
  wrapped?: (issuer: GitlabSimulator) => GitlabSimulator,
): Promise<Home & { readonly token: Home }> {
  assert.ok(GITLAB);
  const world = new World({
    ...CLIENT,
    plan,
    issuer: (clock) => (wrapped ?? ((same) => same))(new GitlabSimulator({ clock, adminAccount: ACCOUNT })),
  });
  await world.createAdminSecret([NAME, ADMIN]);
  const token = await world.createToken(NAME, { value: await world.issuer.createByHand(NAME), tags: CALM });
  const arn = await world.registerAdmin(QUIET);
  await complete(world);
  return { world, arn, subject: GITLAB, token: { world, arn: token, subject: GITLAB } };
}

async function live(world: World): Promise<readonly string[]> {
  return (await issued(world, ADMIN)).filter((one) => one.live).map((one) => one.handle);
}

describe('an admin credential as a token', () => {
  test(
    'is adopted with its expiry; its successor mints, lists and revokes before it is current; the old ' +
      'one ends and tokens go on',
    async () => {
      const home = await registeredAdmin();
      const { world } = home;
      const before = currentOf(await recordOf(home));
      assert.ok(
        before?.expiresAt !== undefined && before.handle?.startsWith(`gitlab.keyturn.test/${ACCOUNT}/`),
      );
      await rotateOnce(home);
      const fresh = currentOf(await recordOf(home));
      assert.notEqual(fresh?.handle, before.handle);
      const made = await issued(world, ADMIN);
      assert.equal(made.length, 3, 'old, new and trial');
      const trial = made.find((one) => one.handle !== before.handle && one.handle !== fresh?.handle);
      assert.equal(trial?.live, false, 'the trial lives on');
      const log = world.issuer
        .log()
        .filter((one) => one.handle === fresh?.handle)
        .map((one) => one.operation);
      const tokens = `/api/v4/${ACCOUNT}/personal_access_tokens`;
      for (const call of [
        `POST ${tokens}`,
        `GET ${tokens}`,
        `DELETE ${tokens}/${trial?.handle.split('/').at(-1)}`,
      ])
        assert.ok(log.includes(call), `the new one did not ${call}`);
      await rotateOnce(home.token);
      world.startSchedules();
      await world.clock.advanceBy(2 * HOUR);
      assert.deepEqual(await live(world), [fresh?.handle]);
      assert.deepEqual(
        (await recordOf(home)).findings.filter((one) => one.state === 'open'),
        [],
      );
      assert.deepEqual(world.errors, []);
      const text = await world.read(home.arn);
      assert.deepEqual(Object.keys(JSON.parse(text)).toSorted(), ['_keyturn', 'grants', 'token', 'url']);
      for (const { value } of await issued(world, ADMIN))
        for (const written of [
          world.inventory.dump(),
          JSON.stringify(world.facts),
          world.logged.join(),
          JSON.stringify(world.queue.sent),
        ])
          assert.ok(!written.includes(value), 'a value leaked');
    },
  );

  test('whose successor may not revoke keeps its place, and nothing it made stays active', async () => {
    const home = await registeredAdmin([], (issuer) => {
      const fetch = issuer.fetch.bind(issuer);
      const mayRevoke = (request: Request): boolean =>
        request.method !== 'DELETE' || request.headers.get('private-token') === old;
      issuer.fetch = async (request) =>
        mayRevoke(request)
          ? fetch(request)
          : new Response('{"message":"403 Forbidden"}', {
              status: 403,
              headers: { 'content-type': 'application/json' },
            });
      return issuer;
    });
    const { world } = home;
    old = (JSON.parse(await world.read(home.arn)) as { token: string }).token;
    const before = currentOf(await recordOf(home));
    assert.ok(await send(world, home.arn, { kind: 'rotate' }));
    world.startSchedules();
    await world.clock.advanceBy(45 * MINUTE);
    const record = await recordOf(home);
    assert.equal(currentOf(record)?.handle, before?.handle);
    assert.match(record.lastError?.message ?? '', /could not revoke what it made/);
    const under = record.attempts.find(isUnderWay)?.mints.map((one) => one.handle) ?? [];
    const claimed = record.credentials.filter((one) => one.state === 'revoking').map((one) => one.handle);
    assert.deepEqual(
      (await live(world)).filter((handle) => !under.includes(handle) && !claimed.includes(handle)),
      [before?.handle],
    );
    await world.clock.advanceBy(2 * HOUR);
    assert.deepEqual(
      (await live(world)).filter((handle) => claimed.includes(handle)),
      [],
      'what was made lives on',
    );
  });

  let old = '';

  test('needs room for its trial: no rotation begins while an old one is in grace', async () => {
    const home = await registeredAdmin();
    await rotateOnce(home);
    assert.equal(liveCredentials(await recordOf(home)).length, 2);
    await send(home.world, home.arn, { kind: 'rotate' });
    await home.world.clock.advanceBy(3 * MINUTE);
    assert.equal((await live(home.world)).length, 2);
    assert.match(home.world.errors.join(), /No further credential of .* is made: Keyturn keeps at most 3/);
  });

  test(
    'without a grant of its own name is reported and left alone: ' +
      'a grant for many names does not cover it',
    async () => {
      assert.ok(GITLAB);
      const world = new World({
        ...CLIENT,
        issuer: (clock) => new GitlabSimulator({ clock, adminAccount: ACCOUNT }),
      });
      await world.createAdminSecret([NAME, 'keyturn/*']);
      const arn = await world.registerAdmin(QUIET);
      await complete(world);
      await send(world, arn, { kind: 'rotate' });
      assert.match(
        (await world.record(arn))?.unusable ?? '',
        /No grant for the secret keyturn\/admin\/gitlab/,
      );
      assert.equal((await issued(world, ADMIN)).length, 1);
    },
  );
});

describe('the admin secret of an issuer where only people make admin credentials', () => {
  for (const subject of SUBJECTS.filter((one) => one.id !== 'gitlab'))
    test(`of ${subject.id} is not taken for a token`, async () => {
      const world = worldOf(subject);
      await world.createAdminSecret([NAME]);
      const arn = await world.registerAdmin(QUIET);
      await complete(world);
      assert.match((await world.record(arn))?.unusable ?? '', /can be made only by a person at its issuer/);
    });
});

describe('the rotation of an admin credential, stopped at any call', () => {
  const finished = async (
    at: number | undefined,
    fault: FaultPlan['fault'] = 'dies-after',
  ): Promise<number> => {
    const plan: FaultPlan[] = [];
    const home = await registeredAdmin(plan);
    const { world } = home;
    const before = currentOf(await recordOf(home))?.handle;
    const start = world.line.calls.length;
    if (at !== undefined) plan.push({ index: start + at, fault });
    await world.queue.send('gitlab', [
      { kind: 'rotate', tokenId: tokenIdOf(home.arn), notAfter: world.clock.now() + 40 * MINUTE },
    ]);
    await world.clock.advanceBy(3 * MINUTE);
    const calls = world.line.calls.length - start;
    if (at === undefined) return calls;
    world.startSchedules();
    await world.clock.advanceBy(5 * HOUR);
    const name = `${fault} at ${world.line.calls[start + at]?.during} ${world.line.calls[start + at]?.name}`;
    const record = await recordOf(home);
    const held = await credentialIn(world, await world.read(home.arn), ADMIN);
    assert.ok(held.live, `${name}: AWSCURRENT is inactive`);
    assert.notEqual(held.handle, before, `${name}: it never rotated`);
    assert.deepEqual(await live(world), [held.handle], `${name}: something lives on`);
    assert.equal(currentOf(record)?.handle, held.handle, name);
    assert.ok(
      record.attempts.every((one) => one.tidy === true),
      name,
    );
    assert.deepEqual(
      record.findings.filter((one) => one.state === 'open').map((one) => `${one.kind} ${one.detail}`),
      [],
      name,
    );
    assert.equal(credentialOf(record, currentOf(record)?.id ?? '')?.state, 'current');
    return calls;
  };

  test('comes to the same end, and leaves nothing behind', async () => {
    const calls = await finished(undefined);
    assert.ok(calls > 30, String(calls));
    for (let at = 0; at < calls; at += apart(7))
      await finished(at, at % 2 === 0 ? 'dies-after' : 'dies-before');
  });
});

describe('an admin credential that was out', () => {
  test('is replaced and verified as revoked; every token that it could make is replaced after', async () => {
    const home = await registeredAdmin();
    const { world, token } = home;
    const leaked = currentOf(await recordOf(home));
    const before = currentOf(await recordOf(token));
    assert.ok(leaked?.handle && before);
    await world.clock.advanceBy(HOUR);
    assert.ok(await report(home));
    world.startSchedules();
    await world.clock.advanceBy(70 * MINUTE);
    assert.ok(!(await live(world)).includes(leaked.handle), 'the leaked admin credential lives');
    const after = currentOf(await recordOf(token));
    assert.notEqual(after?.handle, before.handle, `the token was not replaced: ${world.errors.join()}`);
    const told = world.facts
      .filter((one) => one.type === 'finding' && one.kind === 'issuing-credential-leaked')
      .map((one) => one.type === 'finding' && one.change);
    assert.deepEqual(told, ['opened', 'resolved']);
    await world.clock.advanceBy(2 * HOUR);
    assert.deepEqual((await world.inventory.loadInstallationRecord()).installationRecord.leakedAdmins, []);
    assert.equal(currentOf(await recordOf(token))?.handle, after?.handle, 'it was replaced twice');
  });
});

describe('admin credentials that are no tokens', () => {
  const watched = async (adminExpiresAt: number | undefined) => {
    const world = new World({
      ...CLIENT,
      issuer: (clock) =>
        new GitlabSimulator({ clock, ...(adminExpiresAt === undefined ? {} : { adminExpiresAt }) }),
    });
    await world.createAdminSecret([NAME]);
    return world;
  };
  const openOf = async (world: World): Promise<string[]> =>
    (await world.inventory.loadInstallationRecord()).installationRecord.findings
      .filter((one) => one.state === 'open')
      .map((one) => `${one.kind} ${one.severity} ${one.subject}`);
  const looked = async (world: World): Promise<string[]> => {
    assert.equal(await world.examineAdminsNow(), undefined);
    await world.clock.advanceBy(MINUTE);
    return openOf(world);
  };

  test('are watched: their end is reported a month and a week before, and their refusal too', async () => {
    const world = await watched(START + 31 * DAY);
    assert.deepEqual(await looked(world), []);
    await world.clock.advanceBy(2 * DAY);
    assert.deepEqual(await looked(world), [`admin-credential-expiring warning ${ADMIN}`]);
    await world.clock.advanceBy(23 * DAY);
    assert.deepEqual(await looked(world), [`admin-credential-expiring critical ${ADMIN}`]);
    await world.clock.advanceBy(10 * DAY);
    assert.deepEqual(await looked(world), [
      `admin-credential-expiring critical ${ADMIN}`,
      `admin-credential-unusable critical ${ADMIN}`,
    ]);
    await world.client.send(new PutSecretValueCommand({ SecretId: ADMIN, SecretString: '{' }));
    assert.deepEqual(await looked(world), [
      `admin-credential-expiring critical ${ADMIN}`,
      `admin-credential-unusable critical ${ADMIN}`,
    ]);
    await world.client.send(new DeleteSecretCommand({ SecretId: ADMIN, ForceDeleteWithoutRecovery: true }));
    assert.deepEqual(await looked(world), []);
  });

  for (const subject of inTurn(SUBJECTS, import.meta.filename))
    test(`of ${subject.id} are found good, and refused when they are not the issuer's`, async () => {
      const world = worldOf(subject);
      await world.createAdminSecret([NAME]);
      const name = `keyturn/admin/${subject.id}`;
      assert.deepEqual(await looked(world), []);
      const text = world.issuer.adminSecret([NAME]);
      const { token, grants } = JSON.parse(text) as { token?: string; grants: { password?: string }[] };
      await world.client.send(
        new PutSecretValueCommand({
          SecretId: name,
          SecretString: text.replaceAll(token ?? grants[0]?.password ?? '', 'canary-admin'),
        }),
      );
      assert.deepEqual(await looked(world), [`admin-credential-unusable critical ${name}`]);
      assert.ok(
        !JSON.stringify([world.facts, world.logged, world.errors, world.inventory.dump()]).includes(
          'canary-admin',
        ),
      );
    });
});

describe('an admin credential that is out and that only a person can replace', () => {
  const leak = (
    world: World,
    value: string,
    failed: (error: string | undefined) => void = (error) => assert.equal(error, undefined),
  ) =>
    world
      .run(
        'leaks',
        MINUTE,
        async (ports) =>
          void (await reportLeak(
            { digest: digestOf(new Secret(value)), source: 'a scanner' },
            { max: 10, per: MINUTE },
            ports,
          )),
      )
      .then(failed);
  const openOf = async (world: World): Promise<string[]> =>
    (await world.inventory.loadInstallationRecord()).installationRecord.findings
      .filter((one) => one.state === 'open')
      .map((one) => `${one.kind} ${one.severity} ${one.detail.split('; ')[1]?.split(':')[0]}`);

  const looked = async (world: World): Promise<void> => {
    await world.examineAdminsNow();
    await world.clock.advanceBy(2 * HOUR);
  };

  for (const subject of inTurn(SUBJECTS, import.meta.filename))
    test(`of ${subject.id} is known for ours, reported once, and written nowhere`, async () => {
      const world = worldOf(subject);
      await world.createAdminSecret([NAME]);
      await world.examineAdminsNow();
      await world.clock.advanceBy(MINUTE);
      const { token, grants } = JSON.parse(world.issuer.adminSecret([NAME])) as {
        token?: string;
        grants: { password?: string }[];
      };
      const value = token ?? grants[0]?.password ?? '';
      for (const out of [value, value, 'of-somebody-else']) {
        await leak(world, out);
        await world.clock.advanceBy(MINUTE);
      }
      assert.deepEqual(await openOf(world), [
        'admin-credential-leaked critical it is still in its secret, so who found it can create and ' +
          'revoke tokens.',
      ]);
      assert.equal(world.queue.sent.filter((one) => one.kind === 'compromise').length, 1);
      assert.ok(
        !JSON.stringify([
          world.facts,
          world.logged,
          world.errors,
          world.inventory.dump(),
          world.queue.sent,
        ]).includes(value),
      );
    });

  test('is reported until the issuer refuses it, and what it could make is replaced once it is', async () => {
    const world = new World({
      ...CLIENT,
      issuer: (clock) => new GitlabSimulator({ clock, adminAccount: ACCOUNT }),
    });
    await world.createAdminSecret([NAME, ADMIN]);
    const arn = await world.createToken(NAME, { value: await world.issuer.createByHand(NAME), tags: QUIET });
    await complete(world);
    world.startSchedules();
    await looked(world);
    const admin = JSON.parse(await world.read(world.aws.secretsManager.find(ADMIN)?.arn ?? '')) as {
      token: string;
    };
    const before = currentOf(await recordOf({ world, arn }));
    await leak(world, admin.token);
    await looked(world);
    assert.equal(
      currentOf(await recordOf({ world, arn }))?.handle,
      before?.handle,
      'it was replaced with a credential that is out',
    );
    const made = await world.issuer.fetch(
      new Request(`https://gitlab.keyturn.test/api/v4/${ACCOUNT}/personal_access_tokens`, {
        method: 'POST',
        headers: { 'private-token': admin.token, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'next', scopes: ['api'], expires_at: '2026-03-01' }),
      }),
    );
    const next = (await made.json()) as { token: string };
    await world.client.send(
      new PutSecretValueCommand({
        SecretId: ADMIN,
        SecretString: JSON.stringify({ ...admin, token: next.token }),
      }),
    );
    await looked(world);
    assert.deepEqual(await openOf(world), [
      'admin-credential-leaked critical it was replaced in its secret, and its issuer still accepts it',
    ]);
    assert.notEqual(
      currentOf(await recordOf({ world, arn }))?.handle,
      before?.handle,
      `the token was not replaced: ${world.errors.join()}`,
    );
    const old = (await issued(world, ADMIN)).find((one) => one.value === admin.token);
    await world.issuer.revokeByHand(old?.handle ?? '');
    await looked(world);
    assert.deepEqual(
      [
        await openOf(world),
        (await world.inventory.loadInstallationRecord()).installationRecord.exposedAdmins,
      ],
      [[], []],
    );
  });

  test('may not be claimed by a fingerprint that its secret never held', async () => {
    assert.ok(GITLAB);
    const world = new World({ ...CLIENT, issuer: GITLAB.issuer({}) });
    await world.createAdminSecret([NAME]);
    await world.examineAdminsNow();
    const now = world.clock.now();
    await world.queue.send('gitlab', [
      {
        kind: 'compromise',
        tokenId: tokenIdOf(world.aws.secretsManager.find(ADMIN)?.arn ?? ''),
        fingerprint: 'f'.repeat(64),
        source: 'x',
        reportedAt: now,
        notAfter: now + MINUTE,
      },
    ]);
    await world.clock.advanceBy(MINUTE);
    assert.deepEqual(await openOf(world), []);
  });
});
