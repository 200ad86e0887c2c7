import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import type { Probe } from '../../functions/core/issuer/provider.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { partOf } from '../extent.ts';
import { FOREIGN_ANSWERS } from './foreign-answers.ts';
import { MARKER, issue, withSetup, type ProviderContract, type Setup } from './setup.ts';
import { inTurnAt } from './in-turn.ts';
import { rejection } from './world.ts';

/** Only the issuer's own words about this value are a verdict; part of the provider contract. */
export function defineVerdictContract(contract: ProviderContract): void {
  const it = inTurnAt(contract.provider.descriptor.id);
  const answers = partOf(FOREIGN_ANSWERS, contract.provider.descriptor.id);
  const examined = ({ world }: Setup, admin: object): Promise<Probe> =>
    contract.provider.examine(new Secret(JSON.stringify(admin)), world.tools);

  it("takes no other server's answer for a verdict on a value, and quotes none", () =>
    withSetup(contract, async ({ session, world }) => {
      const { value } = await issue(session, MARKER);
      assert.equal((await session.probe(value)).outcome, 'active');
      for (const { name, response } of answers)
        assertUnknown(await answeredBy(world, response, () => session.probe(value)), name);
    }));

  it("takes no other server's answer for a verdict on the admin credential", () =>
    withSetup(contract, async (setup) => {
      assert.equal((await examined(setup, setup.admin)).outcome, 'active');
      for (const { name, response } of answers)
        assertUnknown(await answeredBy(setup.world, response, () => examined(setup, setup.admin)), name);
    }));

  it("takes no other server's answer for one that a value is no credential at all", () =>
    withSetup(contract, async ({ session, world }) => {
      const { handle, value } = await issue(session, MARKER);
      // Of a pair, requests may bring the secret half alone.
      const secret = value.reveal().split(':').at(-1) ?? '';
      for (const { name, response } of answers) {
        world.intercept(response);
        assert.ok((await rejection(session.identify(value))) instanceof KeyturnError, name);
        // Where the issuer names a value without being asked with it, only the list counts.
        world.intercept(() => (world.sent.at(-1)?.text.includes(secret) ? response() : undefined));
        const seen = await session.identify(value).catch((error: unknown) => error);
        assert.ok(
          seen instanceof KeyturnError ||
            (typeof seen === 'object' && seen !== null && 'handle' in seen && seen.handle === handle),
          name,
        );
      }
    }));

  it('takes no undocumented JSON for a verdict', () =>
    withSetup(contract, async ({ session, world }) => {
      const { value } = await issue(session, MARKER);
      await fc.assert(
        fc.asyncProperty(fc.json(), fc.constantFrom(200, 400, 401, 403, 404), async (body, status) =>
          assertUnknown(
            await answeredBy(
              world,
              () => new Response(body, { status }),
              () => session.probe(value),
            ),
            body,
          ),
        ),
        { numRuns: 20 },
      );
    }));

  it('says that the issuer refuses an admin credential that it refuses, where its words are known', () =>
    withSetup(contract, async (setup) => {
      const [credential = ''] = contract.adminCredentials(setup.admin);
      const wrong = JSON.parse(JSON.stringify(setup.admin).replaceAll(credential, 'wrong-credential-000'));
      const probe = await examined(setup, wrong);
      if (contract.refusalIsUnknown) assert.equal(probe.outcome, 'unknown');
      else assert.deepEqual(probe, { outcome: 'inactive' });
    }));
}

async function answeredBy(
  world: Setup['world'],
  response: () => Response,
  ask: () => Promise<Probe>,
): Promise<Probe> {
  world.intercept(response);
  const probe = await ask();
  world.intercept(undefined);
  return probe;
}

function assertUnknown(probe: Probe, name: string): void {
  assert.equal(probe.outcome, 'unknown', name);
  assert.ok(
    probe.outcome === 'unknown' && probe.reason.endsWith('.') && !/<|\{|nginx|acme|Jwt/.test(probe.reason),
    `${name}: ${JSON.stringify(probe)}`,
  );
}
