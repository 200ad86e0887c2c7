import assert from 'node:assert/strict';
import type { Toggle } from '../../functions/core/issuer/toggle.ts';
import { acceptedWithin, refusedWithin } from '../../functions/core/issuer/issuer-facts.ts';
import {
  SECRET,
  assertRefused,
  isChange,
  issue,
  marked,
  withSetup,
  type ProviderContract,
  type Setup,
} from './setup.ts';
import { inTurnAt } from './in-turn.ts';
import { assertCode, connectionReset, everythingIn, losingAnswers, rejection } from './world.ts';

const CANARY = 'canary-51d0c7';

/**
 * What can be undone: a credential is disabled, and enabled again as it was; part of the provider contract.
 */
export function defineDisableContract(contract: ProviderContract): void {
  const it = inTurnAt(contract.provider.descriptor.id);
  const { descriptor } = contract.provider;

  it('says in its descriptor whether a credential can be disabled and enabled again', () =>
    withSetup(contract, async ({ session }) =>
      assert.equal(session.toggle !== undefined, descriptor.disables === true),
    ));

  if (descriptor.disables !== true) return;
  defineSwitching(contract);
  defineDoubtfulAnswers(contract);
}

function toggleOf({ session }: Pick<Setup, 'session'>): Toggle {
  assert.ok(session.toggle);
  return session.toggle;
}

async function settled({ clock }: Setup, { provider }: ProviderContract): Promise<void> {
  await clock.advanceBy(Math.max(acceptedWithin(provider.descriptor), refusedWithin(provider.descriptor)));
}

/** One beside it, since some issuers keep a last one from being disabled. */
async function madeIn(setup: Setup): Promise<Awaited<ReturnType<typeof issue>>> {
  await issue(setup.session, marked(0));
  return issue(setup.session, marked(1));
}

async function entryIn({ session }: Setup, handle: string) {
  return (await session.list()).find((one) => one.handle === handle);
}

function defineSwitching(contract: ProviderContract): void {
  const it = inTurnAt(contract.provider.descriptor.id);

  it('lists what it disabled as disabled, and its issuer accepts it no more', () =>
    withSetup(contract, async (setup) => {
      const { handle, value } = await madeIn(setup);
      await toggleOf(setup).disable(handle);
      await settled(setup, contract);
      const entry = await entryIn(setup, handle);
      assert.equal(entry?.state, 'disabled');
      assert.equal(entry?.active, false);
      assert.notEqual((await setup.session.probe(value)).outcome, 'active');
      await toggleOf(setup).disable(handle);
      assert.equal((await entryIn(setup, handle))?.state, 'disabled');
    }));

  it('enables it again as it was', () =>
    withSetup(contract, async (setup) => {
      const { handle, value } = await madeIn(setup);
      await settled(setup, contract);
      const before = await entryIn(setup, handle);
      await toggleOf(setup).disable(handle);
      await settled(setup, contract);
      await toggleOf(setup).enable(handle);
      await toggleOf(setup).enable(handle);
      await settled(setup, contract);
      assert.equal((await setup.session.probe(value)).outcome, 'active');
      assert.deepEqual(await entryIn(setup, handle), before);
    }));

  it('leaves the others as they are', () =>
    withSetup(contract, async (setup) => {
      const [kept, one] = [await issue(setup.session, marked(0)), await issue(setup.session, marked(1))];
      await toggleOf(setup).disable(one.handle);
      await settled(setup, contract);
      assert.equal((await setup.session.probe(kept.value)).outcome, 'active');
    }));

  it('revokes what is disabled for good', () =>
    withSetup(contract, async (setup) => {
      const { handle, value } = await madeIn(setup);
      await toggleOf(setup).disable(handle);
      await setup.session.revoke(handle);
      await settled(setup, contract);
      assert.equal(await entryIn(setup, handle), undefined);
      assertRefused(contract, await setup.session.probe(value));
      for (const call of ['disable', 'enable'] as const)
        assertCode(await rejection(toggleOf(setup)[call](handle)), 'issuer-refused');
    }));

  it('refuses to disable or enable what is not of its resource, without a call', () =>
    withSetup(contract, async (setup) => {
      await issue(setup.other, marked(0));
      const { handle } = await issue(setup.other, marked(1));
      setup.world.sent.length = 0;
      for (const foreign of [handle, '', `${setup.session.account}/../1`])
        for (const call of ['disable', 'enable'] as const)
          assertCode(await rejection(toggleOf(setup)[call](foreign)), 'not-granted');
      assert.equal(setup.world.sent.length, 0);
    }));

  it('calls within its grant alone, and puts no credential into a URL', () =>
    withSetup(contract, async (setup) => {
      const { handle, value } = await madeIn(setup);
      setup.world.sent.length = 0;
      await toggleOf(setup).disable(handle);
      await toggleOf(setup).enable(handle);
      for (const sent of setup.world.sent) {
        assert.ok([setup.issuer.host, ...(setup.issuer.otherHosts ?? [])].includes(sent.host));
        assert.ok(contract.mayCall(sent, setup.session.account), `${sent.method} ${sent.path}`);
        for (const text of [value.reveal(), ...contract.adminCredentials(setup.admin)])
          assert.ok(!decodeURIComponent(sent.path).includes(text));
      }
    }));
}

function defineDoubtfulAnswers(contract: ProviderContract): void {
  const it = inTurnAt(contract.provider.descriptor.id);

  it('takes nothing for done that the issuer did not say', () =>
    withSetup(contract, async (setup) => {
      const { handle, value } = await madeIn(setup);
      await settled(setup, contract);
      const before = await entryIn(setup, handle);
      const answers = [
        () => new Response(null, { status: 204 }),
        () => Response.json({ ok: true, canary: CANARY }),
        () => new Response(`<html>${CANARY}`, { status: 200 }),
        ...[400, 401, 403, 404, 409, 429, 500, 503].map(
          (status) => () => new Response(`{"message":"${CANARY}"}`, { status }),
        ),
        () => {
          throw connectionReset(CANARY);
        },
      ];
      for (const answer of answers)
        for (const call of ['disable', 'enable'] as const) {
          setup.world.intercept(async (request) =>
            (await isChange(contract, request)) ? answer() : undefined,
          );
          const error = await rejection(toggleOf(setup)[call](handle));
          assert.ok(!everythingIn(error).includes(CANARY), everythingIn(error));
        }
      setup.world.intercept(undefined);
      assert.equal((await setup.session.probe(value)).outcome, 'active');
      assert.deepEqual(await entryIn(setup, handle), before);
    }));

  it('does not take the answer about a credential that stayed as it was for done', () =>
    withSetup(contract, async (setup) => {
      const { handle } = await madeIn(setup);
      let answer: Response | undefined;
      setup.world.intercept(async (request) => {
        if (!(await isChange(contract, request))) return undefined;
        answer = await setup.issuer.fetch(request.clone());
        return answer.clone();
      });
      await toggleOf(setup).enable(handle);
      assert.ok(answer);
      const stale = answer;
      setup.world.intercept(async (request) =>
        (await isChange(contract, request)) ? stale.clone() : undefined,
      );
      assertCode(await rejection(toggleOf(setup).disable(handle)), 'issuer-response-invalid', handle);
    }));

  it('sends it once, whatever comes back', () =>
    withSetup(contract, async (setup) => {
      const { handle } = await madeIn(setup);
      for (const call of ['disable', 'enable'] as const) {
        let sent = 0;
        setup.world.intercept(
          losingAnswers(
            (request) => setup.issuer.fetch(request),
            async (request) => (await isChange(contract, request)) && ++sent > 0,
          ),
        );
        assertCode(await rejection(toggleOf(setup)[call](handle)), 'issuer-unreachable');
        assert.equal(sent, 1, call);
      }
      assert.equal((await setup.issuer.credentials(SECRET)).length, 2);
    }));
}
