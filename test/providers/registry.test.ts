import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { Secret } from '../../functions/core/basics/secret.ts';
import { MINUTE } from '../../functions/core/basics/time.ts';
import { canRevoke, type Session } from '../../functions/core/issuer/provider.ts';
import type { ProviderDescriptor } from '../../functions/core/issuer/provider-descriptor.ts';
import { unservedIn } from '../../functions/core/validity/check-rules.ts';
import { descriptor as templateDescriptor } from '../../functions/providers/_template/descriptor.ts';
import { template } from '../../functions/providers/_template/index.ts';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { PROVIDERS, providerOf } from '../../functions/providers/registry.ts';
import { VirtualClock } from '../../lib/sandbox/clock.ts';
import { SIMULATORS } from '../../lib/sandbox/issuers/simulators.ts';
import { DECLARED } from '../architecture/layers.ts';
import { assertCode, rejection } from '../contracts/world.ts';
import {
  acceptedWithin,
  creationEnds,
  refusedWithin,
  roomOf,
} from '../../functions/core/issuer/issuer-facts.ts';

const FOLDER = new URL('../../functions/providers/', import.meta.url);
const folders = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .filter((name) => name !== DECLARED);

const KINDS = { issuer: 'minting', keyturn: 'choosing', person: 'submitted' } as const;

function kindOf(descriptor: ProviderDescriptor): Session['kind'] {
  if (creationEnds(descriptor)) return 'replacing';
  return descriptor.unlisted ? 'paired' : KINDS[descriptor.value];
}

/** The first grant's secret in an example, as a name that it fits. */
function grantedName(example: Readonly<Record<string, unknown>>): string {
  const { grants } = z.object({ grants: z.array(z.object({ secret: z.string() })) }).parse(example);
  return String(grants[0]?.secret).replace('*', 'x');
}

describe('registry', () => {
  it('has every folder but the template, and nothing else', () => {
    const expected = folders.filter((name) => name !== '_template').toSorted();
    assert.deepEqual([...PROVIDERS.keys()].toSorted(), expected);
    assert.deepEqual(DESCRIPTORS.map(({ id }) => id).toSorted(), expected);
  });

  it('has a simulator for each provider', () => {
    assert.deepEqual([...SIMULATORS.keys()].toSorted(), [...PROVIDERS.keys()].toSorted());
    for (const [id, simulate] of SIMULATORS)
      assert.equal(simulate({ clock: new VirtualClock(0) }).provider, id);
  });

  it('lists the very descriptors of its providers', () => {
    for (const descriptor of DESCRIPTORS) assert.equal(providerOf(descriptor.id).descriptor, descriptor);
  });

  it('names the ids there are when asked for another', async () => {
    assertCode(
      await rejection(Promise.resolve().then(() => providerOf('gitlub'))),
      'provider-unknown',
      'gitlub',
      ...PROVIDERS.keys(),
    );
  });

  it('keeps descriptors free of code: they import types and plain numbers alone', () => {
    for (const folder of folders) {
      const text = readFileSync(new URL(`${folder}/descriptor.ts`, FOLDER), 'utf8');
      for (const line of text.split('\n').filter((candidate) => candidate.startsWith('import')))
        assert.match(line, /^import type |'\.\.\/\.\.\/core\/basics\/time\.ts'/, `${folder}: ${line}`);
    }
  });
});

for (const provider of [...PROVIDERS.values(), template])
  describe(`descriptor of ${provider.descriptor.id}`, () => {
    const { descriptor } = provider;

    it('has an id that fits into names of functions', () =>
      assert.match(descriptor.id, /^[a-z][a-z0-9-]{1,19}$/));

    it('is one that the engine can serve', () => assert.deepEqual(unservedIn(descriptor), []));

    it('states facts that can be', () => {
      assert.ok(creationEnds(descriptor) || roomOf(descriptor.slots) >= 2, 'overlap needs two');
      assert.equal(descriptor.found === 'value', descriptor.value === 'keyturn', 'found by a chosen value');
      assert.equal(descriptor.byPerson !== undefined, descriptor.value === 'person', 'how people create it');
      assert.ok(descriptor.concurrency >= 1);
      assert.ok(acceptedWithin(descriptor) >= 0 && acceptedWithin(descriptor) <= 10 * MINUTE);
      assert.ok(refusedWithin(descriptor) >= 0);
      assert.equal(descriptor.expiry.settable, descriptor.expiry.step !== 'none');
      assert.equal(new URL(descriptor.docs).protocol, 'https:');
      for (const text of [
        descriptor.title,
        descriptor.rotates,
        descriptor.admin.leastRights,
        descriptor.valueField,
        ...descriptor.manualSteps,
      ])
        assert.notEqual(text.trim(), '');
    });

    it('shows an example that its own schema takes', () => {
      const name = grantedName(descriptor.admin.example);
      const tools = {
        fetch: () => Promise.reject(new Error('no calls')),
        now: () => 0,
        sleep: async () => {},
        uuid: () => crypto.randomUUID(),
      };
      const session = provider.open(new Secret(JSON.stringify(descriptor.admin.example)), name, tools);
      assert.equal(session.kind, kindOf(descriptor));
      if (session.kind === 'submitted')
        assert.equal(
          canRevoke(session),
          descriptor.byPerson?.revocation === undefined,
          'how people revoke it',
        );
    });
  });

describe('template', () => {
  it('is registered nowhere', () => {
    assert.ok(!PROVIDERS.has(templateDescriptor.id));
    assert.ok(!DESCRIPTORS.includes(templateDescriptor));
  });
});
