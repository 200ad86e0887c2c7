import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SecretStore } from '../../functions/core/ports/secret-store.ts';
import { Secret } from '../../functions/core/basics/secret.ts';
import { TAGS } from '../../functions/core/policy/tags.ts';

export interface SecretStoreUnderTest {
  readonly store: SecretStore;
  /** Makes a secret as a person would. */
  readonly add: (
    name: string,
    content?: { text?: string; tags?: Record<string, string> },
  ) => Promise<{ arn: string; version: string }>;
  readonly scheduleDeletion: (arn: string) => Promise<void>;
  /** Sets up rotation without starting one. */
  readonly enableRotation: (arn: string) => Promise<void>;
}

type Make = () => Promise<SecretStoreUnderTest>;

const V2 = '22222222-2222-8222-8222-222222222222';
const V3 = '33333333-3333-8333-8333-333333333333';
const MISSING = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:missing-AbCdEf';

async function collect(items: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function text(store: SecretStore, arn: string, version: string): Promise<string | undefined> {
  return (await store.read(arn, version))?.reveal();
}

/** What every secret store has to do. `make` gives a fresh, empty one. */
export function secretStoreContract(name: string, make: Make): void {
  describe(`secret store contract: ${name}`, () => {
    readContract(make);
    pendingContract(make);
    storeTestContract(make);
    labelContract(make);
    listContract(make);
    adminContract(make);
    rotationContract(make);
  });
}

function readContract(make: Make): void {
  it('describes a secret without its values', async () => {
    const { store, add } = await make();
    const { arn, version } = await add('prod/ci', { text: 'canary-one', tags: { team: 'billing' } });
    const found = await store.describe(arn);
    assert.deepEqual(found, {
      arn,
      name: 'prod/ci',
      tags: new Map([['team', 'billing']]),
      rotationEnabled: false,
      versions: new Map([[version, ['AWSCURRENT']]]),
      replicas: [],
    });
    await assert.rejects(store.describe(MISSING), { code: 'not-found', message: /missing-AbCdEf/ });
  });

  it('tells a version without a value from a secret that is not there', async () => {
    const { store, add } = await make();
    const { arn, version } = await add('prod/ci', { text: 'one' });
    assert.equal(await text(store, arn, version), 'one');
    assert.equal(await store.read(arn, V2), undefined);
    await assert.rejects(store.read(MISSING, V2), { code: 'not-found' });
  });

  it('reads an admin secret by name', async () => {
    const { store, add } = await make();
    await add('keyturn/admin/gitlab', { text: '{"token":"canary-admin"}' });
    assert.equal((await store.readAdmin('keyturn/admin/gitlab')).reveal(), '{"token":"canary-admin"}');
    await assert.rejects(store.readAdmin('keyturn/admin/okta'), {
      code: 'admin-missing',
      message: /keyturn\/admin\/okta/,
    });
    await assert.rejects(store.readAdmin('keyturn/admin/gitlab', 'AWSPREVIOUS'), { code: 'admin-missing' });
  });
}

function pendingContract(make: Make): void {
  it('stores a pending value once: the same again is a success, another is a conflict', async () => {
    const { store, add } = await make();
    const { arn, version } = await add('prod/ci', { text: 'one' });
    await store.putPending(arn, V2, new Secret('canary-two'), undefined);
    await store.putPending(arn, V2, new Secret('canary-two'), undefined);
    await assert.rejects(
      store.putPending(arn, V2, new Secret('canary-three'), undefined),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'conflict');
        assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /canary/);
        return true;
      },
    );
    assert.equal(await text(store, arn, V2), 'canary-two');
    assert.deepEqual(
      (await store.describe(arn)).versions,
      new Map([
        [version, ['AWSCURRENT']],
        [V2, ['AWSPENDING']],
      ]),
    );
    await assert.rejects(store.putPending(MISSING, V2, new Secret('x'), undefined), { code: 'not-found' });
  });
}

function storeTestContract(make: Make): void {
  it('shows that a secret takes a version, and leaves nothing of that to be seen', async () => {
    const { store, add } = await make();
    const { arn, version } = await add('prod/ci', { text: 'one' });
    await store.tryStore(arn, V2, 40);
    assert.deepEqual((await store.describe(arn)).versions, new Map([[version, ['AWSCURRENT']]]));
    assert.equal(await text(store, arn, version), 'one');
    await assert.rejects(store.tryStore(arn, 'a2b2c3d4-0000-4000-8000-00000000000a', 65_537), {
      code: 'aws-failed',
    });
    await assert.rejects(store.tryStore(MISSING, V2, 1), { code: 'not-found' });
  });
}

function labelContract(make: Make): void {
  it('moves AWSCURRENT only from where it is said to be', async () => {
    const { store, add } = await make();
    const { arn, version } = await add('prod/ci', { text: 'one' });
    await store.putPending(arn, V2, new Secret('two'), undefined);
    await store.moveLabel(arn, 'AWSCURRENT', { from: version, to: V2 });
    await assert.rejects(store.moveLabel(arn, 'AWSCURRENT', { from: version, to: V2 }), { code: 'conflict' });
    const { versions } = await store.describe(arn);
    assert.deepEqual(
      [...versions].filter(([, labels]) => labels.includes('AWSCURRENT')).map(([id]) => id),
      [V2],
    );
    assert.deepEqual(versions.get(version), ['AWSPREVIOUS']);
  });

  it('promotes the first value of an empty secret', async () => {
    const { store, add } = await make();
    const { arn } = await add('prod/empty');
    await store.putPending(arn, V2, new Secret('first'), undefined);
    await store.moveLabel(arn, 'AWSCURRENT', { from: undefined, to: V2 });
    assert.ok((await store.describe(arn)).versions.get(V2)?.includes('AWSCURRENT'));
  });

  it('lets one of two movers win', async () => {
    const { store, add } = await make();
    const { arn, version } = await add('prod/ci', { text: 'one' });
    await store.putPending(arn, V2, new Secret('two'), undefined);
    await store.moveLabel(arn, 'custom', { from: undefined, to: version });
    const moves = [
      store.moveLabel(arn, 'custom', { from: version, to: V2 }),
      store.moveLabel(arn, 'custom', { from: version, to: undefined }),
    ];
    const states = (await Promise.allSettled(moves)).map(({ status }) => status);
    assert.deepEqual(states.sort(), ['fulfilled', 'rejected']);
  });

  it('sets and removes a label, and notices when it is elsewhere', async () => {
    const { store, add } = await make();
    const { arn, version } = await add('prod/ci', { text: 'one' });
    await store.putPending(arn, V2, new Secret('two'), undefined);
    await store.moveLabel(arn, 'pin', { from: undefined, to: version });
    await assert.rejects(store.moveLabel(arn, 'pin', { from: undefined, to: V2 }), { code: 'conflict' });
    await assert.rejects(store.moveLabel(arn, 'pin', { from: V2, to: undefined }), { code: 'conflict' });
    await store.moveLabel(arn, 'pin', { from: version, to: undefined });
    await assert.rejects(store.moveLabel(arn, 'pin', { from: version, to: undefined }), { code: 'conflict' });
    assert.deepEqual((await store.describe(arn)).versions.get(version), ['AWSCURRENT']);
  });
}

function listContract(make: Make): void {
  it('lists what is tagged for exactly this installation, scheduled deletions included', async () => {
    const { store, add, scheduleDeletion } = await make();
    const one = await add('one', { text: '1', tags: { [TAGS.installation]: 'main' } });
    const gone = await add('gone', { text: '2', tags: { [TAGS.installation]: 'main', other: 'x' } });
    await add('other-installation', { text: '3', tags: { [TAGS.installation]: 'main-2' } });
    await add('other-tag', { text: '4', tags: { [TAGS.installation]: 'test', team: 'main' } });
    await add('untagged', { text: '5' });
    await scheduleDeletion(gone.arn);
    const listed: string[] = [];
    for await (const page of store.list('main')) listed.push(...page.secrets.map((one) => one.arn));
    assert.deepEqual(listed.sort(), [one.arn, gone.arn].sort());
    assert.notEqual((await store.describe(gone.arn)).deletedAt, undefined);
  });
}

function adminContract(make: Make): void {
  it('lists admin secrets by their name, whatever their tags, and none that is on its way out', async () => {
    const { store, add, scheduleDeletion } = await make();
    const own = await add('keyturn/admin/gitlab', { text: '{}' });
    const tagged = await add('keyturn/admin/gitlab/two', {
      text: '{}',
      tags: { [TAGS.installation]: 'other' },
    });
    const gone = await add('keyturn/admin/okta', { text: '{}' });
    await add('keyturn/administration', { text: 'a' });
    await add('prod/keyturn/admin/gitlab', { text: 'a', tags: { [TAGS.installation]: 'main' } });
    await scheduleDeletion(gone.arn);
    assert.deepEqual((await collect(store.admins())).sort(), [own.arn, tagged.arn].sort());
  });
}

function rotationContract(make: Make): void {
  it('starts a rotation under its token, once, and no second beside it', async () => {
    const { store, add, enableRotation } = await make();
    const { arn } = await add('prod/ci', { text: 'one' });
    await enableRotation(arn);
    await store.startRotation(arn, V2);
    assert.deepEqual((await store.describe(arn)).versions.get(V2), ['AWSPENDING']);
    await store.startRotation(arn, V2);
    await assert.rejects(store.startRotation(arn, V3), { code: 'conflict' });
    await assert.rejects(store.startRotation(MISSING, V3), { code: 'not-found' });
  });

  it('switches rotation off, also one that runs, and off is off', async () => {
    const { store, add, enableRotation } = await make();
    const { arn } = await add('prod/ci', { text: 'one' });
    await store.stopRotation(arn);
    await enableRotation(arn);
    await store.startRotation(arn, V2);
    await store.stopRotation(arn);
    assert.equal((await store.describe(arn)).rotationEnabled, false);
    await store.stopRotation(arn);
    await assert.rejects(store.stopRotation(MISSING), { code: 'not-found' });
  });

  it('says that rotation was never set up', async () => {
    const { store, add } = await make();
    const { arn } = await add('prod/ci', { text: 'one' });
    await assert.rejects(store.startRotation(arn, V2), {
      code: 'rotation-disabled',
      message: /prod\/ci has no rotation function.*attach/,
    });
  });
}
