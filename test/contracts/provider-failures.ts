import assert from 'node:assert/strict';
import { Secret } from '../../functions/core/basics/secret.ts';
import { SECOND } from '../../functions/core/basics/time.ts';
import {
  MARKER,
  SECRET,
  isChange,
  isCreation,
  issue,
  marked,
  withSetup,
  type ProviderContract,
  type Setup,
} from './setup.ts';
import { inTurnAt } from './in-turn.ts';
import {
  assertCode,
  connectionReset,
  everythingIn,
  losingAnswers,
  outputOf,
  rejection,
  type Interceptor,
} from './world.ts';

const CANARY = 'canary-b1946ac92492d234';

const status =
  (code: number): Interceptor =>
  () =>
    new Response(`{"message":"${CANARY}","token":"${CANARY}"}`, {
      status: code,
      headers: { 'x-canary': CANARY, location: `https://${CANARY}.example/` },
    });
const text =
  (body: string): Interceptor =>
  () =>
    new Response(body, { status: 200, headers: { 'x-canary': CANARY } });
const down: Interceptor = () => {
  throw connectionReset(CANARY);
};

/** What keeps a provider from asking its issuer. */
const OUTAGES: readonly (readonly [string, Interceptor])[] = [
  ['is down', down],
  ['answers 500', status(500)],
  ['answers 502', status(502)],
  ['answers 429 for ever', status(429)],
  ['answers a redirect', status(302)],
  ['answers a page in HTML', text(`<html>${CANARY}</html>`)],
  ['answers another JSON', text(`["${CANARY}"]`)],
];

/** Replaces the answers to requests that change something; the others pass. */
function onChanges(contract: ProviderContract, interceptor: Interceptor): Interceptor {
  return async (request) => ((await isChange(contract, request)) ? interceptor(request) : undefined);
}

/** What a provider does when the issuer fails; part of the provider contract. */
export function defineFailureContract(contract: ProviderContract): void {
  defineOutages(contract);
  defineRetries(contract);
  defineSilence(contract);
}

function defineOutages(contract: ProviderContract): void {
  const it = inTurnAt(contract.provider.descriptor.id);

  for (const [name, interceptor] of OUTAGES)
    it(`says unknown, never refused, when the issuer ${name} during a probe`, () =>
      withSetup(contract, async ({ session, world }) => {
        const { value } = await issue(session, MARKER);
        world.intercept(interceptor);
        const probe = await session.probe(value);
        assert.equal(probe.outcome, 'unknown');
        assert.ok(probe.outcome === 'unknown' && probe.reason !== '' && !probe.reason.includes(CANARY));
        assert.ok(world.sent.length < 20, 'it tries a few times only');
      }));

  it('tells the kinds of failure apart', () =>
    withSetup(contract, async ({ session, world }) => {
      const cases = [
        [down, 'issuer-unreachable'],
        [status(503), 'issuer-unreachable'],
        [status(429), 'issuer-throttled'],
        [status(401), 'admin-credential-rejected'],
        [status(403), 'admin-credential-rejected'],
        [status(422), 'issuer-refused'],
        [status(307), 'issuer-refused'],
      ] as const;
      for (const [interceptor, code] of cases) {
        world.intercept(interceptor);
        assertCode(await rejection(session.list()), code);
        assertCode(await rejection(issue(session, MARKER)), code);
      }
    }));

  it('takes no answer that is not as documented', () =>
    withSetup(contract, async ({ session, world }) => {
      for (const body of ['', 'null', '"text"', '[7]', '{"id":{}}', '<html>']) {
        world.intercept(text(body));
        assertCode(await rejection(session.list()), 'issuer-response-invalid');
        assertCode(await rejection(issue(session, MARKER)), 'issuer-response-invalid');
      }
    }));
}

function defineRetries(contract: ProviderContract): void {
  const it = inTurnAt(contract.provider.descriptor.id);

  it('waits as long as the issuer tells, then goes on', () =>
    withSetup(contract, async ({ session, world, clock }) => {
      let throttled = 0;
      const start = clock.now();
      world.intercept(() => (throttled++ === 0 ? contract.throttled(7 * SECOND, clock.now()) : undefined));
      await session.list();
      const waited = clock.now() - start;
      assert.ok(waited >= 7 * SECOND && waited < 9 * SECOND, `waited ${waited}`);
    }));

  it('mints again after being throttled, which leaves one', () =>
    withSetup(contract, async ({ session, world, clock, issuer }) => {
      let throttled = 0;
      world.intercept(async (request) =>
        (await isCreation(contract, request)) && throttled++ === 0
          ? contract.throttled(3 * SECOND, clock.now())
          : undefined,
      );
      const before = (await issuer.credentials(SECRET)).length;
      await issue(session, MARKER);
      assert.ok(throttled > 1);
      assert.equal((await issuer.credentials(SECRET)).length, before + 1);
    }));

  it('asks again after a reset', () =>
    withSetup(contract, async ({ session, world, issuer }) => {
      let resets = 0;
      world.intercept((request) => (resets++ === 0 ? down(request) : undefined));
      assert.equal((await session.list()).length, (await issuer.credentials(SECRET)).length);
      assert.ok(resets > 1);
    }));

  it('leaves at most one credential when the answer to its creation is lost', () =>
    withSetup(contract, async ({ session, world, issuer }) => {
      const before = (await issuer.credentials(SECRET)).length;
      world.intercept(
        losingAnswers(
          (request) => issuer.fetch(request),
          (request) => isCreation(contract, request),
        ),
      );
      assertCode(await rejection(issue(session, MARKER)), 'issuer-unreachable');
      world.intercept(undefined);
      const lost = await issuer.credentials(SECRET);
      assert.equal(lost.length, before + 1);
      assert.deepEqual(
        (await session.list()).map((credential) => credential.handle).toSorted(),
        lost.map((credential) => credential.handle).toSorted(),
      );
    }));

  it('does not take a revoke for done that the issuer did not do', () =>
    withSetup(contract, async ({ session, world }) => {
      await issue(session, marked(0));
      const { handle, value } = await issue(session, marked(1));
      for (const code of [404, 500, 400]) {
        world.intercept(onChanges(contract, status(code)));
        await rejection(session.revoke(handle));
      }
      world.intercept(undefined);
      assert.equal((await session.probe(value)).outcome, 'active');
      await session.revoke(handle);
    }));
}

function defineSilence(contract: ProviderContract): void {
  const it = inTurnAt(contract.provider.descriptor.id);
  const interceptors = [
    ...OUTAGES.map(([, interceptor]) => interceptor),
    ...[400, 401, 403, 404, 409, 422].map(status),
  ];

  async function provoke({ session }: Setup, handle: string, value: Secret): Promise<unknown[]> {
    const calls: (() => Promise<unknown>)[] = [
      () => issue(session, MARKER),
      () => session.list(),
      () => session.identify(value),
      () => session.revoke(handle),
      () => session.probe(value),
    ];
    const results: unknown[] = [];
    for (const call of calls) results.push(await call().catch((error: unknown) => error));
    return results;
  }

  it('puts no body, header, credential or foreign error into its errors, or anything onto the console', () =>
    withSetup(contract, async (setup) => {
      await issue(setup.session, marked(0));
      const { handle, value } = await issue(setup.session, marked(1));
      const secrets = [CANARY, value.reveal(), ...contract.adminCredentials(setup.admin)];
      const failures: unknown[] = [];
      const output = await outputOf(async () => {
        for (const interceptor of interceptors) {
          setup.world.intercept(interceptor);
          failures.push(...(await provoke(setup, handle, value)));
          setup.world.intercept(onChanges(contract, interceptor));
          failures.push(...(await provoke(setup, handle, value)));
        }
      });
      assert.ok(failures.filter((failure) => failure instanceof Error).length > 20);
      for (const secret of secrets) {
        assert.ok(!output.includes(secret));
        for (const failure of failures)
          if (failure instanceof Error)
            assert.ok(!everythingIn(failure).includes(secret), everythingIn(failure));
      }
    }));

  it('says a sentence without the value when the value cannot be sent', () =>
    withSetup(contract, async ({ session }) => {
      const broken = new Secret(`${CANARY}\nsecond: line`);
      const probe = await session.probe(broken);
      assert.ok(!JSON.stringify(probe).includes(CANARY));
      const result = await session.identify(broken).catch((error: unknown) => error);
      assert.ok(!everythingIn(result).includes(CANARY));
    }));
}
