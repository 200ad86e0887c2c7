import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import { currentOf, openAttempt } from '../../functions/core/token/lookups.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { inTurn } from '../extent.ts';
import {
  CALM,
  NAME,
  SUBJECTS,
  adopted,
  complete,
  credentialIn,
  inGrace,
  isLive,
  midway,
  oldOf,
  recordOf,
  send,
  shareResource,
  type Home,
} from './home.ts';
import { containedAs, incidentOf, report, stateOf } from './leaks.ts';

async function currentIn(
  home: Pick<Home, 'world' | 'arn'>,
): Promise<{ id: string; handle: string; fingerprint: string }> {
  const current = currentOf(await recordOf(home));
  assert.ok(current?.fingerprint && current.handle);
  return { id: current.id, handle: current.handle, fingerprint: current.fingerprint };
}

/** The current credential is another one by now, it lives, and Secrets Manager hands it out. */
async function requireReplaced(home: Pick<Home, 'world' | 'arn'>, leaked: string): Promise<void> {
  const current = await currentIn(home);
  assert.notEqual(current.handle, leaked);
  assert.ok(await isLive(home.world, current.handle));
  assert.equal((await credentialIn(home.world, await home.world.read(home.arn))).handle, current.handle);
}

function openKinds(token: Token): string[] {
  return token.findings.filter((one) => one.state === 'open').map((one) => one.kind);
}

function told(home: Home, what: string): number {
  return home.world.facts.filter((fact) => fact.type === 'lifecycle' && fact.what === what).length;
}

for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
  describe(`a leak, ${subject.id}`, () => {
    test('of the current credential: it is replaced, then out without grace, in one run', async () => {
      const home = await adopted(subject);
      const leaked = await currentIn(home);
      const before = home.world.clock.now();
      assert.ok(await report(home, { fingerprint: leaked.fingerprint, exposedAt: before - MINUTE }));
      const took = home.world.clock.now() - before;
      const { incident, credential } = await incidentOf(home, leaked.id);
      assert.equal(stateOf(credential), containedAs(subject));
      assert.ok(!(await isLive(home.world, leaked.handle)));
      await requireReplaced(home, leaked.handle);
      assert.ok(incident?.containedAt && incident.replacedAt && incident.replacedAt <= incident.containedAt);
      assert.ok(took < 3 * MINUTE, `it took ${took / SECOND} s`);
      assert.deepEqual(home.world.errors, []);
    });

    test('reported twice is one incident, and its steps are told once, with their times', async () => {
      const home = await adopted(subject);
      const leaked = await currentIn(home);
      const exposedAt = home.world.clock.now() - HOUR;
      await report(home, { fingerprint: leaked.fingerprint, exposedAt });
      await report(home, { fingerprint: leaked.fingerprint });
      assert.equal((await recordOf(home)).incidents?.length, 1);
      for (const what of ['leaked', 'contained', 'replaced']) assert.equal(told(home, what), 1, what);
      const contained = home.world.facts.find(
        (fact) => fact.type === 'lifecycle' && fact.what === 'contained',
      );
      assert.ok(contained?.type === 'lifecycle' && contained.incident);
      assert.ok(
        contained.incident.sinceReported > 0 &&
          contained.incident.sinceExposed === contained.incident.sinceReported + HOUR,
      );
      assert.ok(!openKinds(await recordOf(home)).includes('credential-leaked'));
      await home.world.clock.advanceBy(HOUR);
      await send(home.world, home.arn, { kind: 'inspect' });
      assert.equal(told(home, 'consumers-moved'), 1);
    });

    test('of an old credential: it is out at once, and nothing is rotated', async () => {
      const home = await inGrace(subject);
      const old = oldOf(await recordOf(home));
      const current = await currentIn(home);
      assert.ok(await report(home, { fingerprint: old.fingerprint }));
      const { incident, credential } = await incidentOf(home, old.id);
      assert.equal(stateOf(credential), containedAs(subject));
      assert.equal(incident?.replacedAt, incident?.reportedAt);
      assert.equal((await currentIn(home)).id, current.id);
    });

    test('of a revoked credential: it is noted, and nothing else happens', async () => {
      const home = await inGrace(subject);
      const old = oldOf(await recordOf(home));
      await report(home, { fingerprint: old.fingerprint });
      await home.world.clock.advanceBy(100 * DAY);
      const current = await currentIn(home);
      await report(home, { fingerprint: old.fingerprint });
      const { incident } = await incidentOf(home, old.id);
      assert.equal(incident?.containedAt, incident?.reportedAt);
      assert.equal((await currentIn(home)).id, current.id);
    });

    test('while a rotation runs: that one is aborted first, and what it made is revoked too', async () => {
      const home = await midway(subject);
      const leaked = await currentIn(home);
      const running = openAttempt(await recordOf(home));
      assert.ok(running);
      assert.ok(await report(home, { fingerprint: leaked.fingerprint }));
      await home.world.clock.advanceBy(2 * MINUTE);
      await send(home.world, home.arn, { kind: 'inspect' });
      const record = await recordOf(home);
      assert.equal(record.attempts.find((one) => one.id === running.id)?.state, 'aborted');
      assert.equal(record.failures, 0, 'an abort for a leak is no failure');
      for (const mint of running.mints)
        assert.ok(mint.handle === undefined || !(await isLive(home.world, mint.handle)));
      assert.ok(!(await isLive(home.world, leaked.handle)));
      await requireReplaced(home, leaked.handle);
    });

    test(
      'of a credential that is not current yet: its rotation is aborted, it is revoked, the current one ' +
        'stays',
      async () => {
        const home = await midway(subject);
        const current = await currentIn(home);
        const mint = openAttempt(await recordOf(home))?.mints.at(-1);
        assert.ok(mint?.fingerprint && mint.handle);
        assert.ok(await report(home, { fingerprint: mint.fingerprint }));
        await home.world.clock.advanceBy(2 * MINUTE);
        assert.ok(!(await isLive(home.world, mint.handle)));
        assert.equal((await currentIn(home)).id, current.id);
        const incident = (await recordOf(home)).incidents?.[0];
        assert.ok(incident?.containedAt && incident.replacedAt);
      },
    );

    test('of the whole token: every credential it had is revoked', async () => {
      const home = await inGrace(subject);
      const old = oldOf(await recordOf(home));
      const current = await currentIn(home);
      assert.ok(await report(home));
      for (const handle of [old.handle, current.handle])
        assert.ok(handle && !(await isLive(home.world, handle)));
      await requireReplaced(home, current.handle);
    });

    test('that is held waits for a person, who lets it go on', async () => {
      const home = await adopted(subject);
      const leaked = await currentIn(home);
      assert.ok(await report(home, { fingerprint: leaked.fingerprint, held: true }));
      await home.world.clock.advanceBy(MINUTE);
      assert.ok(await isLive(home.world, leaked.handle));
      assert.deepEqual(openKinds(await recordOf(home)), ['credential-leaked']);
      assert.ok(await report(home, { fingerprint: leaked.fingerprint }));
      assert.ok(!(await isLive(home.world, leaked.handle)));
      await requireReplaced(home, leaked.handle);
    });

    // Only here may two secrets have credentials of one resource.
    if (subject.id === 'gitlab')
      test('of a value that two secrets hold: both are replaced, then it is revoked', async () => {
        const home = await adopted(subject);
        const admin = await shareResource(home.world, NAME, 'prod/copy');
        const arn = await home.world.createToken('prod/copy', {
          value: await home.world.read(home.arn),
          tags: { ...CALM, 'keyturn:admin': admin },
        });
        const copy = { ...home, arn };
        await complete(home.world);
        const leaked = await currentIn(home);
        await report(home, { fingerprint: leaked.fingerprint });
        assert.ok(await isLive(home.world, leaked.handle), 'the copy still needs it');
        await report(copy, { fingerprint: (await currentIn(copy)).fingerprint });
        await home.world.clock.advanceBy(HOUR);
        for (const one of [home, copy]) await send(one.world, one.arn, { kind: 'inspect' });
        assert.ok(!(await isLive(home.world, leaked.handle)));
      });
  });
}
