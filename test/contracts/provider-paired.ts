import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { acceptedWithin, creationEnds, refusedWithin } from '../../functions/core/issuer/issuer-facts.ts';
import type { PairedSession, Provider, Replaced, Session } from '../../functions/core/issuer/provider.ts';
import { VirtualClock, type Clock } from '../../lib/sandbox/clock.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { partOf } from '../extent.ts';
import { append, noting, type Exchange } from './exchanges.ts';
import { FOREIGN_ANSWERS } from './foreign-answers.ts';
import { OTHER_SECRET, SECRET, type AdminJson } from './setup.ts';
import { assertCode, everythingIn, recordingWorld, rejection, type World } from './world.ts';

/** What a provider is tested with whose accounts accept two values and list neither. */
export interface PairedContract {
  readonly provider: Provider;
  createIssuer(clock: Clock): Issuer;
  /** The fields of a grant that name its account. */
  readonly accountFields: readonly string[];
  /** Whether a request makes or ends something. */
  isChange(request: Request): boolean;
  /** Every credential in an admin secret. */
  adminCredentials(admin: AdminJson): readonly string[];
}

export interface PairedSetup {
  readonly clock: VirtualClock;
  readonly issuer: Issuer;
  readonly world: World;
  readonly admin: AdminJson;
  readonly session: PairedSession;
  readonly other: PairedSession;
  /** The value that the account has at first. */
  readonly main: Secret;
}

function pairedIn(session: Session): PairedSession {
  assert.ok(session.kind === 'paired');
  return session;
}

/** Makes a second value. */
export async function made(session: PairedSession, main: Secret): Promise<Replaced> {
  const make = await session.prepare(main);
  return make();
}

/** The same issuer, world and sessions for each test of such a provider. */
export async function withPair(
  contract: PairedContract,
  run: (setup: PairedSetup) => Promise<void>,
): Promise<void> {
  const clock = new VirtualClock(Date.parse('2026-03-02T10:17:30Z'));
  const issuer = contract.createIssuer(clock);
  const noted: Exchange[] = [];
  const answer = noting(contract.provider.descriptor.id, (request) => issuer.fetch(request), noted);
  const world = recordingWorld(clock, answer);
  const text = issuer.adminSecret([SECRET, OTHER_SECRET]);
  const admin: AdminJson = JSON.parse(text);
  const open = (name: string): PairedSession =>
    pairedIn(contract.provider.open(new Secret(text), name, world.tools));
  await clock.advanceBy(acceptedWithin(contract.provider.descriptor));
  const [first = assert.fail('the account has no value')] = await issuer.credentials(SECRET);
  const main = new Secret(first.value);
  try {
    await run({ clock, issuer, world, admin, session: open(SECRET), other: open(OTHER_SECRET), main });
    const issued = await Promise.all([SECRET, OTHER_SECRET].map((name) => issuer.credentials(name)));
    append(noted, [...contract.adminCredentials(admin), ...issued.flat().map(({ value }) => value)]);
  } finally {
    await issuer.close();
  }
}

/** What every provider must do whose account has a value, and makes a second one beside it. */
export function describePaired(contract: PairedContract): void {
  const { descriptor } = contract.provider;
  const test = (name: string, run: (setup: PairedSetup) => Promise<void>): void =>
    void it(name, () => withPair(contract, run));
  const settle = (clock: VirtualClock): Promise<void> =>
    clock.advanceBy(acceptedWithin(descriptor) + refusedWithin(descriptor));
  const live = async ({ issuer }: PairedSetup): Promise<readonly string[]> =>
    (await issuer.credentials(SECRET)).filter((one) => one.live).map(({ value }) => value);
  const changes = ({ world }: PairedSetup): number =>
    world.sent.filter(({ method }) => method !== 'GET').length;

  describe(`${descriptor.id}: a value and a second one`, () => {
    it('says before any call that two are accepted, and that a lost one is made again', () => {
      assert.ok(!creationEnds(descriptor));
      assert.ok('count' in descriptor.slots && descriptor.slots.count === 2);
      assert.equal(descriptor.found, 'reissue');
    });

    test('a second value is accepted beside the main one', async (setup) => {
      const { session, main, clock } = setup;
      const { value } = await made(session, main);
      await settle(clock);
      assert.deepEqual([...(await live(setup))].toSorted(), [main.reveal(), value.reveal()].toSorted());
      for (const one of [main, value]) assert.equal((await session.probe(one)).outcome, 'active');
      const shown = await session.ask(value);
      assert.ok(shown.outcome === 'active' && shown.account === session.reach.account);
    });

    test('the end of the main value leaves the second one, which is the main one then', async (setup) => {
      const { session, main, clock } = setup;
      const { value } = await made(session, main);
      await session.revoke(main);
      await settle(clock);
      assert.deepEqual(await live(setup), [value.reveal()]);
      assert.deepEqual(await session.probe(main), { outcome: 'inactive' });
      assert.equal((await session.probe(value)).outcome, 'active');
      await made(session, value);
      assert.equal((await live(setup)).length, 2);
    });

    test('the end of the second value leaves the main one', async (setup) => {
      const { session, main, clock } = setup;
      const { value } = await made(session, main);
      await settle(clock);
      await session.revoke(value);
      await settle(clock);
      assert.deepEqual(await live(setup), [main.reveal()]);
      assert.deepEqual(await session.probe(value), { outcome: 'inactive' });
    });

    test('ending what is gone is a success, and ends nothing', async (setup) => {
      const { session, main, clock } = setup;
      const { value } = await made(session, main);
      await session.revoke(main);
      await settle(clock);
      const before = changes(setup);
      await session.revoke(main);
      assert.equal(changes(setup), before);
      assert.deepEqual(await live(setup), [value.reveal()]);
    });

    test('nothing is made beside a value that is not the main one', async (setup) => {
      const { session, main } = setup;
      const { value } = await made(session, main);
      const before = changes(setup);
      for (const one of [value, new Secret('f'.repeat(32))])
        assertCode(await rejection(made(session, one)), 'credential-limit-reached');
      assert.equal(changes(setup), before);
      assert.equal((await live(setup)).length, 2);
    });

    test('a second value that nobody has ends, and the main one goes on; twice is once', async (setup) => {
      const { session, main } = setup;
      await made(session, main);
      await session.endLost(main);
      await session.endLost(main);
      assert.deepEqual(await live(setup), [main.reveal()]);
    });

    test('nothing ends where the value in use is the second one', async (setup) => {
      const { session, main, clock } = setup;
      const { value } = await made(session, main);
      await settle(clock);
      const before = changes(setup);
      await session.endLost(value);
      assert.equal(changes(setup), before);
      assert.equal((await live(setup)).length, 2);
    });

    test('nothing ends where nothing tells which value is in use', async (setup) => {
      const { session, main, clock } = setup;
      await made(session, main);
      await settle(clock);
      const before = changes(setup);
      assertCode(await rejection(session.endLost(new Secret('f'.repeat(32)))), 'issuer-response-invalid');
      assert.equal(changes(setup), before);
    });

    test('the value of another account is none of this one', async ({ session, other, issuer }) => {
      const [theirs = assert.fail()] = await issuer.credentials(OTHER_SECRET);
      const value = new Secret(theirs.value);
      assert.equal((await other.probe(value)).outcome, 'active');
      assert.notEqual((await session.probe(value)).outcome, 'active');
    });

    test('what makes or ends something is sent once, whatever comes back', async (setup) => {
      const { session, main, world, clock } = setup;
      const { value } = await made(session, main);
      await settle(clock);
      for (const act of [
        () => session.revoke(main),
        () => session.revoke(value),
        () => session.endLost(main),
      ])
        for (const status of [429, 500, 503, 408]) {
          let sent = 0;
          world.intercept((request) => {
            if (!contract.isChange(request)) return undefined;
            sent++;
            return new Response('', { status });
          });
          await rejection(act());
          assert.equal(sent, 1, `after ${status}`);
        }
    });

    test('an answer without a value is an error, never an empty value', async ({ session, main, world }) => {
      for (const body of ['{}', '', '<html>', '{"secondary_auth_token":""}', '[]']) {
        world.intercept((request) => (contract.isChange(request) ? new Response(body) : undefined));
        assertCode(await rejection(made(session, main)), 'issuer-response-invalid');
        assertCode(await rejection(session.revoke(main)), 'issuer-response-invalid');
      }
    });

    test("takes no other server's answer for a verdict, and makes or ends nothing on one", async (setup) => {
      const { session, main, world } = setup;
      for (const { name, response } of partOf(FOREIGN_ANSWERS, descriptor.id)) {
        let changed = 0;
        world.intercept((request) => {
          if (contract.isChange(request)) changed++;
          return response();
        });
        const probe = await session.probe(main);
        assert.equal(probe.outcome, 'unknown', name);
        assert.ok(!/<|\{|nginx|acme|Jwt/.test(probe.reason) && probe.reason.endsWith('.'), name);
        for (const act of [
          () => made(session, main),
          () => session.revoke(main),
          () => session.endLost(main),
        ])
          await rejection(act());
        assert.equal(changed, 0, name);
      }
    });

    test('takes no other answer to its second question for a verdict', async ({ session, world }) => {
      const dead = new Secret('f'.repeat(32));
      for (const { name, response } of partOf(FOREIGN_ANSWERS, descriptor.id)) {
        let asked = 0;
        world.intercept(() => (asked++ === 0 ? undefined : response()));
        assert.equal((await session.probe(dead)).outcome, 'unknown', name);
      }
    });

    test('at a former account values are still checked and ended, and none is made', async (setup) => {
      const { admin, world, main } = setup;
      const [mine, other] = admin['grants'];
      const formerly = [Object.fromEntries(contract.accountFields.map((field) => [field, mine[field]]))];
      const moved = new Secret(
        JSON.stringify({ ...admin, grants: [{ ...other, secret: SECRET, formerly }] }),
      );
      const [, place = assert.fail()] = contract.provider.reaches(moved, SECRET);
      const former = contract.provider.openAt(moved, SECRET, place, world.tools) ?? assert.fail();
      assert.equal((await former.probe(main)).outcome, 'active');
      assertCode(await rejection(made(pairedIn(former), main)), 'not-granted');
    });

    test('an account serves one secret alone, by its exact name', async ({ admin, world }) => {
      const [mine] = admin['grants'];
      const twice = [mine, { ...mine, secret: OTHER_SECRET }];
      const wide = [{ ...mine, secret: 'team-a/*' }];
      for (const grants of [twice, wide]) {
        const text = new Secret(JSON.stringify({ ...admin, grants }));
        const opened = Promise.resolve().then(() => contract.provider.open(text, SECRET, world.tools));
        assertCode(await rejection(opened), 'admin-invalid');
      }
    });

    test('the admin credential is examined, and told as one', async ({ admin, world }) => {
      const text = new Secret(JSON.stringify(admin));
      assert.equal((await contract.provider.examine(text, world.tools)).outcome, 'active');
      assert.deepEqual(
        contract.provider.adminValues(text).map((one) => one.reveal()),
        contract.adminCredentials(admin),
      );
    });

    test('every request goes to a host of the issuer', async ({ session, main, world, issuer }) => {
      await made(session, main);
      await session.revoke(main);
      const hosts = new Set([issuer.host, ...(issuer.otherHosts ?? [])]);
      for (const one of world.sent) assert.ok(hosts.has(one.host), one.host);
    });

    test('no error tells a value', async ({ session, main, world, admin }) => {
      const secrets = [main.reveal(), ...contract.adminCredentials(admin)];
      for (const status of [400, 401, 403, 404, 409, 500]) {
        world.intercept(() => new Response(secrets.join(' '), { status }));
        const told = everythingIn([
          await rejection(made(session, main)),
          await rejection(session.revoke(main)),
          await rejection(session.endLost(main)),
          await session.probe(main),
        ]);
        for (const one of secrets) assert.ok(!told.includes(one), `after ${status}`);
      }
    });
  });
}
