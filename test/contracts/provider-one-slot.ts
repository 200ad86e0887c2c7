import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../../functions/core/basics/secret.ts';
import { DAY, HOUR } from '../../functions/core/basics/time.ts';
import { acceptedWithin, creationEnds, refusedWithin } from '../../functions/core/issuer/issuer-facts.ts';
import type { Provider, ReplacingSession, Session } from '../../functions/core/issuer/provider.ts';
import { sameReach } from '../../functions/core/issuer/reach.ts';
import { ReplacePermit } from '../../functions/core/issuer/replace-permit.ts';
import { VirtualClock, type Clock } from '../../lib/sandbox/clock.ts';
import type { Issuer } from '../../lib/sandbox/issuers/simulator.ts';
import { append, noting, type Exchange } from './exchanges.ts';
import { partOf } from '../extent.ts';
import { FOREIGN_ANSWERS } from './foreign-answers.ts';
import { OTHER_SECRET, SECRET, type AdminJson } from './setup.ts';
import { assertCode, everythingIn, recordingWorld, rejection, type World } from './world.ts';

/** What a provider with one slot an account is tested with. */
export interface OneSlotContract {
  readonly provider: Provider;
  createIssuer(clock: Clock): Issuer;
  /** The field of the admin secret that holds the issuer's address. */
  readonly hostField: string;
  /** The fields of a grant that name its account. */
  readonly accountFields: readonly string[];
  /** Whether a request is the creation that ends the value before. */
  isCreation(request: Request): boolean;
  /**
   * What the check says of a value of another account: `inactive`, unless an answer that tells of another
   * account is taken for `unknown`.
   */
  readonly othersAre?: 'unknown';
  /** Every credential in an admin secret. */
  adminCredentials(admin: AdminJson): readonly string[];
}

interface Setup {
  readonly clock: VirtualClock;
  readonly issuer: Issuer;
  readonly world: World;
  readonly admin: AdminJson;
  readonly session: ReplacingSession;
  readonly other: ReplacingSession;
  readonly permit: ReplacePermit;
}

function replacingIn(session: Session): ReplacingSession {
  assert.ok(session.kind === 'replacing', 'its creations end nothing');
  return session;
}

async function withSetup(contract: OneSlotContract, run: (setup: Setup) => Promise<void>): Promise<void> {
  const clock = new VirtualClock(Date.parse('2026-03-02T10:17:30Z'));
  const issuer = contract.createIssuer(clock);
  const noted: Exchange[] = [];
  const answer = noting(contract.provider.descriptor.id, (request) => issuer.fetch(request), noted);
  const world = recordingWorld(clock, answer);
  const text = issuer.adminSecret([SECRET, OTHER_SECRET]);
  const admin: AdminJson = JSON.parse(text);
  const open = (name: string): ReplacingSession =>
    replacingIn(contract.provider.open(new Secret(text), name, world.tools));
  const session = open(SECRET);
  const permit = new ReplacePermit(session.account, 'policy');
  // The first value of each account is known everywhere by now.
  await clock.advanceBy(acceptedWithin(contract.provider.descriptor));
  try {
    await run({ clock, issuer, world, admin, session, other: open(OTHER_SECRET), permit });
    const issued = await Promise.all([SECRET, OTHER_SECRET].map((name) => issuer.credentials(name)));
    const values = issued.flat().map(({ value }) => value);
    append(noted, [...contract.adminCredentials(admin), ...values]);
  } finally {
    await issuer.close();
  }
}

/** What every provider must do whose account has one slot: a creation there ends the value before. */
export function describeOneSlot(contract: OneSlotContract): void {
  const { descriptor } = contract.provider;
  const test = (name: string, run: (setup: Setup) => Promise<void>): void =>
    void it(name, () => withSetup(contract, run));
  const settle = (clock: VirtualClock): Promise<void> =>
    clock.advanceBy(acceptedWithin(descriptor) + refusedWithin(descriptor));
  const held = async ({ issuer }: Setup): Promise<Secret> => {
    const live = (await issuer.credentials(SECRET)).filter((one) => one.live);
    assert.equal(live.length, 1, 'the account has one value');
    return new Secret(live[0]?.value ?? '');
  };

  describe(`${descriptor.id}: one slot`, () => {
    it('says before any call that a creation ends what the slot holds', () => {
      assert.ok(creationEnds(descriptor));
      assert.equal(descriptor.found, 'reissue');
      assert.ok(descriptor.identifies, 'a value tells whose it is');
    });

    test('a creation makes one value, and the one before is refused once its lag is over', async (setup) => {
      const { session, permit, clock } = setup;
      const before = await held(setup);
      assert.equal((await session.probe(before)).outcome, 'active');
      const made = await session.replace(permit);
      assert.ok((await held(setup)).equals(made.value));
      await settle(clock);
      assert.equal((await session.probe(made.value)).outcome, 'active');
      assert.equal((await session.probe(before)).outcome, 'inactive');
    });

    test('making it again ends the lost one', async (setup) => {
      const { session, permit, clock } = setup;
      const lost = await session.replace(permit);
      const found = await session.replace(permit);
      await settle(clock);
      assert.equal((await session.probe(lost.value)).outcome, 'inactive');
      assert.equal((await session.probe(found.value)).outcome, 'active');
    });

    test('nothing is made, or sent, without a permission for this very account', async (setup) => {
      const { session, other, world } = setup;
      const before = await held(setup);
      const wrong = new ReplacePermit(other.account, 'policy');
      assertCode(await rejection(session.replace(wrong)), 'bad-request');
      assert.equal(world.sent.length, 0);
      assert.ok((await held(setup)).equals(before));
    });

    test('the value of another account is none of this one', async ({ session, other, issuer }) => {
      const theirs = (await issuer.credentials(OTHER_SECRET)).find((one) => one.live);
      const value = new Secret(theirs?.value ?? '');
      assert.equal((await other.probe(value)).outcome, 'active');
      assert.equal((await session.probe(value)).outcome, contract.othersAre ?? 'inactive');
    });

    test('the creation is sent once, whatever comes back', async ({ session, permit, world }) => {
      for (const status of [429, 500, 503, 408]) {
        let sent = 0;
        world.intercept((request) => {
          if (!contract.isCreation(request)) return undefined;
          sent++;
          return new Response('', { status });
        });
        await rejection(session.replace(permit));
        assert.equal(sent, 1, `after ${status}`);
      }
    });

    test('an answer without a value is an error, never an empty value', async ({
      session,
      permit,
      world,
    }) => {
      for (const body of ['{}', '', '<html>', '{"client_secret":""}', '[]']) {
        world.intercept((request) => (contract.isCreation(request) ? new Response(body) : undefined));
        assertCode(await rejection(session.replace(permit)), 'issuer-response-invalid');
      }
    });

    test("takes no other server's answer for a verdict on a value, and quotes none", async (setup) => {
      const { session, world } = setup;
      const value = await held(setup);
      for (const { name, response } of partOf(FOREIGN_ANSWERS, contract.provider.descriptor.id)) {
        world.intercept(response);
        const probe = await session.probe(value);
        assert.equal(probe.outcome, 'unknown', name);
        assert.ok(!/<|\{|nginx|acme|Jwt/.test(probe.reason) && probe.reason.endsWith('.'), name);
      }
    });

    test('takes no other answer to its second question for a verdict', async (setup) => {
      const { session, world } = setup;
      const value = await held(setup);
      for (const { name, response } of partOf(FOREIGN_ANSWERS, contract.provider.descriptor.id)) {
        let asked = 0;
        world.intercept(() => (asked++ === 0 ? undefined : response()));
        const probe = await session.probe(value);
        assert.ok(asked === 1 || probe.outcome === 'unknown', name);
      }
    });

    test('a check makes and ends nothing, however often it is asked', async (setup) => {
      const { session, issuer, clock } = setup;
      const value = await held(setup);
      for (let asked = 0; asked < 5; asked++) {
        assert.equal((await session.probe(value)).outcome, 'active');
        await clock.advanceBy(HOUR);
      }
      assert.equal((await issuer.credentials(SECRET)).length, 1);
    });

    test('at a former account values are still checked, and none is made', async (setup) => {
      const { admin, issuer, world, permit } = setup;
      const [mine, other] = admin['grants'];
      const formerly = [Object.fromEntries(contract.accountFields.map((field) => [field, mine[field]]))];
      const moved = new Secret(
        JSON.stringify({ ...admin, grants: [{ ...other, secret: SECRET, formerly }] }),
      );
      const [, place] = contract.provider.reaches(moved, SECRET);
      assert.ok(place);
      const opened = contract.provider.openAt(moved, SECRET, place, world.tools);
      assert.ok(opened);
      const former = replacingIn(opened);
      assert.ok(sameReach(former.reach, place));
      const live = (await issuer.credentials(SECRET)).find((one) => one.live);
      assert.equal((await former.probe(new Secret(live?.value ?? ''))).outcome, 'active');
      assertCode(await rejection(former.replace(permit)), 'not-granted');
    });

    test('an account serves one secret alone, by its exact name', async ({ admin, world }) => {
      const [mine, other] = admin['grants'];
      const twice = [mine, { ...other, ...mine, secret: OTHER_SECRET }];
      const wide = [{ ...mine, secret: 'team-a/*' }];
      for (const grants of [twice, wide])
        assertCode(
          await rejection(
            Promise.resolve().then(() =>
              contract.provider.open(new Secret(JSON.stringify({ ...admin, grants })), SECRET, world.tools),
            ),
          ),
          'admin-invalid',
        );
    });

    test('the admin credential is examined, and a wrong one is refused', async (setup) => {
      const { admin, world } = setup;
      const examine = (text: AdminJson) =>
        contract.provider.examine(new Secret(JSON.stringify(text)), world.tools);
      assert.equal((await examine(admin)).outcome, 'active');
      const [credential = ''] = contract.adminCredentials(admin);
      const wrong = JSON.stringify(admin).replace(credential, 'another-credential');
      assert.equal((await examine(JSON.parse(wrong))).outcome, 'inactive');
      const told = contract.provider.adminValues(new Secret(JSON.stringify(admin)));
      assert.deepEqual(
        told.map((one) => one.reveal()),
        contract.adminCredentials(admin),
      );
    });

    test('every request goes to the host of the admin secret', async (setup) => {
      const { session, permit, world, admin } = setup;
      const value = await held(setup);
      await session.probe(value);
      await session.replace(permit);
      const { host } = new URL(admin[contract.hostField]);
      assert.ok(world.sent.length > 0);
      for (const one of world.sent) assert.equal(one.host, host);
    });

    test('no error tells a value', async (setup) => {
      const { session, permit, world, clock, admin } = setup;
      const value = await held(setup);
      const secrets = [value.reveal(), ...contract.adminCredentials(admin)];
      for (const status of [400, 401, 403, 404, 409, 500]) {
        world.intercept(() => new Response(secrets.join(' '), { status }));
        const told = everythingIn([await rejection(session.replace(permit)), await session.probe(value)]);
        for (const one of secrets) assert.ok(!told.includes(one), `after ${status}`);
        await clock.advanceBy(DAY);
      }
    });
  });
}
