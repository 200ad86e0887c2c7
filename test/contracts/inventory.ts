import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import { NEW_INSTALLATION_RECORD } from '../../functions/core/inventory/installation.ts';
import { noPermits, permitting } from '../../functions/core/revocation/permits.ts';
import type { Inventory } from '../../functions/core/ports/inventory.ts';
import type { Loaded } from '../../functions/core/ports/token-records.ts';
import { WATCH_KEPT } from '../../functions/core/rotation/health-signals.ts';
import { DAY, MINUTE } from '../../functions/core/basics/time.ts';
import { LEARNT } from '../detect/habits.ts';
import { T0, aFinding, aLifecycleFact, aToken, facts } from '../fakes/tokens.ts';

/** An inventory to be tested, and what a test has to do to its table behind its back. */
export interface InventoryUnderTest {
  readonly inventory: Inventory;
  /** What another table under the same name looks like, with the items of this one: a restore. */
  readonly restoreElsewhere: () => Promise<void>;
  /** Every item deleted, the table still there. */
  readonly empty: () => Promise<void>;
}

function conflicts(error: unknown): boolean {
  return error instanceof KeyturnError && error.code === 'conflict';
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** What every inventory has to do. `make` gives a fresh, empty one. */
export function inventoryContract(name: string, make: () => Promise<InventoryUnderTest>): void {
  describe(`inventory contract: ${name}`, () => {
    recordContract(make);
    dueContract(make);
    lineContract(make);
    turnContract(make);
    installationRecordContract(make);
    baselineContract(make);
    permitContract(make);
    holderContract(make);
    historyContract(make);
    watcherContract(make);
    upstreamReportContract(make);
    traceContract(make);
    rebuildContract(make);
  });
}

type Make = () => Promise<InventoryUnderTest>;

function recordContract(make: Make): void {
  it('gives back what was saved, and nothing for a token it does not know', async () => {
    const { inventory } = await make();
    const token = aToken({
      admin: undefined,
      dueAt: T0 + MINUTE,
      activeAt: T0,
      outbox: [aFinding(), aLifecycleFact()],
      credentials: [
        { id: 'v1', versionId: 'v1', handle: 'gitlab/1', origin: 'minted', state: 'current', issuedAt: T0 },
      ],
      attempts: [
        {
          id: 'v1',
          cause: 'first',
          state: 'promoted',
          openedAt: T0,
          deadline: T0 + MINUTE,
          mints: [{ at: T0, before: ['gitlab/0'], handle: 'gitlab/1' }],
        },
      ],
    });
    assert.equal(await inventory.load(token.id), undefined);
    assert.equal(await inventory.save(token, 0), 1);
    const { admin: _, ...kept } = token;
    assert.deepEqual(await inventory.load(token.id), { token: kept, revision: 1 } satisfies Loaded);
  });

  it('refuses to create a record twice', async () => {
    const { inventory } = await make();
    await inventory.save(aToken(), 0);
    await assert.rejects(inventory.save(aToken({ failures: 1 }), 0), conflicts);
    assert.equal((await inventory.load(aToken().id))?.token.failures, 0);
  });

  it('refuses a save under an old revision, and one of a record that is not there', async () => {
    const { inventory } = await make();
    await inventory.save(aToken(), 0);
    assert.equal(await inventory.save(aToken({ failures: 1 }), 1), 2);
    await assert.rejects(inventory.save(aToken({ failures: 9 }), 1), conflicts);
    await assert.rejects(inventory.save(aToken({ id: 'other-AbC123' }), 1), conflicts);
    assert.equal((await inventory.load(aToken().id))?.token.failures, 1);
  });

  it('lets exactly one of many savers win, even when all write the same', async () => {
    const { inventory } = await make();
    await inventory.save(aToken(), 0);
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => inventory.save(aToken({ failures: 1 }), 1)),
    );
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.ok(results.every((result) => result.status === 'fulfilled' || conflicts(result.reason)));
    assert.equal((await inventory.load(aToken().id))?.revision, 2);
  });

  it('hands out nothing through which what it keeps could be changed', async () => {
    const { inventory } = await make();
    const token = aToken({ scopes: ['api'] });
    await inventory.save(token, 0);
    Object.assign(token, { owner: 'changed after the save' });
    const first = await inventory.load(token.id);
    assert.equal(first?.token.owner, 'team-billing');
    Reflect.set(first.token, 'owner', 'changed after the load');
    assert.equal((await inventory.load(token.id))?.token.owner, 'team-billing');
  });

  it('iterates over every token and nothing else', async () => {
    const { inventory } = await make();
    const ids = Array.from({ length: 12 }, (_, index) => `many/${index}-AbC123`);
    for (const id of ids) await inventory.save(aToken({ id }), 0);
    await inventory.hold('gitlab', 'gitlab/1', { tokenId: ids[0] ?? '', revision: 1 });
    await inventory.appendHistory(ids.map((tokenId, index) => aLifecycleFact({ tokenId, id: `f${index}` })));
    await inventory.beginRebuild(T0);
    const found = await collect(inventory.all());
    assert.deepEqual(found.map(({ token }) => token.id).sort(), ids.sort());
    assert.ok(found.every(({ revision }) => revision === 1));
    const order = found.map(({ token }) => token.id);
    for (const [index, id] of order.entries())
      assert.deepEqual(
        (await collect(inventory.all(id))).map(({ token }) => token.id),
        order.slice(index + 1),
        'goes on after any of them',
      );
  });
}

function permitContract(make: Make): void {
  it('keeps what may end of a token under its revision, whatever becomes of the record', async () => {
    const { inventory } = await make();
    const { id } = aToken();
    assert.deepEqual(await inventory.loadPermits(id), { permits: noPermits(id), revision: 0 });
    const permits = permitting(noPermits(id), { kind: 'revoke', about: 'v1', at: T0, by: 'ana' });
    assert.equal(await inventory.savePermits(permits, 0), 1);
    await inventory.save(aToken(), 0);
    assert.deepEqual(await inventory.loadPermits(id), { permits, revision: 1 });
    assert.deepEqual(await inventory.loadPermits('other-AbC123'), {
      permits: noPermits('other-AbC123'),
      revision: 0,
    });
    await assert.rejects(inventory.savePermits(noPermits(id), 0), conflicts);
    await assert.rejects(inventory.savePermits(noPermits('other-AbC123'), 1), conflicts);
    assert.equal(await inventory.savePermits(noPermits(id), 1), 2);
  });

  it('keeps fields of permits that this version does not know', async () => {
    const { inventory } = await make();
    const permits = {
      tokenId: 't',
      minReader: 9,
      permits: [{ kind: 'later', about: 'v1', at: T0, by: 'ana', more: { a: 1 } }],
    };
    await inventory.savePermits(permits, 0);
    const { permits: read, revision } = await inventory.loadPermits('t');
    assert.deepEqual(read, permits);
    await inventory.savePermits(read, revision);
    assert.deepEqual((await inventory.loadPermits('t')).permits, permits);
  });
}

function installationRecordContract(make: Make): void {
  it('keeps the record of the installation under its revision', async () => {
    const { inventory } = await make();
    assert.deepEqual(await inventory.loadInstallationRecord(), {
      installationRecord: NEW_INSTALLATION_RECORD,
      revision: 0,
    });
    const noted = [
      { kind: 'credential-unmanaged', subject: '', severity: 'warning', detail: 'seen', seenAt: T0 },
    ] as const;
    assert.equal(await inventory.saveInstallationRecord({ ...NEW_INSTALLATION_RECORD, noted }, 0), 1);
    await assert.rejects(inventory.saveInstallationRecord(NEW_INSTALLATION_RECORD, 0), conflicts);
    assert.deepEqual(await inventory.loadInstallationRecord(), {
      installationRecord: { ...NEW_INSTALLATION_RECORD, noted },
      revision: 1,
    });
    assert.deepEqual(await collect(inventory.all()), []);
  });
}

function baselineContract(make: Make): void {
  it('keeps the habits of a token under their revision, and tells its readers from them', async () => {
    const { inventory } = await make();
    const baseline = { ...LEARNT, tokenId: aToken().id };
    assert.equal(await inventory.loadBaseline(aToken().id), undefined);
    assert.deepEqual(await inventory.readers(aToken().id), []);
    assert.equal(await inventory.saveBaseline(baseline, 0), 1);
    await assert.rejects(inventory.saveBaseline({ ...baseline, evicted: 1 }, 0), conflicts);
    assert.equal(await inventory.saveBaseline({ ...baseline, evicted: 2 }, 1), 2);
    assert.deepEqual(await inventory.loadBaseline(aToken().id), {
      baseline: { ...baseline, evicted: 2 },
      revision: 2,
    });
    assert.deepEqual(await inventory.readers(aToken().id), [
      {
        principal: 'role/app/web',
        role: undefined,
        at: baseline.lastAt,
        network: '203.0.0.0/16',
        version: 'v3',
        isKnown: true,
      },
    ]);
  });

  it('takes the habits of a token for no token', async () => {
    const { inventory } = await make();
    await inventory.saveBaseline({ ...LEARNT, tokenId: aToken().id }, 0);
    assert.deepEqual(await collect(inventory.all()), []);
    assert.equal(await inventory.load(aToken().id), undefined);
    assert.deepEqual(await inventory.history(aToken().id, 9), []);
  });
}

function dueContract(make: Make): void {
  it('names what is due, earliest first', async () => {
    const { inventory } = await make();
    for (let index = 0; index < 12; index++)
      await inventory.save(aToken({ id: `due/${index}-AbC123`, dueAt: T0 + ((index * 7) % 12) * MINUTE }), 0);
    await inventory.save(aToken({ id: 'never-AbC123' }), 0);
    const order = Array.from({ length: 12 }, (_, index) => index).sort(
      (a, b) => ((a * 7) % 12) - ((b * 7) % 12),
    );
    const expected = order.map((index) => `due/${index}-AbC123`);
    assert.deepEqual(await collect(inventory.due(T0 + 5 * MINUTE)), expected.slice(0, 6));
    assert.deepEqual(await collect(inventory.due(T0 + 100 * MINUTE)), expected);
    assert.deepEqual(await collect(inventory.due(T0 - 1)), []);
  });

  it('follows the due date of the last save, and forgets one that was taken away', async () => {
    const { inventory } = await make();
    await inventory.save(aToken({ dueAt: T0 }), 0);
    await inventory.save(aToken({ dueAt: T0 + MINUTE }), 1);
    assert.deepEqual(await collect(inventory.due(T0)), []);
    assert.deepEqual(await collect(inventory.due(T0 + MINUTE)), [aToken().id]);
    await inventory.save(aToken(), 2);
    assert.deepEqual(await collect(inventory.due(T0 + MINUTE)), []);
  });
}

function lineContract(make: Make): void {
  const attempt = {
    id: 'a',
    cause: 'retry',
    state: 'open',
    openedAt: T0,
    deadline: T0 + 25 * MINUTE,
    mints: [],
  } as const;

  it('tells which rotations may start and which are under way', async () => {
    const { inventory } = await make();
    await inventory.save(
      aToken({ id: 'later-AbC123', startAt: T0 + MINUTE, admin: 'keyturn/admin/gitlab/eu' }),
      0,
    );
    await inventory.save(
      aToken({
        id: 'first-AbC123',
        startAt: T0,
        failures: 2,
        credentials: [{ id: 'v', origin: 'minted', state: 'current', expiresAt: T0 + DAY }],
      }),
      0,
    );
    await inventory.save(aToken({ id: 'resting-AbC123' }), 0);
    await inventory.save(aToken({ id: 'running-AbC123', attempts: [attempt], provider: 'okta' }), 0);
    const first = {
      tokenId: 'first-AbC123',
      provider: 'gitlab',
      issuer: 'gitlab',
      until: T0 + DAY,
      isRetry: true,
    };
    const later = {
      tokenId: 'later-AbC123',
      provider: 'gitlab',
      issuer: 'gitlab keyturn/admin/gitlab/eu',
      until: T0,
      isRetry: false,
    };
    assert.deepEqual(await collect(inventory.startable(T0)), [first]);
    assert.deepEqual(await collect(inventory.startable(T0 + MINUTE)), [first, later]);
    assert.deepEqual(
      (await inventory.underWay(T0)).map(({ tokenId, issuer, isRetry }) => ({ tokenId, issuer, isRetry })),
      [{ tokenId: 'running-AbC123', issuer: 'okta', isRetry: true }],
    );
    assert.deepEqual(await inventory.underWay(attempt.deadline), [], 'its time is over');
  });

  it('lets a rotation go from waiting to under way and out of the line', async () => {
    const { inventory } = await make();
    await inventory.save(aToken({ startAt: T0 }), 0);
    await inventory.save(aToken({ attempts: [attempt] }), 1);
    assert.deepEqual(await collect(inventory.startable(T0)), []);
    assert.equal((await inventory.underWay(T0)).length, 1);
    await inventory.save(aToken({ attempts: [{ ...attempt, state: 'aborting' }] }), 2);
    assert.deepEqual(await inventory.underWay(T0), []);
  });
}

function turnContract(make: Make): void {
  const lease = (owner: string, now = T0): { owner: string; now: number; until: number } => ({
    owner,
    now,
    until: now + 5 * MINUTE,
  });

  it('gives a lease to one run at a time, until it ends it or its time is over', async () => {
    const { inventory } = await make();
    assert.deepEqual(await inventory.acquireLease('sweep', lease('a')), { note: undefined });
    assert.deepEqual(
      await inventory.acquireLease('sweep', lease('a')),
      { note: undefined },
      'its own repetition finds it taken by itself',
    );
    assert.equal(await inventory.acquireLease('sweep', lease('b')), undefined);
    assert.ok(await inventory.acquireLease('reconcile', lease('b')), 'another kind of run has its own');
    await inventory.renewLease('sweep', { owner: 'a', until: T0 + 5 * MINUTE, note: { cursor: 'x' } });
    assert.equal(await inventory.acquireLease('sweep', lease('b')), undefined);
    assert.deepEqual(await inventory.acquireLease('sweep', lease('b', T0 + 5 * MINUTE)), {
      note: { cursor: 'x' },
    });
    await assert.rejects(inventory.renewLease('sweep', { owner: 'a', until: 0, note: undefined }), conflicts);
    await inventory.renewLease('sweep', { owner: 'b', until: 0, note: undefined });
    assert.deepEqual(await inventory.acquireLease('sweep', lease('c')), { note: undefined });
  });

  it('gives it to exactly one of many that ask at once', async () => {
    const { inventory } = await make();
    for (const now of [T0, T0 + 10 * MINUTE]) {
      const taken = await Promise.all(
        Array.from({ length: 6 }, (_, index) =>
          inventory.acquireLease('sweep', lease(`${index}-${now}`, now)),
        ),
      );
      assert.equal(taken.filter((one) => one !== undefined).length, 1);
    }
  });
}

function holderContract(make: Make): void {
  it('leads from a handle to every token that may have it, each provider and handle apart', async () => {
    const { inventory } = await make();
    await inventory.hold('gitlab', 'host/1', { tokenId: 'a', revision: 1 });
    await inventory.hold('gitlab', 'host/1', { tokenId: 'b', revision: 1 });
    await inventory.hold('gitlab', 'host/10', { tokenId: 'c', revision: 1 });
    await inventory.hold('other', 'host/1', { tokenId: 'd', revision: 1 });
    await inventory.hold('gitlab', 'host/1', { tokenId: 'a', revision: 2 });
    const byId = (await inventory.holders('gitlab', 'host/1')).sort((x, y) =>
      x.tokenId.localeCompare(y.tokenId),
    );
    assert.deepEqual(byId, [{ tokenId: 'a' }, { tokenId: 'b' }]);
    await inventory.unhold('gitlab', 'host/1', { tokenId: 'a', revision: 2 });
    await inventory.unhold('gitlab', 'host/1', { tokenId: 'nobody', revision: 9 });
    assert.deepEqual(await inventory.holders('gitlab', 'host/1'), [{ tokenId: 'b' }]);
    assert.deepEqual(await inventory.holders('gitlab', 'nothing'), []);
  });

  it('leaves an entry that a later revision of the record needs', async () => {
    const { inventory } = await make();
    await inventory.hold('gitlab', 'host/1', { tokenId: 'a', revision: 8 });
    await inventory.unhold('gitlab', 'host/1', { tokenId: 'a', revision: 7 });
    assert.deepEqual(await inventory.holders('gitlab', 'host/1'), [{ tokenId: 'a' }]);
    await inventory.unhold('gitlab', 'host/1', { tokenId: 'a', revision: 8 });
    assert.deepEqual(await inventory.holders('gitlab', 'host/1'), []);
  });
}

function historyContract(make: Make): void {
  it('tells the history of a token, newest first, each fact once and as it was first written', async () => {
    const { inventory } = await make();
    const written = facts(7);
    await inventory.appendHistory(written.slice(0, 4));
    await inventory.appendHistory(written.slice(2));
    await inventory.appendHistory([aLifecycleFact({ id: 'life-000', at: T0, detail: 'rewritten' })]);
    await inventory.appendHistory([aLifecycleFact({ tokenId: 'other', id: 'x' })]);
    assert.deepEqual(await inventory.history(aToken().id, 100), [...written].reverse());
    assert.deepEqual(await inventory.history(aToken().id, 2), [...written].reverse().slice(0, 2));
    assert.deepEqual(await inventory.history('nobody', 2), []);
  });
}

function traceContract(make: Make): void {
  it('leads from a fingerprint to every token that has it, however often that was noted', async () => {
    const { inventory } = await make();
    await inventory.trace('f1', 'a-AbC123');
    await inventory.trace('f1', 'b-AbC123');
    await inventory.trace('f1', 'a-AbC123', T0 + MINUTE);
    await inventory.trace('f2', 'c-AbC123');
    assert.deepEqual((await inventory.traced('f1')).toSorted(), ['a-AbC123', 'b-AbC123']);
    assert.deepEqual(await inventory.traced('f'), []);
  });
}

function upstreamReportContract(make: Make): void {
  it('keeps the newest of what was said of a foreign token, whatever comes last', async () => {
    const { inventory } = await make();
    const of = 'eu-west-1:444455556666:staging/app-AbC123';
    const aborted = { of, key: 'rotation', at: T0 + MINUTE, trouble: 'the issuer refused' };
    await inventory.hear({ of, key: 'rotated', at: T0 });
    await inventory.hear(aborted);
    await inventory.hear({ of, key: 'rotation', at: T0 });
    await inventory.hear({ ...aborted, trouble: 'said twice' });
    const heard = await inventory.heard(of);
    assert.deepEqual(
      heard.toSorted((a, b) => (a.key < b.key ? 1 : -1)),
      [aborted, { of, key: 'rotated', at: T0 }].toSorted((a, b) => (a.key < b.key ? 1 : -1)),
    );
    assert.deepEqual(await inventory.heard(`${of}-other`), []);
  });
}

function watcherContract(make: Make): void {
  it('knows whom a signal concerns: the latest promotion of each, until hours after the watch', async () => {
    const { inventory } = await make();
    const watcher = {
      tokenId: 'a-AbC123',
      provider: 'gitlab',
      credentialId: 'v1',
      from: T0,
      until: T0 + MINUTE,
    };
    const other = { ...watcher, tokenId: 'b-AbC123' };
    await inventory.watch('checkout 5xx', watcher);
    await inventory.watch('checkout 5xx', { ...watcher, credentialId: 'v2' });
    await inventory.watch('checkout 5xx', other);
    await inventory.watch('event:slow', watcher);
    const found = await inventory.watchers('checkout 5xx', T0 + WATCH_KEPT);
    assert.deepEqual(
      found.toSorted((a, b) => (a.tokenId < b.tokenId ? -1 : 1)),
      [{ ...watcher, credentialId: 'v2' }, other],
    );
    assert.deepEqual(await inventory.watchers('checkout', T0), []);
    assert.deepEqual(await inventory.watchers('checkout 5xx', T0 + MINUTE + WATCH_KEPT + 1), []);
  });
}

function rebuildContract(make: Make): void {
  it('is incomplete until a rebuild was completed', async () => {
    const { inventory } = await make();
    assert.equal(await inventory.isComplete(), false);
    await assert.rejects(inventory.completeRebuild(), conflicts);
    assert.equal(await inventory.beginRebuild(T0), T0);
    assert.equal(await inventory.beginRebuild(T0 + MINUTE), T0, 'a rebuild under way goes on');
    assert.equal(await inventory.isComplete(), false);
    await inventory.completeRebuild();
    await inventory.completeRebuild();
    assert.equal(await inventory.isComplete(), true);
    assert.equal(await inventory.beginRebuild(T0 + MINUTE), T0 + MINUTE, 'a rebuild after that is a new one');
    assert.equal(await inventory.isComplete(), false);
  });

  it('is incomplete after a restore into another table, until that one was rebuilt', async () => {
    const { inventory, restoreElsewhere } = await make();
    await inventory.save(aToken(), 0);
    await inventory.beginRebuild(T0);
    await inventory.completeRebuild();
    await restoreElsewhere();
    assert.equal((await inventory.load(aToken().id))?.revision, 1);
    assert.equal(await inventory.isComplete(), false);
    await assert.rejects(inventory.completeRebuild(), conflicts);
    assert.equal(await inventory.beginRebuild(T0 + MINUTE), T0 + MINUTE);
    await inventory.completeRebuild();
    assert.equal(await inventory.isComplete(), true);
  });

  it('knows the last complete pass, of this very table', async () => {
    const { inventory, restoreElsewhere } = await make();
    assert.equal(await inventory.lastPass(), undefined);
    await inventory.notePass({ index: 1, startedAt: T0 });
    await inventory.notePass({ index: 1, startedAt: T0 + MINUTE });
    assert.deepEqual(await inventory.lastPass(), { index: 1, startedAt: T0 + MINUTE });
    await inventory.beginRebuild(T0);
    assert.deepEqual(await inventory.lastPass(), { index: 1, startedAt: T0 + MINUTE });
    await restoreElsewhere();
    assert.equal(await inventory.lastPass(), undefined);
  });

  it('is incomplete after it was emptied', async () => {
    const { inventory, empty } = await make();
    await inventory.save(aToken(), 0);
    await inventory.beginRebuild(T0);
    await inventory.completeRebuild();
    await empty();
    assert.equal(await inventory.load(aToken().id), undefined);
    assert.equal(await inventory.isComplete(), false);
  });
}
