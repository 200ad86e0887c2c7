import * as z from 'zod';
import type { Command, DeliverCommand } from '../../core/commands/commands.ts';
import { withoutCourier } from '../../core/delivery/delivery-tries.ts';
import { InspectionLines } from '../../core/rotation/inspections.ts';
import { plan, type Action } from '../../core/assessment/due-times.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { StartLimits } from '../../core/rotation/rotation-queue.ts';
import type { Token } from '../../core/token/token.ts';
import { MINUTE, SECOND, type Instant } from '../../core/basics/time.ts';
import { inParallel } from '../commands/in-parallel.ts';
import { Outgoing } from '../commands/outgoing.ts';
import { startDue } from '../rotation/start-due.ts';
import { change, reasonOf, type StorePorts } from '../inventory/store.ts';
import { withLease, type LeasePorts } from '../inventory/lease.ts';

/**
 * A token whose commands were handed out is not looked at again for so long, unless its record changes
 * before.
 */
export const REST = 8 * MINUTE;
/** A command not carried out by then is sent anew by a later sweep. */
const COMMAND_LIFE = 12 * MINUTE;
/** Tokens looked at at once. */
const WIDTH = 8;
/** What is kept back of the invocation's time. */
const RESERVE = 30 * SECOND;

export type SweepPorts = StorePorts &
  LeasePorts &
  Pick<Ports, 'secrets' | 'commands' | 'deliveries' | 'sleep'>;

export interface SweepLimits extends StartLimits {
  readonly inspectionsPerMinute: (provider: string) => number;
}

export interface SweepReport {
  readonly looked: number;
  readonly started: number;
  readonly commands: number;
  /** Rotations that are due and found no room. */
  readonly waiting: number;
  /** Inspections that have a place in their issuer's line, too far ahead to be handed out yet. */
  readonly later: number;
  /** Tokens that could not be handed out, or whose facts could not be told. */
  readonly failed: number;
  /**
   * False when the time was over before all that is due was looked at; the next sweep goes on with the
   * earliest of it.
   */
  readonly complete: boolean;
}

/** What a sweep leaves to the next one: the next place in the line of inspections, by provider. */
const Lines = z.record(z.string(), z.number());

/**
 * Finds what is due and hands it out: rotations to Secrets Manager, all else to the worker functions. Decides
 * nothing that is not in the record. One sweep at a time: resolves to undefined when another one is at work.
 */
export function sweep(limits: SweepLimits, ports: SweepPorts): Promise<SweepReport | undefined> {
  const mayGoOn = (): boolean => ports.timeLeft() >= RESERVE;
  return withLease('sweep', ports, async ({ note }) => {
    const lines = new InspectionLines(ports.now(), limits.inspectionsPerMinute, Lines.safeParse(note).data);
    const [handedOut, starts] = await Promise.allSettled([
      handOut(lines, mayGoOn, ports),
      startDue(limits, mayGoOn, ports),
    ]);
    if (handedOut.status === 'rejected') throw handedOut.reason;
    if (starts.status === 'rejected') throw starts.reason;
    const { looked, commands, later, unsent, troubled, complete } = handedOut.value;
    const { started, waiting, failed } = starts.value;
    return {
      result: {
        looked,
        started,
        commands,
        waiting,
        later,
        failed: new Set([...troubled, ...failed]).size + unsent,
        complete,
      },
      note: lines.left(),
    };
  });
}

interface HandedOut {
  readonly looked: number;
  readonly commands: number;
  readonly later: number;
  readonly unsent: number;
  readonly troubled: ReadonlySet<string>;
  readonly complete: boolean;
}

/**
 * Goes past what cannot be looked at: the front of the queue must not be held by records that cannot be read.
 */
async function handOut(
  lines: InspectionLines,
  mayGoOn: () => boolean,
  ports: SweepPorts,
): Promise<HandedOut> {
  const outgoing = new Outgoing(lines, ports);
  const troubled = new Set<string>();
  const seen = new Set<string>();
  let looked = 0;
  let later = 0;
  const complete = await inParallel(ports.inventory.due(ports.now()), WIDTH, mayGoOn, async (tokenId) => {
    if (seen.has(tokenId)) return;
    seen.add(tokenId);
    try {
      const { saved, isLater } = await look(tokenId, outgoing, ports);
      looked++;
      if (isLater) later++;
      if (saved.outbox.length > 0) troubled.add(tokenId);
    } catch (error) {
      troubled.add(tokenId);
      ports.log.error('a token could not be swept', { tokenId, reason: reasonOf(error) });
    }
  });
  await outgoing.flush();
  return { looked, commands: outgoing.sent, later, unsent: outgoing.failed, troubled, complete };
}

async function look(
  tokenId: string,
  outgoing: Outgoing,
  ports: SweepPorts,
): Promise<{ saved: Token; isLater: boolean }> {
  const now = ports.now();
  let actions: Action[] = [];
  let place: Instant | undefined;
  const { token: saved } = await change(tokenId, ports, (found) => {
    const token = withoutCourier(found, (kind) => ports.deliveries.takes(kind), now);
    actions = plan(token, ports.descriptor(token.provider), now);
    const inspection = actions.find((action) => action.kind === 'inspect');
    if (!inspection) return { ...token, restUntil: now + REST };
    place ??= outgoing.lines.of(token.provider).placeFor(inspection.isUrgent, token.inspectionAt);
    if (!outgoing.lines.isNear(place)) return { ...token, inspectionAt: place, restUntil: now + REST };
    // It is not looked at again before the queue gives it up.
    return { ...token, inspectionAt: undefined, restUntil: now + REST + outgoing.lines.delayUntil(place) };
  });
  const isLater = place !== undefined && !outgoing.lines.isNear(place);
  for (const command of actions.flatMap((action) => commandFor(action, saved, now))) {
    if (command.kind !== 'inspect') await outgoing.add(saved.provider, [command]);
    else if (place !== undefined && !isLater)
      await outgoing.inspect(
        saved.provider,
        { ...command, notAfter: command.notAfter + outgoing.lines.delayUntil(place) },
        place,
      );
  }
  await outgoing.deliver(
    actions.flatMap((action): DeliverCommand[] =>
      action.kind === 'deliver'
        ? [{ kind: 'deliver', tokenId, notAfter: now + COMMAND_LIFE, consumer: action.consumer }]
        : [],
    ),
  );
  return { saved, isLater };
}

function commandFor(action: Action, token: Token, now: number): Command[] {
  const head = { tokenId: token.id, notAfter: now + COMMAND_LIFE };
  switch (action.kind) {
    case 'settle':
      return [{ ...head, kind: 'settle', attemptId: action.attemptId }];
    case 'retire':
      return [{ ...head, kind: 'retire', credentialId: action.credentialId }];
    case 'rollback':
      return [{ ...head, kind: 'rollback', credentialId: action.credentialId }];
    case 'inspect':
      return [{ ...head, kind: 'inspect', secretArn: token.secretArn }];
    case 'rotate':
    case 'deliver':
    case 'tell':
      return [];
  }
}
