import { accessesIn, inOrder, searchIn, type Access } from '../../core/detection/access.ts';
import { judge, type Verdict } from '../../core/detection/judge.ts';
import { withUnusual, type Seen } from '../../core/detection/anomaly-findings.ts';
import type { Home } from '../../core/detection/principal.ts';
import type { TrailEvent } from '../../core/detection/trail-event.ts';
import type { Circumstances } from '../../core/detection/anomaly.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { isRotationFunction } from '../../core/basics/names.ts';
import type { LoadedBaseline } from '../../core/ports/baselines.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { change, reasonOf, type StorePorts } from '../inventory/store.ts';
import { noteShown } from '../inventory/trail-health.ts';
import { noteKeys } from './kms-keys.ts';
import { overAll, type OverAll } from './installation-wide.ts';
import type { SecretNames } from './secret-names.ts';

export type DetectPorts = StorePorts & Pick<Ports, 'installation'>;

/** What detection knows beside its ports. */
export interface Surroundings {
  readonly names: SecretNames;
  /** The IAM path of the roles that read secrets for Keyturn. */
  readonly rolePath: string;
  /** ARNs of the KMS keys that something of Keyturn's or of its tokens is under. */
  readonly keys: readonly string[];
}

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

/** A token that somebody touched, and what its habits say of it. */
interface Judged {
  readonly loaded: Loaded;
  readonly known: LoadedBaseline | undefined;
  readonly accesses: readonly Access[];
  readonly verdict: Verdict;
}

const TRIES = 5;

/**
 * Holds a batch of CloudTrail's events against the habits of the tokens that they name: first each token alone, then what somebody did to many of them. What is one thing over many
 * tokens is told once, by the installation. Findings are written first, then the habits, once for each token and batch: a crash between them, like events that come twice or late,
 * changes nothing. One token that cannot be judged holds up no other.
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
  const byToken = await sorted(
    found.filter(({ access }) => !access.isOwn && !isOfKey(access)),
    around,
    { ports, failed },
  );
  const each = async <T>(tokenId: string, run: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await run();
    } catch (error) {
      ports.log.error('the calls on a token could not be judged', { tokenId, reason: reasonOf(error) });
      for (const { place } of byToken.get(tokenId) ?? []) failed.add(place);
      return undefined;
    }
  };
  const judged: Judged[] = [];
  for (const [tokenId, ofToken] of byToken) {
    const one = await each(tokenId, () =>
      judgedBy(
        tokenId,
        ofToken.map(({ access }) => access),
        ports,
      ),
    );
    if (one) judged.push(one);
  }
  const searches = events
    .flatMap((event, place) => ({ search: searchIn(event, home), place }))
    .flatMap(({ search, place }) => (search ? [{ search, place }] : []));
  const all = await overAll(
    judged.map(({ loaded, verdict }) => ({ token: loaded.token, unusual: verdict.unusual })),
    searches.map(({ search }) => search),
    ports,
  );
  if (!all) for (const { place } of searches) failed.add(place);
  let unusual = 0;
  for (const one of judged) unusual += (await each(one.loaded.token.id, () => written(one, all, ports))) ?? 0;
  const ofKeys = found.filter(({ access }) => isOfKey(access));
  if (!(await noteKeys(inOrder(ofKeys.map(({ access }) => access)), around.keys, ports)))
    for (const { place } of ofKeys) failed.add(place);
  await noteShown(
    found.map(({ access }) => access),
    ports,
  );
  const accesses = [...byToken.values()].reduce((sum, ofToken) => sum + ofToken.length, 0);
  return { events: events.length, accesses, tokens: byToken.size, unusual, failed };
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

async function judgedBy(
  tokenId: string,
  accesses: readonly Access[],
  ports: DetectPorts,
): Promise<Judged | undefined> {
  const loaded = await ports.inventory.load(tokenId);
  if (!loaded || loaded.token.detachedAt !== undefined) return undefined;
  const known = await ports.inventory.loadBaseline(tokenId);
  return {
    loaded,
    known,
    accesses,
    verdict: judge(loaded.token, known?.baseline, accesses, aboutOf(loaded, ports)),
  };
}

function aboutOf({ token }: Loaded, { installation }: DetectPorts): Circumstances {
  return {
    region: installation.region,
    isRotationFunction: (arn) => isRotationFunction(arn, installation, token.provider),
  };
}

/** Writes what a token's habits said; again from a fresh read, if somebody else wrote them meanwhile. Errors: `conflict` after several tries, or when what is over all tokens could not be noted. */
async function written(
  { loaded, known, accesses, verdict }: Judged,
  all: OverAll | undefined,
  ports: DetectPorts,
): Promise<number> {
  let [latest, said] = [known, verdict];
  for (let tried = 1; ; tried++) {
    if (said.baseline === undefined || said.baseline === latest?.baseline) return 0;
    await note(loaded, { unusual: seenBy(loaded, said, all), over: said.over }, ports);
    try {
      await ports.inventory.saveBaseline(said.baseline, latest?.revision ?? 0);
      return said.unusual.length;
    } catch (error) {
      if (!(error instanceof KeyturnError && error.code === 'conflict') || tried >= TRIES) throw error;
    }
    latest = await ports.inventory.loadBaseline(loaded.token.id);
    said = judge(loaded.token, latest?.baseline, accesses, aboutOf(loaded, ports));
  }
}

/** What is told over all tokens is only noted at each of them. */
function seenBy({ token }: Loaded, { unusual }: Verdict, all: OverAll | undefined): Seen[] {
  return unusual.map((one) => {
    if (one.sight === undefined) return one;
    if (!all)
      throw new KeyturnError(
        'conflict',
        'What was done to several tokens could not be noted; it is judged again.',
      );
    const toldBy = all.tellsOf(one.kind, one.sight.principal, token.id);
    return toldBy === undefined ? one : { ...one, toldBy };
  });
}

/** The record is written only if it does not say so yet. */
async function note(
  loaded: Loaded,
  seen: { unusual: readonly Seen[]; over: Verdict['over'] },
  ports: DetectPorts,
): Promise<void> {
  if (withUnusual(loaded.token, seen, ports.now()) === loaded.token) return;
  await change(loaded, ports, (token) => withUnusual(token, seen, ports.now()));
}
