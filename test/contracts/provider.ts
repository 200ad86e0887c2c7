import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ListedCredential, Provider } from '../../functions/core/issuer/provider.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { DAY, FURTHEST_WEST, SECOND } from '../../functions/core/basics/time.ts';
import { defineDisableContract } from './provider-disable.ts';
import { defineFailureContract } from './provider-failures.ts';
import { defineMadeContract } from './provider-mint.ts';
import { definePlacesContract } from './provider-places.ts';
import { defineSlotsContract } from './provider-slots.ts';
import { defineVerdictContract } from './provider-verdicts.ts';
import { defineValuesContract } from './provider-values.ts';
import {
  SECRET,
  assertRefused,
  issue,
  marked,
  withSetup,
  type ProviderContract,
  type Setup,
} from './setup.ts';
import { assertCode, everythingIn, rejection } from './world.ts';
import { isAskable } from '../../functions/core/validity/check-rules.ts';
import { acceptedWithin, refusedWithin } from '../../functions/core/issuer/issuer-facts.ts';

export type { AdminJson, ProviderContract } from './setup.ts';

const NEVER_ISSUED = new Secret('keyturn-contract-value-nobody-issued-0000');

async function settled(setup: Setup, provider: Provider): Promise<void> {
  await setup.clock.advanceBy(
    Math.max(acceptedWithin(provider.descriptor), refusedWithin(provider.descriptor)),
  );
}

function entriesOf(list: readonly ListedCredential[], handle: string): ListedCredential[] {
  return list.filter((credential) => credential.handle === handle);
}

/** What every provider must do, run against its issuer or a simulator of it. */
export function defineProviderContract(contract: ProviderContract): void {
  describe(`provider contract: ${contract.name}`, () => {
    defineOpenContract(contract);
    defineLifeContract(contract);
    defineMintContract(contract);
    defineReachContract(contract);
    defineDisableContract(contract);
    defineMadeContract(contract);
    defineSlotsContract(contract);
    definePlacesContract(contract);
    defineVerdictContract(contract);
    defineFailureContract(contract);
    defineValuesContract(contract);
  });
}

function defineOpenContract(contract: ProviderContract): void {
  const { provider } = contract;
  const opening = (setup: Setup, text: string, name = SECRET) =>
    rejection(Promise.resolve().then(() => provider.open(new Secret(text), name, setup.world.tools)));

  it('names the host in its account and makes no call to open', () =>
    withSetup(contract, async ({ session, issuer, world }) => {
      assert.ok(session.account.includes(issuer.host));
      assert.equal(world.sent.length, 0);
    }));

  it('knows every credential in its admin secret', () =>
    withSetup(contract, async ({ admin }) => {
      assert.deepEqual(
        provider.adminValues(new Secret(JSON.stringify(admin))).map((value) => value.reveal()),
        contract.adminCredentials(admin),
      );
    }));

  it('refuses an admin secret that is no JSON without quoting it', () =>
    withSetup(contract, async (setup) => {
      const error = await opening(setup, 'canary-0001 {not json');
      assertCode(error, 'admin-invalid');
      assert.ok(!everythingIn(error).includes('canary-0001'));
    }));

  for (const { field, breakIt, of: name } of contract.malformed)
    it(`names the admin secret's field ${field} when it is wrong, and no value`, () =>
      withSetup(contract, async (setup) => {
        const canary = 'canary-4f81d2';
        const good = structuredClone(setup.admin);
        provider.open(new Secret(JSON.stringify(good)), SECRET, setup.world.tools);
        breakIt(setup.admin, canary);
        const changed = differingPaths(good, setup.admin);
        assert.ok(
          changed.length > 0 &&
            changed.every(
              (path) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`),
            ),
          `breaks ${changed.join(', ')}`,
        );
        const error = await opening(setup, JSON.stringify(setup.admin), name);
        assertCode(error, 'admin-invalid', field);
        for (const value of [
          canary,
          ...contract.adminCredentials(setup.admin).filter((text) => typeof text === 'string' && text !== ''),
        ])
          assert.ok(!everythingIn(error).includes(value));
      }));

  it('opens a secret whose own grant is right, whatever is wrong with another one', () =>
    withSetup(contract, async ({ admin, issuer, world }) => {
      const grants: unknown = admin['grants'];
      assert.ok(Array.isArray(grants));
      for (const wrong of [{ secret: 'team-z/other', canary: 1 }, { secret: 'team z' }, null, 7]) {
        const text = new Secret(JSON.stringify({ ...admin, grants: [wrong, ...grants] }));
        assert.ok(provider.open(text, SECRET, world.tools).account.includes(issuer.host));
        assert.deepEqual(
          provider
            .adminValues(text)
            .map((value) => value.reveal())
            .toSorted(),
          contract.adminCredentials(admin).toSorted(),
        );
        assert.equal((await provider.examine(text, world.tools)).outcome, 'active');
      }
    }));

  it('says which secret has no grant', () =>
    withSetup(contract, async (setup) => {
      assertCode(
        await opening(setup, JSON.stringify(setup.admin), 'team-c/not-there'),
        'not-granted',
        'team-c/not-there',
        'grants',
      );
    }));

  const inScheme = (text: string): string =>
    contract.scheme ? text.replaceAll('https://', `${contract.scheme}://`) : text;
  for (const [address, problem] of Object.entries(BAD_ADDRESSES).map(
    ([text, fault]) => [inScheme(text), inScheme(fault)] as const,
  ))
    it(`refuses ${address} as the issuer, and says what is wrong with it`, () =>
      withSetup(contract, async (setup) => {
        assert.equal(
          typeof setup.admin[contract.hostField],
          'string',
          'the contract names the field of the address',
        );
        provider.open(new Secret(JSON.stringify(setup.admin)), SECRET, setup.world.tools);
        const error = await opening(setup, JSON.stringify({ ...setup.admin, [contract.hostField]: address }));
        assertCode(error, 'admin-invalid', `The field ${contract.hostField} of`, problem);
        assert.ok(!everythingIn(error).includes('canary-77'));
      }));
}

const HERE = 'this machine, a link-local address or a metadata service';
const BAD_ADDRESSES: Readonly<Record<string, string>> = {
  'http://issuer.example': 'must start with https://',
  'https://u:canary-77@issuer.example': 'must not hold a user or a password',
  'https://169.254.169.254': HERE,
  'https://[fd00:ec2::254]': HERE,
  'https://127.0.0.1:8443': HERE,
  'https://localhost': HERE,
  'https://metadata.google.internal': HERE,
  'https://issuer.example/?token=canary-77': 'must end after',
  'https://issuer.example/#canary-77': 'must end after',
  'https://issuer.example/a/../canary-77': 'must end after',
};

/** Where two JSON values differ, written as errors name fields. */
function differingPaths(a: unknown, b: unknown, path = ''): string[] {
  if (!isObject(a) || !isObject(b)) return JSON.stringify(a) === JSON.stringify(b) ? [] : [path];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) =>
    differingPaths(
      a[key],
      b[key],
      Array.isArray(a) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`,
    ),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function defineLifeContract(contract: ProviderContract): void {
  const { provider } = contract;

  it('lets a credential be made, found, identified and revoked for good', () =>
    withSetup(contract, async (setup) => {
      const { session } = setup;
      // Some issuers keep a last one from being revoked.
      await issue(session, marked(0));
      const issued = setup.clock.now();
      const { handle, value } = await issue(session, marked(1));
      await settled(setup, provider);
      assert.equal((await session.probe(value)).outcome, 'active');
      const [entry, ...more] = entriesOf(await session.list(), handle);
      assert.equal(more.length, 0);
      assert.equal(entry?.active, true);
      if (contract.isUndated) assert.equal(entry.createdAt, undefined);
      else assert.ok(entry.createdAt !== undefined && Math.abs(entry.createdAt - issued) < SECOND);
      const known = provider.descriptor.identifies ? handle : undefined;
      assert.equal((await session.identify(value))?.handle, known);
      await session.revoke(handle);
      await settled(setup, provider);
      assertRefused(contract, await session.probe(value));
      const left = await session.list();
      assert.ok(entriesOf(left, handle).every((credential) => !credential.active));
      assert.ok(left.every((credential) => credential.active === (credential.state === 'active')));
      await session.revoke(handle);
    }));

  it('agrees with the issuer on handles and on what is live', () =>
    withSetup(contract, async ({ session, issuer }) => {
      await issue(session, marked(0));
      const { handle } = await issue(session, marked(1));
      await session.revoke(handle);
      const truth = (await issuer.credentials(SECRET))
        .filter((credential) => credential.live)
        .map((credential) => credential.handle);
      const seen = (await session.list())
        .filter((credential) => credential.active)
        .map((credential) => credential.handle);
      assert.deepEqual(seen.toSorted(), truth.toSorted());
      assert.ok(truth.length > 0);
    }));

  it('knows nothing of a value that was never issued', () =>
    withSetup(contract, async ({ session }) => {
      assertRefused(contract, await session.probe(NEVER_ISSUED));
      assert.equal(await session.identify(NEVER_ISSUED), undefined);
    }));

  it('does not identify the value of another resource', () =>
    withSetup(contract, async ({ session, other }) => {
      const { value } = await issue(other, marked(1));
      assert.equal(await session.identify(value), undefined);
    }));

  it('sees a credential that a person revoked as refused', () =>
    withSetup(contract, async (setup) => {
      await issue(setup.session, marked(0));
      const { handle, value } = await issue(setup.session, marked(1));
      await setup.issuer.revokeByHand(handle);
      await settled(setup, provider);
      assertRefused(contract, await setup.session.probe(value));
      await setup.session.revoke(handle);
    }));
}

function defineMintContract(contract: ProviderContract): void {
  const { descriptor } = contract.provider;

  it('keeps two credentials active at once', () =>
    withSetup(contract, async (setup) => {
      const first = await issue(setup.session, marked(1));
      const second = await issue(setup.session, marked(2));
      await settled(setup, contract.provider);
      assert.notEqual(first.handle, second.handle);
      assert.ok(!first.value.equals(second.value));
      for (const { value } of [first, second])
        assert.equal((await setup.session.probe(value)).outcome, 'active');
    }));

  if (descriptor.pattern)
    it('makes values that its descriptor recognises', () =>
      withSetup(contract, async ({ session }) =>
        assert.match((await issue(session, marked(1))).value.reveal(), descriptor.pattern ?? /^$/),
      ));

  if (descriptor.found === 'name')
    it('finds the marker in the list', () =>
      withSetup(contract, async ({ session }) => {
        const { handle } = await issue(session, marked(1));
        const found = (await session.list()).filter((credential) => credential.name === marked(1));
        assert.deepEqual(
          found.map((credential) => credential.handle),
          [handle],
        );
      }));

  it('writes scopes in one way, wherever they come from', () =>
    withSetup(contract, async (setup) => {
      const { session } = setup;
      if (session.kind !== 'minting' || session.scopes === undefined) return;
      const minted = await session.mint({ marker: marked(1), expiresAt: undefined });
      await settled(setup, contract.provider);
      const probe = await session.probe(minted.value);
      const listed = entriesOf(await session.list(), minted.handle)[0];
      assert.ok(probe.outcome === 'active');
      assert.deepEqual(minted.scopes, session.scopes);
      assert.deepEqual(listed?.scopes, session.scopes);
      // Not every issuer tells the scopes of a value that is asked about.
      if (probe.scopes !== undefined) assert.deepEqual(probe.scopes, session.scopes);
    }));

  if (!descriptor.expiry.settable) return;
  const step = descriptor.expiry.step === 'day' ? DAY : SECOND;

  it('gives the expiry that was asked for, never a later one', () =>
    withSetup(contract, async ({ session, clock }) => {
      const asked = clock.now() + Math.min(5, contract.grantedDays ?? 5) * DAY;
      const { handle, expiresAt = Infinity } = await issue(session, marked(1), asked);
      assert.ok(expiresAt <= asked && expiresAt > asked - step, `asked ${asked}, got ${expiresAt}`);
      assert.equal(entriesOf(await session.list(), handle)[0]?.expiresAt, expiresAt);
    }));

  it('never goes beyond the longest life that the grant allows', () =>
    withSetup(contract, async ({ session, clock }) => {
      const longest = clock.now() + (contract.grantedDays ?? descriptor.expiry.maxDays ?? 0) * DAY;
      for (const [index, asked] of [clock.now() + 5_000 * DAY, undefined].entries()) {
        const { expiresAt = Infinity } = await issue(session, marked(index), asked);
        // Dates are counted from the one that is today in every zone.
        const least = longest - step - (descriptor.expiry.step === 'day' ? FURTHEST_WEST : 0);
        assert.ok(
          expiresAt <= longest + SECOND && expiresAt > least - SECOND,
          `longest ${longest}, got ${expiresAt}`,
        );
      }
    }));
}

/** Some issuers check values at another host of theirs. */
function isOf({ host, otherHosts = [] }: Setup['issuer'], asked: string): boolean {
  return asked === host || otherHosts.includes(asked);
}

function defineReachContract(contract: ProviderContract): void {
  async function everything({ session }: Setup): Promise<void> {
    await issue(session, marked(0));
    const { handle, value } = await issue(session, marked(1));
    await session.probe(value);
    await session.identify(value);
    await session.list();
    await session.revoke(handle);
  }

  it('talks to the host of the admin secret alone, within the grant alone, by name', () =>
    withSetup(contract, async (setup) => {
      await everything(setup);
      for (const sent of setup.world.sent) {
        assert.ok(isOf(setup.issuer, sent.host));
        assert.ok(
          contract.mayCall(sent, setup.session.account),
          `${sent.method} ${sent.path} is outside the grant`,
        );
        assert.match(sent.text, /^user-agent: keyturn\/\d/m);
      }
    }));

  const isListed = !isAskable(contract.provider.descriptor.check);
  it(isListed ? 'probes by reading its list, and never sends the value' : 'probes with the value alone', () =>
    withSetup(contract, async ({ session, world, admin }) => {
      const { handle, value } = await issue(session, marked(1));
      world.sent.length = 0;
      await session.probe(value);
      assert.ok(world.sent.length > 0);
      if (isListed) {
        const secret = value.reveal();
        assert.ok(world.sent.every(({ method, text }) => method === 'GET' && !text.includes(secret)));
        const id = handle.split('/').at(-1) ?? '';
        assert.ok(!world.sent.some(({ path }) => path.includes(id)));
        return;
      }
      const beside = contract.sentBeside?.(admin) ?? [];
      for (const credential of contract.adminCredentials(admin))
        if (!beside.includes(credential))
          assert.ok(!world.sent.some((sent) => sent.text.includes(credential)));
    }),
  );

  it('puts no credential into a URL', () =>
    withSetup(contract, async (setup) => {
      const { value } = await issue(setup.session, marked(1));
      await setup.session.probe(value);
      await setup.session.identify(value);
      for (const credential of [value.reveal(), ...contract.adminCredentials(setup.admin)])
        assert.ok(!setup.world.sent.some((sent) => decodeURIComponent(sent.path).includes(credential)));
    }));

  it('refuses to revoke what is not of its resource, without a call', () =>
    withSetup(contract, async ({ session, other, world }) => {
      await issue(other, marked(0));
      const { handle, value } = await issue(other, marked(1));
      world.sent.length = 0;
      const strange = [
        handle,
        '',
        'nonsense',
        `elsewhere.example${handle.slice(handle.indexOf('/'))}`,
        `${session.account}/../1`,
        `${session.account}/1?x=/`,
      ];
      for (const foreign of strange) assertCode(await rejection(session.revoke(foreign)), 'not-granted');
      assert.equal(world.sent.length, 0);
      assert.equal((await other.probe(value)).outcome, 'active');
    }));
}
