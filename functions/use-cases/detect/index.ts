import { accessesIn, inOrder, type Access } from '../../core/detection/access.ts';
import { judge } from '../../core/detection/judge.ts';
import { withUnusual } from '../../core/detection/notes.ts';
import type { Home } from '../../core/detection/principal.ts';
import type { TrailEvent } from '../../core/detection/trail-event.ts';
import type { Circumstances } from '../../core/detection/unusual.ts';
import { KeyturnError } from '../../core/errors.ts';
import { isRotationFunction } from '../../core/names.ts';
import type { Loaded, Ports } from '../../core/ports.ts';
import { change, reasonOf, type StorePorts } from '../store.ts';
import { noteShown } from '../trail.ts';
import { noteKeys } from './keys.ts';
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

const TRIES = 5;

/**
 * Holds a batch of CloudTrail's events against the habits of the tokens that they name. Findings are written first, then the habits, once for each token and batch:
 * a crash between them, like events that come twice or late, changes nothing. One token that cannot be judged holds up no other.
 */
export async function detect(events: readonly TrailEvent[], around: Surroundings, ports: DetectPorts): Promise<DetectReport> {
  const { account, region } = ports.installation;
  const home: Home = { account, region, rolePath: around.rolePath };
  const found = events.flatMap((event, place) => accessesIn(event, home).map((access): Found => ({ access, place })));
  const failed = new Set<number>();
  const byToken = await sorted(found.filter(({ access }) => !access.isOwn && !isOfKey(access)), around, { ports, failed });
  const denials = doorsTried(byToken);
  let unusual = 0;
  for (const [tokenId, ofToken] of byToken) {
    try {
      unusual += await watch(tokenId, ofToken.map(({ access }) => access), denials, ports);
    } catch (error) {
      ports.log.error('the calls on a token could not be judged', { tokenId, reason: reasonOf(error) });
      for (const { place } of ofToken) failed.add(place);
    }
  }
  const ofKeys = found.filter(({ access }) => isOfKey(access));
  if (!(await noteKeys(inOrder(ofKeys.map(({ access }) => access)), around.keys, ports))) for (const { place } of ofKeys) failed.add(place);
  await noteShown(found.map(({ access }) => access), ports);
  const accesses = [...byToken.values()].reduce((sum, ofToken) => sum + ofToken.length, 0);
  return { events: events.length, accesses, tokens: byToken.size, unusual, failed };
}

function isOfKey({ deed }: Access): boolean {
  return deed === 'key-off' || deed === 'key-on';
}

/** By token; a name that cannot be looked up now comes again. */
async function sorted(found: readonly Found[], { names }: Surroundings, into: { ports: DetectPorts; failed: Set<number> }): Promise<Map<string, Found[]>> {
  const byToken = new Map<string, Found[]>();
  for (const one of found) {
    try {
      const tokenId = await names.tokenIdOf(one.access.target, one.access.region);
      if (tokenId !== undefined) byToken.set(tokenId, [...(byToken.get(tokenId) ?? []), one]);
    } catch (error) {
      into.ports.log.warn('the secret that an event names could not be looked up', { reason: reasonOf(error) });
      into.failed.add(one.place);
    }
  }
  return byToken;
}

/** On how many tokens each principal was denied. */
function doorsTried(byToken: ReadonlyMap<string, readonly Found[]>): Map<string, number> {
  const doors = new Map<string, number>();
  for (const ofToken of byToken.values()) {
    const denied = new Set(ofToken.filter(({ access }) => access.isDenied).map(({ access }) => access.principal));
    for (const principal of denied) doors.set(principal, (doors.get(principal) ?? 0) + 1);
  }
  return doors;
}

async function watch(tokenId: string, accesses: readonly Access[], denials: Circumstances['denials'], ports: DetectPorts): Promise<number> {
  const loaded = await ports.inventory.load(tokenId);
  if (!loaded || loaded.token.detachedAt !== undefined) return 0;
  const { region } = ports.installation;
  const about = { region, denials, isRotationFunction: (arn: string) => isRotationFunction(arn, ports.installation, loaded.token.provider) };
  for (let tried = 1; ; tried++) {
    const known = await ports.inventory.loadBaseline(tokenId);
    const verdict = judge(loaded.token, known?.baseline, accesses, about);
    if (verdict.baseline === undefined || verdict.baseline === known?.baseline) return 0;
    await note(loaded, verdict, ports);
    try {
      await ports.inventory.saveBaseline(verdict.baseline, known?.revision ?? 0);
      return verdict.unusual.length;
    } catch (error) {
      if (!(error instanceof KeyturnError && error.code === 'conflict') || tried >= TRIES) throw error;
    }
  }
}

/** The record is written only if it does not say so yet. */
async function note(loaded: Loaded, verdict: ReturnType<typeof judge>, ports: DetectPorts): Promise<void> {
  if (withUnusual(loaded.token, verdict, ports.now()) === loaded.token) return;
  await change(loaded, ports, (token) => withUnusual(token, verdict, ports.now()));
}
