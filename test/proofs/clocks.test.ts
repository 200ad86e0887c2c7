import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SKEW } from '../../functions/core/issuer/issuer-clock.ts';
import type { Verdict } from '../../functions/core/validity/inactivity-proof.ts';
import type { FindingFact } from '../../functions/core/findings/events.ts';
import { EXPIRED } from '../../functions/core/validity/expiry.ts';
import { endOfWaiting } from '../../functions/core/rotation/deferral.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { placeOf } from '../../functions/core/secret-text/value-place.ts';
import { rotationWish } from '../../functions/core/rotation/next-rotation.ts';
import { DAY, FURTHEST_WEST, HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import { credentialOf } from '../../functions/core/token/lookups.ts';
import type { Credential } from '../../functions/core/token/credential.ts';
import { PROVIDERS } from '../../functions/providers/registry.ts';
import { lookAt } from '../../functions/use-cases/evidence/sightings.ts';
import type { IssuerKnobs } from '../../lib/sandbox/issuers/knobs.ts';
import { SIMULATORS } from '../../lib/sandbox/issuers/simulators.ts';
import type { World, WorldOptions } from '../world/world.ts';
import { listing } from '../contracts/setup.ts';
import { inTurn } from '../extent.ts';
import {
  CALM,
  NAME,
  SUBJECTS,
  adopted,
  complete,
  oldOf,
  recordOf,
  rotateOnce,
  send,
  sessionsThrough,
  tamper,
  withPorts,
  type Home,
  type Subject,
} from './home.ts';
import { outcome } from './late.ts';

const OFF = 10 * MINUTE;
/** Old credentials of this token live on for weeks, were it not for their date. */
const LONG = { ...CALM, 'keyturn:min-grace': '10d', 'keyturn:max-grace': '20d' };

/** The same issuer with a clock that can be set. */
function withKnobs({ id }: Subject): { subject: Subject; knobs: IssuerKnobs } {
  const knobs: IssuerKnobs = {};
  const simulate = SIMULATORS.get(id);
  assert.ok(simulate);
  return { knobs, subject: { id, issuer: (delays) => (clock) => simulate({ clock, delays, knobs }) } };
}

function told({ facts }: World): string[] {
  return facts
    .filter((fact): fact is FindingFact => fact.type === 'finding' && fact.kind === 'clock-skew')
    .map((fact) => `${fact.change} ${fact.severity}`);
}

async function openOf({ inventory }: World): Promise<string | undefined> {
  return (await inventory.loadInstallationRecord()).installationRecord.findings.find(
    (one) => one.kind === 'clock-skew' && one.state === 'open',
  )?.detail;
}

/** After a pass of reconcile the installation's own findings are what they are now. */
async function looksOver({ world }: Home): Promise<void> {
  await world.clock.advanceBy(HOUR + MINUTE);
  assert.equal(await world.examineAdminsNow(), undefined);
}

/** What stands between the issuer and Keyturn changes the headers of its answers from now on. */
function passing(world: World, change: (headers: Headers) => void): void {
  const real = world.issuer.fetch.bind(world.issuer);
  world.issuer.fetch = async (request) => {
    const response = await real(request);
    change(response.headers);
    return response;
  };
}

/** The answer to the next creation gets lost, after the issuer made it. */
function losing(world: World): string[] {
  const real = world.issuer.fetch.bind(world.issuer);
  const lost: string[] = [];
  world.issuer.fetch = async (request) => {
    const isMint = request.method === 'POST' || request.method === 'PUT';
    const answer = await real(request);
    if (!isMint || lost.length > 0) return answer;
    lost.push(request.url);
    throw new TypeError('fetch failed');
  };
  return lost;
}

/**
 * What a look at a credential says, whose value is unreadable, and about which the issuer may be asked or
 * not.
 */
async function look({ world, arn }: Home, one: Credential, mayAsk = true): Promise<Verdict> {
  return withPorts(world, async (ports) => {
    const record = await ports.inventory.load(tokenIdOf(arn));
    assert.ok(record);
    const place = placeOf(new Map(), ports.issuers.provider(world.provider).descriptor);
    return (
      await lookAt(
        { secret: await ports.secrets.describe(arn), place, record },
        one,
        mayAsk ? await ports.issuers.open(record.token) : undefined,
        ports,
      )
    ).verdict;
  });
}

async function inspect(home: Home): Promise<void> {
  assert.ok(await send(home.world, home.arn, { kind: 'inspect' }));
}

/** An issuer that says nothing of one credential, so that its date on record is all that is known of it. */
interface Silence {
  about?: string | undefined;
}

function silenced(silence: Silence): Partial<WorldOptions> {
  return {
    wrap: (ports) => ({
      ...ports,
      issuers: sessionsThrough(ports.issuers, (session) => ({
        ...listing(session),
        list: async () => (await listing(session).list()).filter(({ handle }) => handle !== silence.about),
        probe: async (value, beside) =>
          silence.about !== undefined &&
          (await listing(session).identify(value, beside))?.handle === silence.about
            ? { outcome: 'unknown', reason: 'It is silent.' }
            : session.probe(value, beside),
      })),
    }),
  };
}

/**
 * When its old credential ends, of which only the record knows the date: so that every issuer has one
 * that ends.
 */
async function ending(home: Home, silence: Silence): Promise<Credential & { expiresAt: number }> {
  await rotateOnce(home);
  const old = oldOf(await recordOf(home));
  silence.about = old.handle;
  const expiresAt = home.world.clock.now() + 2 * HOUR;
  await tamper(home, (token) => ({
    ...token,
    credentials: token.credentials.map((one) => (one.id === old.id ? { ...one, expiresAt } : one)),
  }));
  return { ...old, expiresAt };
}

/** Called expired, or found inactive, in whatever way. */
function isOver(one: Credential | undefined): boolean {
  return one === undefined || one.state !== 'previous' || one.reason === EXPIRED;
}

for (const each of inTurn(SUBJECTS, import.meta.filename))
  describe(`an issuer whose clock is off, ${each.id}`, () => {
    const zone = PROVIDERS.get(each.id)?.descriptor.expiry.step === 'day' ? FURTHEST_WEST : 0;

    for (const [direction, ahead] of [
      ['ahead of', OFF],
      ['behind', -OFF],
    ] as const)
      test(
        `is reported when it is ten minutes ${direction} ours, nothing is buried too early, and it is ` +
          'over once the clock is right',
        async () => {
          const { subject, knobs } = withKnobs(each);
          const silence: Silence = {};
          const home = await adopted(subject, { tags: LONG, options: silenced(silence) });
          const { world } = home;
          const { id, expiresAt } = await ending(home, silence);
          assert.deepEqual(told(world), [], 'clocks that agree are no news');
          knobs.clockSkew = ahead;
          await inspect(home);
          assert.deepEqual(told(world), ['opened warning']);
          assert.match(
            (await openOf(world)) ?? '',
            new RegExp(
              `^The clock of ${world.issuer.host.replaceAll('.', '\\.')} is about 10m ${direction} ours`,
            ),
          );
          world.startSchedules();
          await world.clock.advanceTo(expiresAt + zone - MINUTE);
          while (!isOver(credentialOf(await recordOf(home), id))) {
            await world.clock.advanceBy(MINUTE);
            assert.ok(world.clock.now() < expiresAt + zone + HOUR, 'it is never found to have expired');
          }
          assert.ok(
            world.clock.now() - OFF >= expiresAt + zone,
            `called expired ${(world.clock.now() - expiresAt - zone) / MINUTE} minutes after its date`,
          );
          knobs.clockSkew = 0;
          await inspect(home);
          assert.equal((await recordOf(home)).issuerClock, undefined);
          await looksOver(home);
          assert.deepEqual(told(world), ['opened warning', 'resolved warning']);
        },
      );

    test('is reported once, however many tokens it has, and so is that it is right again', async () => {
      const { subject, knobs } = withKnobs(each);
      const home = await adopted(subject);
      const { world } = home;
      await world.grantOnly([NAME, `${NAME}-2`, `${NAME}-3`]);
      const homes = [home];
      for (const name of [`${NAME}-2`, `${NAME}-3`])
        homes.push({
          ...home,
          arn: await world.createToken(name, { value: await world.issuer.createByHand(name), tags: CALM }),
        });
      await complete(world);
      knobs.clockSkew = OFF;
      for (const one of [...homes, ...homes]) await inspect(one);
      assert.deepEqual(told(world), ['opened warning']);
      for (const one of homes) assert.ok((await recordOf(one)).issuerClock, 'each reckons with it');
      knobs.clockSkew = 0;
      for (const one of homes) await inspect(one);
      await looksOver(home);
      assert.deepEqual(told(world), ['opened warning', 'resolved warning']);
      assert.deepEqual(
        world.facts.filter(
          (fact) =>
            fact.type === 'finding' && fact.kind === 'clock-skew' && fact.subject !== world.issuer.host,
        ),
        [],
      );
    });

    test('ends nothing by its date too early, also where the issuer may not be asked any more', async () => {
      const { subject, knobs } = withKnobs(each);
      const silence: Silence = {};
      const home = await adopted(subject, { tags: LONG, options: silenced(silence) });
      const { world, arn } = home;
      const { id, expiresAt } = await ending(home, silence);
      knobs.clockSkew = -OFF;
      await inspect(home);
      await tamper(home, (token) => ({
        ...token,
        credentials: token.credentials.map((one) =>
          one.id === id
            ? {
                ...one,
                state: 'revoking',
                withoutGrace: true,
                revocationBegunAt: world.clock.now(),
                reach: { host: 'gone.example.com', basePath: '', account: '1' },
                versionId: undefined,
              }
            : one,
        ),
      }));
      const stateAt = async (at: number): Promise<[string | undefined, string | undefined]> => {
        await world.clock.advanceTo(at);
        await inspect(home);
        await send(world, arn, { kind: 'retire', credentialId: id });
        const one = credentialOf(await recordOf(home), id);
        return [one?.state, one?.proof];
      };
      await world.clock.advanceTo(expiresAt + zone + 4 * MINUTE);
      const one = credentialOf(await recordOf(home), id);
      assert.equal(one && (await look(home, one, false)).kind, 'open');
      assert.notEqual((await stateAt(expiresAt + zone + 5 * MINUTE))[0], 'ended');
      assert.deepEqual(await stateAt(expiresAt + zone + OFF + 3 * MINUTE), ['ended', 'expiry']);
    });

    // Lists that tell dates have the last word over the record's.
    if (zone === 0)
      test(
        'is believed when its clock went off since the last inspection: a look at a credential sees that ' +
          'too',
        async () => {
          const { subject, knobs } = withKnobs(each);
          const silence: Silence = {};
          const home = await adopted(subject, { tags: LONG, options: silenced(silence) });
          const { world } = home;
          const { versionId: _unreadable, ...old } = await ending(home, silence);
          await world.clock.advanceTo(old.expiresAt + 5 * MINUTE);
          knobs.clockSkew = -OFF;
          assert.equal((await look(home, old)).kind, 'open');
          knobs.clockSkew = 0;
          assert.deepEqual(await look(home, old), { kind: 'inactive', by: 'expiry' });
        },
      );

    test('is not reported where its answers tell no date, or come out of a cache', async () => {
      const SILENT: ((headers: Headers) => void)[] = [
        (headers) => headers.delete('date'),
        (headers) => headers.set('age', '600'),
      ];
      for (const change of SILENT) {
        const { subject, knobs } = withKnobs(each);
        const home = await adopted(subject);
        passing(home.world, change);
        knobs.clockSkew = -OFF;
        await inspect(home);
        assert.deepEqual([told(home.world), (await recordOf(home)).issuerClock], [[], undefined]);
      }
    });

    test('stays reported while no answer tells a date, for a day', async () => {
      const { subject, knobs } = withKnobs(each);
      const home = await adopted(subject);
      const { world } = home;
      knobs.clockSkew = OFF;
      await inspect(home);
      passing(world, (headers) => headers.delete('date'));
      knobs.clockSkew = 0;
      world.startSchedules();
      await world.clock.advanceBy(23 * HOUR);
      assert.deepEqual(told(world), ['opened warning']);
      await looksOver(home);
      assert.deepEqual(told(world), ['opened warning', 'resolved warning']);
      await world.clock.advanceBy(DAY);
      assert.equal((await recordOf(home)).issuerClock, undefined);
    });
  });

for (const each of inTurn(SUBJECTS, import.meta.filename))
  describe(`a rotation at an issuer whose clock is off, ${each.id}`, () => {
    for (const [direction, ahead] of [
      ['ahead', HOUR],
      ['behind', -HOUR],
    ] as const)
      for (const isNew of [false, true])
        test(
          'whose answer to a mint was lost leaves nothing active, an hour ' +
            `${direction}${isNew ? ' since the last inspection' : ''}`,
          async () => {
            const { subject, knobs } = withKnobs(each);
            const home = await adopted(subject, { tags: CALM });
            const { world, arn } = home;
            const set = async (): Promise<void> => {
              knobs.clockSkew = ahead;
              if (!isNew) await inspect(home);
            };
            await set();
            const lost = losing(world);
            assert.ok(await send(world, arn, { kind: 'rotate' }));
            await world.clock.advanceBy(3 * MINUTE);
            assert.equal(lost.length, 1, 'no mint was made');
            assert.deepEqual(await outcome(home), []);
          },
        );

    test('begins as much earlier before an end, and waits for nothing as much earlier', async () => {
      const { subject, knobs } = withKnobs(each);
      const home = await adopted(subject, { tags: { ...CALM, 'keyturn:rotate-every': '50d' } });
      const { world } = home;
      const expiresAt = world.clock.now() + 40 * DAY;
      const wishes = async (): Promise<(number | undefined)[]> => {
        await inspect(home);
        const token = await recordOf(home);
        const ending = { ...token, credentials: token.credentials.map((one) => ({ ...one, expiresAt })) };
        return [rotationWish(ending)?.at, endOfWaiting(ending)];
      };
      const [at = 0, waits = 0] = await wishes();
      for (const skew of [3 * HOUR, -3 * HOUR]) {
        knobs.clockSkew = skew;
        const [earlier = 0, waitsLess = 0] = await wishes();
        for (const by of [at - earlier, waits - waitsLess])
          assert.ok(Math.abs(by - (3 * HOUR - SKEW)) <= 2 * MINUTE, `earlier by ${by / MINUTE} minutes`);
      }
    });
  });
