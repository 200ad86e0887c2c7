/** Compares a batch of CloudTrail's events with the baselines of the tokens that they name. */
import { accessesIn, inOrder, searchIn, type Access } from '../../core/detection/access.ts';
import type { Home } from '../../core/detection/principal.ts';
import type { TrailEvent } from '../../core/detection/trail-event.ts';
import { reasonOf } from '../inventory/store.ts';
import { noteShown } from '../inventory/trail-health.ts';
import { noteKeys } from './kms-keys.ts';
import { overAll, type OverAll } from './installation-wide.ts';
import type { SecretNames } from './secret-names.ts';
import { type DetectPorts, type Judged, judgedBy, writeJudgement } from './write-judgement.ts';

/** What detection knows beside its ports. */
export interface Surroundings {
  readonly names: SecretNames;
  /** The IAM path of the roles that read secrets for Keyturn. */
  readonly rolePath: string;
  /** ARNs of the KMS keys that something of Keyturn's or of its tokens is under. */
  readonly keys: readonly string[];
}

/** What came of one batch. */
export interface DetectReport {
  readonly events: number;
  /** Of these, calls on tokens of this installation by others than Keyturn. */
  readonly accesses: number;
  readonly tokens: number;
  readonly unusual: number;
  /** Places in the batch of the events that have to come again. */
  readonly failed: ReadonlySet<number>;
}

interface Found {
  readonly access: Access;
  readonly place: number;
}

/** What is done with one batch. */
interface Batch {
  readonly byToken: ReadonlyMap<string, readonly Found[]>;
  /** Places of the events that have to come again. */
  readonly failed: Set<number>;
  readonly ports: DetectPorts;
}

/**
 * Compares a batch of CloudTrail's events with the baselines of the tokens that they name.
 * Each token is judged alone first, then what one principal did to many tokens.
 * What is one thing over many tokens is reported once, by the installation.
 * Findings are written first, then the baselines, once for each token and batch.
 * A crash between them changes nothing, and neither do events that come twice or late.
 * A token that cannot be judged does not stop the others.
 */
export async function detect(
  events: readonly TrailEvent[],
  around: Surroundings,
  ports: DetectPorts,
): Promise<DetectReport> {
  const { account, region } = ports.installation;
  const home: Home = { account, region, rolePath: around.rolePath };
  const found = events.flatMap((event, place) =>
    accessesIn(event, home).map((access): Found => ({ access, place })),
  );
  const failed = new Set<number>();
  const ofTokens = found.filter(({ access }) => !access.isOwn && !isOfKey(access));
  const byToken = await sorted(ofTokens, around, { ports, failed });
  const batch: Batch = { byToken, failed, ports };
  const judged = await judgeEach(batch);
  const all = await judgeAll(events, home, judged, batch);
  const unusual = await writeEach(judged, all, batch);
  await noteCallsOnKeys(found, around, batch);
  await noteShown(
    found.map(({ access }) => access),
    ports,
  );
  const accesses = [...byToken.values()].reduce((sum, ofToken) => sum + ofToken.length, 0);
  return { events: events.length, accesses, tokens: byToken.size, unusual, failed };
}

/** Does something for one token. If it fails, the events of that token come again. */
async function forToken<T>(
  tokenId: string,
  { byToken, failed, ports }: Batch,
  run: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    ports.log.error('the calls on a token could not be judged', { tokenId, reason: reasonOf(error) });
    for (const { place } of byToken.get(tokenId) ?? []) failed.add(place);
    return undefined;
  }
}

async function judgeEach(batch: Batch): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const [tokenId, ofToken] of batch.byToken) {
    const accesses = ofToken.map(({ access }) => access);
    const one = await forToken(tokenId, batch, () => judgedBy(tokenId, accesses, batch.ports));
    if (one) judged.push(one);
  }
  return judged;
}

/** Undefined where it could not be written: what was done to several tokens is judged again then. */
async function judgeAll(
  events: readonly TrailEvent[],
  home: Home,
  judged: readonly Judged[],
  { failed, ports }: Batch,
): Promise<OverAll | undefined> {
  const searches = events
    .flatMap((event, place) => ({ search: searchIn(event, home), place }))
    .flatMap(({ search, place }) => (search ? [{ search, place }] : []));
  const all = await overAll(
    judged.map(({ loaded, verdict }) => ({ token: loaded.token, unusual: verdict.unusual })),
    searches.map(({ search }) => search),
    ports,
  );
  if (!all) for (const { place } of searches) failed.add(place);
  return all;
}

async function writeEach(judged: readonly Judged[], all: OverAll | undefined, batch: Batch): Promise<number> {
  let unusual = 0;
  for (const one of judged) {
    const written = await forToken(one.loaded.token.id, batch, () => writeJudgement(one, all, batch.ports));
    unusual += written ?? 0;
  }
  return unusual;
}

async function noteCallsOnKeys(
  found: readonly Found[],
  { keys }: Surroundings,
  { failed, ports }: Batch,
): Promise<void> {
  const ofKeys = found.filter(({ access }) => isOfKey(access));
  const isNoted = await noteKeys(inOrder(ofKeys.map(({ access }) => access)), keys, ports);
  if (!isNoted) for (const { place } of ofKeys) failed.add(place);
}

function isOfKey({ deed }: Access): boolean {
  return deed === 'key-off' || deed === 'key-on';
}

/** By token; a name that cannot be looked up now comes again. */
async function sorted(
  found: readonly Found[],
  { names }: Surroundings,
  into: { ports: DetectPorts; failed: Set<number> },
): Promise<Map<string, Found[]>> {
  const byToken = new Map<string, Found[]>();
  for (const one of found) {
    try {
      const tokenId = await names.tokenIdOf(one.access.target, one.access.region);
      if (tokenId !== undefined) byToken.set(tokenId, [...(byToken.get(tokenId) ?? []), one]);
    } catch (error) {
      into.ports.log.warn('the secret that an event names could not be looked up', {
        reason: reasonOf(error),
      });
      into.failed.add(one.place);
    }
  }
  return byToken;
}
