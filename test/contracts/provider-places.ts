import assert from 'node:assert/strict';
import { testRandomness } from './randomness.ts';
import { accountOf } from '../../functions/providers/places.ts';
import type { Reach, Session } from '../../functions/core/issuer/provider.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import {
  assertRefused,
  listing,
  OTHER_SECRET,
  SECRET,
  isChange,
  issue,
  marked,
  moved,
  withSetup,
  type ProviderContract,
  type Setup,
} from './setup.ts';
import { assertCode, connectionReset, rejection, type Interceptor } from './world.ts';
import { inTurnAt } from './in-turn.ts';
import { acceptedWithin, refusedWithin } from '../../functions/core/issuer/issuer-facts.ts';

/**
 * Where a provider may ask and end something: only where a credential was made, and only as long as a grant
 * names that place; part of the provider contract.
 */
export function definePlacesContract(contract: ProviderContract): void {
  definePlaces(contract);
  defineFormerPlaces(contract);
  defineCompanions(contract);
  defineEnds(contract);
}

function definePlaces(contract: ProviderContract): void {
  const it = inTurnAt(contract.provider.descriptor.id);
  const { provider } = contract;
  const openAt = ({ admin, world }: Setup, reach: Reach): Session | undefined =>
    provider.openAt(new Secret(JSON.stringify(admin)), SECRET, reach, world.tools);

  it('says where its session goes, in plain data without a credential', () =>
    withSetup(contract, async ({ session, other, issuer, admin }) => {
      const text = JSON.stringify(session.reach);
      assert.deepEqual(JSON.parse(text), session.reach);
      assert.equal(session.reach.host, issuer.host);
      assert.equal(session.account, accountOf(session.reach));
      assert.notDeepEqual(other.reach, session.reach);
      for (const credential of contract.adminCredentials(admin)) assert.ok(!text.includes(credential));
      assert.deepEqual(provider.reaches(new Secret(JSON.stringify(admin)), SECRET), [session.reach]);
    }));

  it('opens at a place that was recorded, and at no other', () =>
    withSetup(contract, async (setup) => {
      const { session, other, world } = setup;
      const recorded: Reach = JSON.parse(JSON.stringify(session.reach));
      const again = openAt(setup, recorded);
      assert.equal(again?.account, session.account);
      const elsewhere = [
        other.reach,
        { ...recorded, host: 'elsewhere.example' },
        { ...recorded, basePath: '/elsewhere' },
        { ...recorded, account: `${recorded.account}0` },
        { ...recorded, clientId: 'another' },
      ];
      for (const reach of elsewhere) assert.equal(openAt(setup, reach), undefined, JSON.stringify(reach));
      assert.equal(world.sent.length, 0);
    }));
}

/** What stands beside the values of a place in the secret, told without a call. */
function besideOf(session: Session, companions: readonly string[] = []): Readonly<Record<string, string>> {
  const { clientId } = session.reach;
  const [name = 'client_id'] = companions;
  if (session.kind === 'minting' && clientId !== undefined) return { [name]: clientId };
  return (session.kind === 'choosing' ? session.choose(testRandomness()).fields : undefined) ?? {};
}

function defineCompanions(contract: ProviderContract): void {
  const it = inTurnAt(contract.provider.descriptor.id);
  const { provider } = contract;

  it('knows by the values beside it at which place a value was made, where there are any', () =>
    withSetup(contract, async (setup) => {
      const { session, other, world } = setup;
      const admin = moved(setup, contract, true);
      const now = provider.open(admin, SECRET, world.tools);
      const openBeside = (beside: Readonly<Record<string, string>>): string | undefined =>
        provider.openBeside(admin, SECRET, beside, world.tools)?.account;
      const { companions } = provider.descriptor;
      const [own, former] = [now, session].map((one) => besideOf(one, companions));
      assert.deepEqual(Object.keys(own ?? {}), companions ?? []);
      const hasCompanions = companions !== undefined;
      assert.deepEqual(
        [own, former].map((one) => openBeside({ ...one, note: 'x' })),
        hasCompanions ? [now.account, session.account] : [undefined, undefined],
      );
      assert.deepEqual([{}, { note: 'x' }].map(openBeside), [undefined, undefined]);
      if (hasCompanions)
        assert.equal(
          provider.openBeside(
            new Secret(JSON.stringify(setup.admin)),
            SECRET,
            besideOf(other, companions),
            world.tools,
          ),
          undefined,
        );
      assert.equal(world.sent.length, 0);
    }));
}

function defineFormerPlaces(contract: ProviderContract): void {
  const it = inTurnAt(contract.provider.descriptor.id);
  const { provider } = contract;

  it('asks no issuer about a credential whose account its grant names no more', () =>
    withSetup(contract, async (setup) => {
      const { session, world } = setup;
      const { handle } = await issue(session, marked(1));
      world.sent.length = 0;
      const admin = moved(setup, contract, false);
      assert.equal(provider.openAt(admin, SECRET, session.reach, world.tools), undefined);
      assertCode(
        await rejection(listing(provider.open(admin, SECRET, world.tools)).revoke(handle)),
        'not-granted',
      );
      assert.equal(world.sent.length, 0);
    }));

  it('probes, counts and revokes at a former account what was made there, and makes nothing new', () =>
    withSetup(contract, async (setup) => {
      const { session, world, clock } = setup;
      await issue(session, marked(0));
      const { handle, value } = await issue(session, marked(1));
      await clock.advanceBy(acceptedWithin(provider.descriptor));
      const admin = moved(setup, contract, true);
      const now = listing(provider.open(admin, SECRET, world.tools));
      assert.notEqual(now.account, session.account);
      assert.deepEqual(provider.reaches(admin, SECRET), [now.reach, session.reach]);
      assert.ok(!(await now.list()).some((one) => one.handle === handle));
      const opened = provider.openAt(admin, SECRET, session.reach, world.tools);
      assert.ok(opened);
      const former = listing(opened);
      assert.equal((await former.probe(value)).outcome, 'active');
      const known = provider.descriptor.identifies ? handle : undefined;
      assert.equal((await former.identify(value))?.handle, known);
      assertCode(await rejection(issue(former, marked(2))), 'not-granted', former.account);
      await former.revoke(handle);
      await clock.advanceBy(refusedWithin(provider.descriptor));
      assertRefused(contract, await former.probe(value));
      assert.ok(!(await former.list()).some((one) => one.handle === handle && one.active));
      assert.equal(provider.openAt(admin, OTHER_SECRET, session.reach, world.tools), undefined);
    }));

  it('knows the credentials of former accounts as its own', () =>
    withSetup(contract, async (setup) => {
      const known = provider.adminValues(moved(setup, contract, true)).map((value) => value.reveal());
      const [grant] = setup.admin['grants'];
      for (const credential of contract.adminCredentials({ ...setup.admin, grants: [grant] }))
        assert.ok(known.includes(credential));
    }));
}

const ANSWERS: readonly (readonly [string, Interceptor])[] = [
  [
    'is lost',
    () => {
      throw connectionReset('lost');
    },
  ],
  ['is 503', () => new Response('', { status: 503 })],
  ['is 429', () => new Response('', { status: 429, headers: { 'retry-after': '1' } })],
];

function defineEnds(contract: ProviderContract): void {
  const it = inTurnAt(contract.provider.descriptor.id);

  for (const [name, interceptor] of ANSWERS)
    it(`sends no call that ends something a second time when its answer ${name}`, () =>
      withSetup(contract, async ({ session, world }) => {
        await issue(session, marked(0));
        const { handle } = await issue(session, marked(1));
        let ending = 0;
        world.intercept(async (request) => {
          if (!(await isChange(contract, request))) return undefined;
          ending++;
          return interceptor(request);
        });
        await rejection(session.revoke(handle));
        assert.equal(ending, 1);
      }));
}
