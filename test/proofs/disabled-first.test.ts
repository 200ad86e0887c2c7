import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { inTurn } from '../extent.ts';
import {
  DISABLING,
  answering,
  currentIn,
  enable,
  deletedBy,
  isDeletion,
  endsDisabled,
  isBinding,
  isSwitch,
  listedAs,
  listsTake,
  made,
  madeTwice,
  switchAt,
  told,
} from './disabled-first.ts';
import { isLive, recordOf, send } from './home.ts';
import { incidentOf, report } from './leaks.ts';

it('is tried at every issuer whose credentials can be disabled', () =>
  assert.deepEqual(DISABLING.map(({ id }) => id).toSorted(), [
    'auth0-client-key',
    'aws-iam',
    'cloudflare',
    'docker-hub',
    'docker-hub-org',
    'google-iam',
    'honeycomb',
    'okta',
    'okta-client-key',
    'sentry',
    'snowflake-key',
    'snowflake-pat',
  ]));

for (const subject of inTurn(DISABLING, import.meta.filename))
  describe(`a leak where a credential can be disabled, ${subject.id}`, () => {
    it('replaces what leaked, then disables it: it is told as contained, and never as revoked', async () => {
      const home = await made(subject);
      const { world } = home;
      const leaked = await currentIn(home);
      const before = world.clock.now();
      assert.ok(await report(home, { fingerprint: leaked.fingerprint }));
      assert.ok(world.clock.now() - before < 3 * MINUTE);
      assert.equal(await listedAs(world, leaked.handle), 'disabled');
      const { incident, credential } = await incidentOf(home, leaked.id);
      assert.ok(incident?.replacedAt && incident.containedAt && incident.replacedAt <= incident.containedAt);
      assert.ok(credential?.disabledAt !== undefined);
      assert.equal(incident.containedAt, credential.disabledAt);
      assert.equal(credential.state, 'revoking');
      assert.equal(credential.revokedAt, undefined);
      assert.equal(credential.endedAt, undefined);
      for (const what of ['leaked', 'replaced', 'disabled', 'contained'])
        assert.equal(told(home, what), 1, what);
      for (const what of ['revoked', 'revocation-verified']) assert.equal(told(home, what), 0, what);
      const contained = world.facts.find((fact) => fact.type === 'lifecycle' && fact.what === 'contained');
      assert.match(contained?.detail ?? '', /is disabled at its issuer/);
      assert.ok(await isLive(world, (await currentIn(home)).handle));
      assert.deepEqual(world.errors, []);
    });

    it('revokes it a day later, and verifies that by its list', async () => {
      const home = await madeTwice(subject);
      const { world, old } = home;
      assert.ok(await report(home, { fingerprint: old.fingerprint }));
      assert.equal(await listedAs(world, old.handle ?? ''), 'disabled');
      world.startSchedules();
      await world.clock.advanceBy(DAY - HOUR);
      assert.equal(await listedAs(world, old.handle ?? ''), 'disabled');
      assert.deepEqual(
        (await recordOf(home)).findings.filter((one) => one.state === 'open'),
        [],
      );
      await world.clock.advanceBy(3 * HOUR + listsTake(subject));
      assert.equal(await listedAs(world, old.handle ?? ''), 'gone');
      const { credential } = await incidentOf(home, old.id);
      assert.equal(credential?.state, 'ended');
      for (const what of ['disabled', 'contained', 'revoked', 'revocation-verified'])
        assert.equal(told(home, what), 1, what);
      assert.equal(told(home, 'containment-withdrawn'), 0);
      assert.deepEqual(world.errors, []);
    });

    it('does not take the deletion for done while its issuer lists it as disabled', async () => {
      let isDeaf = true;
      let sent = 0;
      const deaf = answering(subject, async (request) => {
        if (!isDeaf || !(await isDeletion(request))) return undefined;
        sent++;
        return deletedBy(subject.id, request);
      });
      const home = await madeTwice(deaf);
      const { world, old } = home;
      await report(home, { fingerprint: old.fingerprint });
      world.startSchedules();
      await world.clock.advanceBy(DAY + 3 * HOUR);
      const { credential } = await incidentOf(home, old.id);
      assert.ok(sent > 0);
      assert.ok(credential && credential.state !== 'ended');
      assert.equal(told(home, 'revocation-verified'), 0);
      isDeaf = false;
    });

    it('tells that what somebody enabled at the issuer is out again, and revokes it at once', async () => {
      const home = await madeTwice(subject);
      const { world, old } = home;
      await report(home, { fingerprint: old.fingerprint });
      world.startSchedules();
      await world.clock.advanceBy(2 * HOUR);
      await switchAt(world).enable(old.handle ?? '');
      await world.clock.advanceBy(2 * HOUR + listsTake(subject));
      assert.equal(await listedAs(world, old.handle ?? ''), 'gone');
      const { incident, credential } = await incidentOf(home, old.id);
      assert.equal(credential?.state, 'ended');
      assert.ok(incident?.withdrawn?.containedAt !== undefined && incident.containedAt !== undefined);
      for (const what of ['active-again', 'containment-withdrawn', 'disabled'])
        assert.equal(told(home, what), 1, what);
      assert.equal(told(home, 'contained'), 2);
    });

    it('enables again what was reported wrongly, and nothing ends it for that report', async () => {
      const home = await madeTwice(subject);
      const { world, old } = home;
      await report(home, { fingerprint: old.fingerprint });
      await world.clock.advanceBy(MINUTE);
      assert.ok(await enable(home, old.id));
      assert.equal(await listedAs(world, old.handle ?? ''), 'active');
      const { incident, credential } = await incidentOf(home, old.id);
      assert.equal(incident, undefined);
      assert.equal(credential?.state, 'previous');
      assert.equal(credential.disabledAt, undefined);
      assert.equal(credential.withoutGrace, undefined);
      await report(home, { fingerprint: old.fingerprint, reportedAt: world.clock.now() - 2 * MINUTE });
      assert.ok(await enable(home, old.id), 'twice is once');
      await send(world, home.arn, { kind: 'inspect' });
      await send(world, home.arn, { kind: 'retire', credentialId: old.id });
      assert.equal(await listedAs(world, old.handle ?? ''), 'active');
      for (const what of ['disabled', 'enabled']) assert.equal(told(home, what), 1, what);
      assert.equal(told(home, 'refused'), 0);
      await report(home, { fingerprint: old.fingerprint });
      assert.equal(await listedAs(world, old.handle ?? ''), 'disabled', 'a new report counts');
      assert.deepEqual(world.errors, []);
    });

    it('goes on with enabling where an answer was lost, and ends nothing meanwhile', async () => {
      let isLossy = false;
      const lossy = answering(subject, async (request, issuer) => {
        if (!isLossy || !(await isSwitch(request))) return undefined;
        await issuer.fetch(request);
        throw new TypeError('fetch failed');
      });
      const home = await madeTwice(lossy);
      const { world, old } = home;
      await report(home, { fingerprint: old.fingerprint });
      isLossy = true;
      await enable(home, old.id);
      await send(world, home.arn, { kind: 'retire', credentialId: old.id });
      assert.equal(await listedAs(world, old.handle ?? ''), 'active');
      isLossy = false;
      assert.ok(await enable(home, old.id));
      assert.equal((await incidentOf(home, old.id)).credential?.disabledAt, undefined);
      assert.equal(told(home, 'active-again'), 0);
      assert.equal(told(home, 'enabled'), 1);
    });

    it('says in one sentence why what is revoked, or not disabled, cannot be enabled', async () => {
      const home = await madeTwice(subject);
      const { old } = home;
      await enable(home, old.id);
      await report(home, { fingerprint: old.fingerprint });
      await send(home.world, home.arn, { kind: 'revoke', credentialId: old.id });
      await enable(home, old.id);
      const refusals = home.world.facts.flatMap((fact) =>
        fact.type === 'lifecycle' && fact.what === 'refused' ? [fact.detail] : [],
      );
      assert.equal(refusals.length, 2);
      assert.match(refusals[0] ?? '', /is not disabled/);
      assert.match(refusals[1] ?? '', /nothing brings it back/);
      assert.equal(await listedAs(home.world, old.handle ?? ''), 'gone');
    });

    it('revokes a disabled one at once when a person asks for that', async () => {
      const home = await madeTwice(subject);
      const { old } = home;
      await report(home, { fingerprint: old.fingerprint });
      assert.ok(await send(home.world, home.arn, { kind: 'revoke', credentialId: old.id }));
      assert.equal(await listedAs(home.world, old.handle ?? ''), 'gone');
    });

    it('revokes a disabled one at once when its slot is needed for the next leak', async () => {
      const home = await made(subject);
      const { world } = home;
      const leaked: string[] = [];
      for (let time = 0; time < 3; time++) {
        const current = await currentIn(home);
        leaked.push(current.handle);
        await report(home, { fingerprint: current.fingerprint });
        await world.clock.advanceBy(3 * MINUTE);
      }
      await send(world, home.arn, { kind: 'inspect' });
      // The slot is free once the lag of the issuer is over, or two lists leave out what it held.
      world.startSchedules();
      await world.clock.advanceBy(30 * MINUTE + Math.min(listsTake(subject), HOUR));
      assert.ok(!leaked.includes((await currentIn(home)).handle));
      assert.equal(await listedAs(world, leaked[0] ?? ''), 'gone');
      for (const handle of leaked) assert.ok(!(await isLive(world, handle)));
    });

    for (const [what, answer] of [
      ['refuses it', async () => Response.json({ message: 'no' }, { status: 400 })],
      ['is down for it', async () => new Response(null, { status: 503 })],
      ['answers something else', async () => Response.json({})],
      [
        'loses its answer',
        async (request: Request, issuer: { fetch: (request: Request) => Promise<Response> }) => {
          await issuer.fetch(request);
          throw new TypeError('fetch failed');
        },
      ],
    ] as const)
      it(`revokes at once what leaked where the issuer ${what}`, async () => {
        let isLeaked = false;
        let isFirst = true;
        const odd = answering(subject, async (request, issuer) => {
          if (
            !(await isSwitch(request)) ||
            !isLeaked ||
            (await isBinding(request)) ||
            (endsDisabled(subject) && !isFirst)
          )
            return undefined;
          isFirst = false;
          return answer(request, issuer);
        });
        const home = await made(odd);
        const { world } = home;
        const leaked = await currentIn(home);
        const before = world.clock.now();
        isLeaked = true;
        assert.ok(await report(home, { fingerprint: leaked.fingerprint }));
        assert.ok(world.clock.now() - before < 3 * MINUTE);
        assert.equal(await listedAs(world, leaked.handle), 'gone');
        // The proof waits for the lag of the issuer.
        world.startSchedules();
        await world.clock.advanceBy(20 * MINUTE + listsTake(subject));
        const { incident, credential } = await incidentOf(home, leaked.id);
        assert.equal(credential?.state, 'ended');
        assert.ok(incident?.containedAt !== undefined);
        assert.equal(told(home, 'disabled'), 0);
      });
  });
