import { plan } from '../../core/assessment/due-times.ts';
import type { Ports } from '../../core/ports/ports.ts';
import {
  StartLine,
  type StartLimits,
  type UnderWay,
  type Startable,
} from '../../core/rotation/rotation-queue.ts';
import { openAttempt } from '../../core/token/lookups.ts';
import { MINUTE, SECOND, type Instant } from '../../core/basics/time.ts';
import { startRotation, withNewAttempt } from './start-rotation.ts';
import { change, reasonOf, type StorePorts } from '../inventory/store.ts';

/**
 * RotateSecret and CancelRotateSecret share 50 calls a second in an account (Secrets Manager User Guide,
 * "Quotas"); Keyturn takes a tenth.
 */
const BETWEEN_STARTS = SECOND / 5;
/** How often it is asked whether a rotation ended and made room. */
const LOOK_AGAIN = 5 * SECOND;
/** Without any room for so long, the rest is left to the next sweep. */
const PATIENCE = MINUTE;
/** The index tells of a new attempt within this time, usually within a second. */
const INDEX_LAG = 15 * SECOND;

export type StartPorts = StorePorts & Pick<Ports, 'secrets' | 'sleep'>;

export interface Starts {
  readonly started: number;
  /** Rotations that found no room, or no time. */
  readonly waiting: number;
  /** Tokens whose rotation could not be tried. */
  readonly failed: readonly string[];
}

/**
 * Starts rotations that are due, one after the other, as long as there is room for them and `mayGoOn`. Those
 * that find none stay where they are, and cost nothing.
 */
export async function startDue(
  limits: StartLimits,
  mayGoOn: () => boolean,
  ports: StartPorts,
): Promise<Starts> {
  const line = new StartLine();
  for await (const one of ports.inventory.startable(ports.now())) {
    line.add(one);
    if (!mayGoOn()) break;
  }
  const failed: string[] = [];
  let started = 0;
  for await (const next of taken(line, limits, mayGoOn, ports)) {
    try {
      if (await start(next.tokenId, ports)) started++;
    } catch (error) {
      failed.push(next.tokenId);
      ports.log.error('a rotation could not be started', { tokenId: next.tokenId, reason: reasonOf(error) });
    }
  }
  return { started, waiting: line.size, failed };
}

/**
 * Takes from the line what has room, each with its distance to the one before, also to the last one of an
 * earlier sweep.
 */
async function* taken(
  line: StartLine,
  limits: StartLimits,
  mayGoOn: () => boolean,
  ports: StartPorts,
): AsyncIterable<Startable> {
  const ours = new Map<UnderWay, Instant>();
  let seen: readonly UnderWay[] | undefined;
  let roomAt = ports.now();
  while (line.size > 0 && mayGoOn() && ports.now() - roomAt < PATIENCE) {
    seen ??= await lookAround(ours, ports);
    const next = line.take([...seen, ...ours.keys()], limits);
    if (next) {
      await ports.sleep(BETWEEN_STARTS);
      roomAt = ports.now();
      ours.set(next, roomAt);
      yield next;
    } else {
      await ports.sleep(LOOK_AGAIN);
      seen = undefined;
    }
  }
}

/**
 * What the index tells of, but for our own latest starts: it may not know of them yet, and each counts once.
 */
async function lookAround(ours: Map<UnderWay, Instant>, ports: StartPorts): Promise<UnderWay[]> {
  for (const [one, at] of ours) if (ports.now() - at >= INDEX_LAG) ours.delete(one);
  const latest = new Set([...ours.keys()].map((one) => one.tokenId));
  return (await ports.inventory.underWay(ports.now())).filter((one) => !latest.has(one.tokenId));
}

/**
 * Writes the attempt down, then asks for it. Whether a rotation is due is decided on the record alone: the
 * line may be behind it.
 */
async function start(tokenId: string, ports: StartPorts): Promise<boolean> {
  const now = ports.now();
  let attemptId: string | undefined;
  const { token: saved } = await change(tokenId, ports, (token) => {
    attemptId = undefined;
    const rotation = plan(token, ports.descriptor(token.provider), now).find(
      (action) => action.kind === 'rotate',
    );
    // Saved all the same, so that its place in the line is what its record says.
    if (!rotation || openAttempt(token)) return { ...token };
    const opened = withNewAttempt(token, rotation, now, 'keyturn');
    attemptId = opened.attemptId;
    return opened.token;
  });
  return attemptId !== undefined && startRotation(saved, attemptId, ports);
}
