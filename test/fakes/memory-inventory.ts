import { Baseline } from '../../functions/core/detection/baseline.ts';
import { readingsOf, type Reading } from '../../functions/core/detection/readers.ts';
import type { Fact } from '../../functions/core/findings/events.ts';
import { KeyturnError } from '../../functions/core/basics/errors.ts';
import { InstallationRecord, NEW_INSTALLATION_RECORD } from '../../functions/core/inventory/installation.ts';
import { WATCH_KEPT, type Watcher } from '../../functions/core/rotation/health-signals.ts';
import { Waiting, revisionOf, type WaitingList } from '../../functions/core/alerts/notices.ts';
import { Permits, noPermits } from '../../functions/core/revocation/permits.ts';
import type { AlertLedger } from '../../functions/core/ports/alert-ledger.ts';
import type { LoadedBaseline } from '../../functions/core/ports/baselines.ts';
import type { Holder, IndexEntry } from '../../functions/core/ports/credential-index.ts';
import type { LoadedInstallationRecord } from '../../functions/core/ports/installation-record.ts';
import type { Inventory } from '../../functions/core/ports/inventory.ts';
import type { CompletePass } from '../../functions/core/ports/passes.ts';
import type { LoadedPermits } from '../../functions/core/ports/permit-records.ts';
import type { Loaded } from '../../functions/core/ports/token-records.ts';
import {
  placeOf,
  type Place,
  type UnderWay,
  type Startable,
} from '../../functions/core/rotation/rotation-queue.ts';
import { READER, requireReader } from '../../functions/core/basics/record.ts';
import { Token } from '../../functions/core/token/token.ts';
import type { UpstreamReport } from '../../functions/core/rotation/upstreams.ts';
import type { Instant } from '../../functions/core/basics/time.ts';

interface Rebuild {
  readonly startedAt: Instant;
  readonly complete: boolean;
}

/** What comes back from a table: a copy, without members that are undefined. */
function stored(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/**
 * A value whose every part throws when it is written to, so that it can be shared instead of copied. What is
 * frozen already is not walked again.
 */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) frozen(part);
  return value;
}

/**
 * An inventory in memory that passes the same contract as the DynamoDB one. What goes in and out is a copy or
 * frozen, so that no caller can change what it keeps.
 */
export class MemoryInventory implements Inventory, AlertLedger {
  #tokens = new Map<string, Loaded>();
  #holders = new Map<string, Map<string, IndexEntry>>();
  #pass: CompletePass | undefined;
  #history = new Map<string, Map<string, Fact>>();
  #told = new Map<string, number>();
  #traces = new Map<string, Set<string>>();
  #upstreamReport = new Map<string, Map<string, UpstreamReport>>();
  #watchers = new Map<string, Map<string, Watcher>>();
  #waiting = new Map<string, Waiting>();
  #rebuild: Rebuild | undefined;
  #turns = new Map<string, { owner: string; until: Instant; note: unknown }>();
  #installationRecord: LoadedInstallationRecord = {
    installationRecord: NEW_INSTALLATION_RECORD,
    revision: 0,
  };
  #baselines = new Map<string, LoadedBaseline>();
  #permits = new Map<string, LoadedPermits>();

  readonly #minReaders = new Map<string, number>();
  readonly #isTrusting: boolean;

  /** `isTrusting`: what is saved is not held against its schema, which takes most of the time of a save. */
  constructor({ isTrusting = false }: { isTrusting?: boolean } = {}) {
    this.#isTrusting = isTrusting;
  }

  async load(tokenId: string): Promise<Loaded | undefined> {
    requireReader(this.#minReaders.get(tokenId) ?? READER, tokenId);
    return this.#tokens.get(tokenId);
  }

  /** Makes a record one that only a later version of Keyturn reads. */
  raise(tokenId: string, minReader: number): void {
    this.#minReaders.set(tokenId, minReader);
  }

  async save(token: Token, revision: number): Promise<number> {
    requireReader(this.#minReaders.get(token.id) ?? READER, token.id);
    const parsed = this.#isTrusting ? token : Token.parse(stored(token));
    const found = this.#tokens.get(token.id)?.revision ?? 0;
    if (found !== revision)
      throw new KeyturnError('conflict', `The record of ${token.id} was changed by another run.`);
    this.#tokens.set(token.id, frozen({ token: parsed, revision: revision + 1 }));
    return revision + 1;
  }

  async *due(now: Instant): AsyncIterable<string> {
    const due = [...this.#tokens.values()].filter(
      ({ token }) => token.dueAt !== undefined && token.dueAt <= now,
    );
    due.sort((a, b) => (a.token.dueAt ?? 0) - (b.token.dueAt ?? 0));
    yield* due.map(({ token }) => token.id);
  }

  #line(line: Place['line'], isAsked: (at: Instant) => boolean): Startable[] {
    const places = [...this.#tokens.values()].flatMap(({ token }) => {
      const place = placeOf(token);
      return place?.line === line && isAsked(place.at) ? [{ tokenId: token.id, place }] : [];
    });
    places.sort((a, b) => a.place.at - b.place.at);
    return places.map(({ tokenId, place: { line: _line, at: _at, ...rest } }) => ({ tokenId, ...rest }));
  }

  async *startable(now: Instant): AsyncIterable<Startable> {
    yield* this.#line('waiting', (at) => at <= now);
  }

  async underWay(now: Instant): Promise<UnderWay[]> {
    return this.#line('under-way', (at) => at > now);
  }

  async *all(after?: string): AsyncIterable<Loaded> {
    const loaded = [...this.#tokens.values()];
    yield* loaded.slice(after === undefined ? 0 : loaded.findIndex(({ token }) => token.id === after) + 1);
  }

  async loadPermits(tokenId: string): Promise<LoadedPermits> {
    return structuredClone(this.#permits.get(tokenId) ?? { permits: noPermits(tokenId), revision: 0 });
  }

  async savePermits(permits: Permits, revision: number): Promise<number> {
    const parsed = Permits.parse(stored(permits));
    if ((this.#permits.get(permits.tokenId)?.revision ?? 0) !== revision)
      throw new KeyturnError('conflict', `What may end of ${permits.tokenId} was changed by another run.`);
    this.#permits.set(permits.tokenId, { permits: parsed, revision: revision + 1 });
    return revision + 1;
  }

  async loadBaseline(tokenId: string): Promise<LoadedBaseline | undefined> {
    return structuredClone(this.#baselines.get(tokenId));
  }

  async saveBaseline(baseline: Baseline, revision: number): Promise<number> {
    const parsed = Baseline.parse(stored(baseline));
    if ((this.#baselines.get(baseline.tokenId)?.revision ?? 0) !== revision)
      throw new KeyturnError('conflict', `The habits of ${baseline.tokenId} were changed by another run.`);
    this.#baselines.set(baseline.tokenId, { baseline: parsed, revision: revision + 1 });
    return revision + 1;
  }

  async readers(tokenId: string): Promise<Reading[]> {
    const loaded = this.#baselines.get(tokenId);
    return loaded ? readingsOf(loaded.baseline) : [];
  }

  async holders(provider: string, handle: string): Promise<Holder[]> {
    return [...(this.#holders.get(`${provider}#${handle}`)?.values() ?? [])].map(({ tokenId }) => ({
      tokenId,
    }));
  }

  async hold(provider: string, handle: string, entry: IndexEntry): Promise<void> {
    const key = `${provider}#${handle}`;
    const held = this.#holders.get(key) ?? new Map<string, IndexEntry>();
    held.set(entry.tokenId, { ...entry });
    this.#holders.set(key, held);
  }

  async unhold(provider: string, handle: string, { tokenId, revision }: IndexEntry): Promise<void> {
    const held = this.#holders.get(`${provider}#${handle}`);
    if ((held?.get(tokenId)?.revision ?? Infinity) <= revision) held?.delete(tokenId);
  }

  async lastPass(): Promise<CompletePass | undefined> {
    return this.#pass;
  }

  async notePass(pass: CompletePass): Promise<void> {
    this.#pass = { ...pass };
  }

  async hear(said: UpstreamReport): Promise<void> {
    const known = this.#upstreamReport.get(said.of) ?? new Map<string, UpstreamReport>();
    if ((known.get(said.key)?.at ?? -1) < said.at) known.set(said.key, { ...said });
    this.#upstreamReport.set(said.of, known);
  }

  async heard(of: string): Promise<UpstreamReport[]> {
    return [...(this.#upstreamReport.get(of)?.values() ?? [])].map((one) => ({ ...one }));
  }

  async watch(signal: string, watcher: Watcher): Promise<void> {
    const known = this.#watchers.get(signal) ?? new Map<string, Watcher>();
    this.#watchers.set(signal, known.set(watcher.tokenId, { ...watcher }));
  }

  async watchers(signal: string, now: Instant): Promise<Watcher[]> {
    return [...(this.#watchers.get(signal)?.values() ?? [])]
      .filter((one) => one.until >= now - WATCH_KEPT)
      .map((one) => ({ ...one }));
  }

  async trace(fingerprint: string, tokenId: string): Promise<void> {
    this.#traces.set(fingerprint, new Set([...(this.#traces.get(fingerprint) ?? []), tokenId]));
  }

  async traced(fingerprint: string): Promise<string[]> {
    return [...(this.#traces.get(fingerprint) ?? [])];
  }

  async appendHistory(facts: readonly Fact[]): Promise<void> {
    for (const fact of facts) {
      const known = this.#history.get(fact.tokenId) ?? new Map<string, Fact>();
      if (!known.has(fact.id)) known.set(fact.id, structuredClone(fact));
      this.#history.set(fact.tokenId, known);
    }
  }

  async history(tokenId: string, limit: number): Promise<Fact[]> {
    const facts = [...(this.#history.get(tokenId)?.values() ?? [])];
    facts.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
    return structuredClone(facts.slice(0, limit));
  }

  async loadInstallationRecord(): Promise<LoadedInstallationRecord> {
    return structuredClone(this.#installationRecord);
  }

  async saveInstallationRecord(installationRecord: InstallationRecord, revision: number): Promise<number> {
    if (this.#installationRecord.revision !== revision)
      throw new KeyturnError('conflict', 'The record of the installation was changed by another run.');
    this.#installationRecord = {
      installationRecord: InstallationRecord.parse(stored(installationRecord)),
      revision: revision + 1,
    };
    return revision + 1;
  }

  async isComplete(): Promise<boolean> {
    return this.#rebuild?.complete ?? false;
  }

  async beginRebuild(now: Instant): Promise<Instant> {
    if (!this.#rebuild || this.#rebuild.complete) this.#rebuild = { startedAt: now, complete: false };
    return this.#rebuild.startedAt;
  }

  async completeRebuild(): Promise<void> {
    if (!this.#rebuild) throw new KeyturnError('conflict', 'No rebuild of this table is under way.');
    this.#rebuild = { ...this.#rebuild, complete: true };
  }

  async acquireLease(
    kind: string,
    turn: { owner: string; now: Instant; until: Instant },
  ): Promise<{ readonly note: unknown } | undefined> {
    const last = this.#turns.get(kind);
    if (last && last.owner !== turn.owner && last.until > turn.now) return undefined;
    this.#turns.set(kind, { owner: turn.owner, until: turn.until, note: last?.note });
    return { note: structuredClone(last?.note) };
  }

  async renewLease(kind: string, turn: { owner: string; until: Instant; note: unknown }): Promise<void> {
    if (this.#turns.get(kind)?.owner !== turn.owner)
      throw new KeyturnError('conflict', `Another run of ${kind} has its turn by now.`);
    this.#turns.set(kind, {
      owner: turn.owner,
      until: turn.until,
      note: turn.note === undefined ? undefined : stored(turn.note),
    });
  }

  async told(dedupKey: string): Promise<number> {
    return this.#told.get(dedupKey) ?? 0;
  }

  async tell(dedupKey: string, sequence: number): Promise<void> {
    this.#told.set(dedupKey, Math.max(sequence, await this.told(dedupKey)));
  }

  async waiting(list: WaitingList, key: string): Promise<Waiting | undefined> {
    return structuredClone(this.#waiting.get(`${list}#${key}`));
  }

  async allWaiting(list: WaitingList): Promise<{ entries: Waiting[]; damaged: string[] }> {
    return {
      entries: structuredClone(
        [...this.#waiting].filter(([key]) => key.startsWith(`${list}#`)).map(([, entry]) => entry),
      ),
      damaged: [],
    };
  }

  async wait(list: WaitingList, entry: Waiting, read: Waiting | undefined): Promise<boolean> {
    if (!this.#isAsRead(list, entry.key, read)) return false;
    this.#waiting.set(`${list}#${entry.key}`, Waiting.parse(stored(entry)));
    return true;
  }

  async unwait(list: WaitingList, read: Waiting): Promise<void> {
    if (this.#isAsRead(list, read.key, read)) this.#waiting.delete(`${list}#${read.key}`);
  }

  #isAsRead(list: WaitingList, key: string, read: Waiting | undefined): boolean {
    const found = this.#waiting.get(`${list}#${key}`);
    return (found && revisionOf(found)) === (read && revisionOf(read));
  }

  /** All that is stored, as text, to be searched for what must not be there. */
  dump(): string {
    const maps = [
      this.#tokens,
      this.#holders,
      this.#history,
      this.#told,
      this.#waiting,
      this.#baselines,
      this.#permits,
    ].map((map) => [...map].map(([key, value]) => [key, value instanceof Map ? [...value] : value]));
    return JSON.stringify([...maps, this.#installationRecord]);
  }

  /** What a lost table looks like: everything gone, and the next one not known to be complete. */
  lose(): void {
    this.#tokens = new Map();
    this.#holders = new Map();
    this.#history = new Map();
    this.#told = new Map();
    this.#baselines = new Map();
    this.#permits = new Map();
    this.#turns = new Map();
    this.#installationRecord = { installationRecord: NEW_INSTALLATION_RECORD, revision: 0 };
    this.#watchers = new Map();
    this.#upstreamReport = new Map();
    this.#waiting = new Map();
    this.#traces = new Map();
    this.#rebuild = undefined;
    this.#pass = undefined;
  }

  /** A copy of everything, for {@link restore}. */
  backup(): () => void {
    const kept = structuredClone({
      tokens: this.#tokens,
      holders: this.#holders,
      history: this.#history,
      told: this.#told,
      installationRecord: this.#installationRecord,
      traces: this.#traces,
      baselines: this.#baselines,
      permits: this.#permits,
    });
    return () => {
      this.#tokens = structuredClone(kept.tokens);
      this.#holders = structuredClone(kept.holders);
      this.#history = structuredClone(kept.history);
      this.#told = structuredClone(kept.told);
      this.#baselines = structuredClone(kept.baselines);
      this.#permits = structuredClone(kept.permits);
      this.#installationRecord = structuredClone(kept.installationRecord);
      this.#traces = structuredClone(kept.traces);
      // Back under another table id, so the mark of completeness no longer counts.
      this.#rebuild = undefined;
      this.#pass = undefined;
    };
  }
}
