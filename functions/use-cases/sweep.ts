import type { Command, DeliverCommand } from '../core/commands.ts';
import { withoutCourier } from '../core/deliveries.ts';
import { plan, type Action } from '../core/plan.ts';
import type { Ports } from '../core/ports.ts';
import { openAttempt, type Token } from '../core/token.ts';
import { MINUTE, SECOND } from '../core/time.ts';
import { startRotation, withNewAttempt } from './start-rotation.ts';
import { change, reasonOf, type StorePorts } from './store.ts';

/** A token whose commands were handed out is not looked at again for so long, unless its record changes before. */
export const REST = 8 * MINUTE;
/** A command not carried out by then is sent anew by a later sweep. */
const COMMAND_LIFE = 12 * MINUTE;
/** Tokens looked at in one go; the next run takes the rest, earliest due first. */
const MOST_AT_ONCE = 500;
/** RotateSecret calls share 50 a second with the whole account; Keyturn takes a tenth. */
const STARTS_PER_SECOND = 5;
/** What is kept back of the invocation's time. */
const RESERVE = 30 * SECOND;

export type SweepPorts = StorePorts & Pick<Ports, 'secrets' | 'commands' | 'deliveries' | 'timeLeft' | 'sleep'>;

export interface SweepReport {
  readonly looked: number;
  readonly started: number;
  readonly commands: number;
  /** Tokens that could not be handed out, or whose facts could not be told. */
  readonly failed: number;
}

/** Finds what is due and hands it out: rotations to Secrets Manager, all else to the act functions. Decides nothing that is not in the record. */
export async function sweep(limits: { startsPerSweep: number }, ports: SweepPorts): Promise<SweepReport> {
  const ids = await ports.inventory.due(ports.now(), MOST_AT_ONCE);
  let report: SweepReport = { looked: 0, started: 0, commands: 0, failed: 0 };
  for (const id of ids) {
    if (ports.timeLeft() < RESERVE) break;
    const mayStart = report.started < limits.startsPerSweep;
    try {
      const done = await handOut(id, mayStart, ports);
      report = { looked: report.looked + 1, started: report.started + done.started, commands: report.commands + done.commands, failed: report.failed + done.untold };
      if (done.started > 0) await ports.sleep(SECOND / STARTS_PER_SECOND);
    } catch (error) {
      report = { ...report, failed: report.failed + 1 };
      ports.log.error('a token could not be swept', { tokenId: id, reason: reasonOf(error) });
    }
  }
  return report;
}

async function handOut(tokenId: string, mayStart: boolean, ports: SweepPorts): Promise<{ started: number; commands: number; untold: number }> {
  const now = ports.now();
  let actions: Action[] = [];
  let attemptId: string | undefined;
  const { token: saved } = await change(tokenId, ports, (found) => {
    const token = withoutCourier(found, (kind) => ports.deliveries.takes(kind), now);
    actions = plan(token, ports.descriptor(token.provider), now);
    const rotation = actions.find((action) => action.kind === 'rotate');
    const opened = rotation && mayStart && !openAttempt(token) ? withNewAttempt(token, rotation, now, 'keyturn') : undefined;
    attemptId = opened?.attemptId;
    return { ...(opened?.token ?? token), restUntil: now + REST };
  });
  const commands = actions.flatMap((action) => commandFor(action, saved, now));
  if (commands.length > 0) await ports.commands.send(saved.provider, commands);
  const deliveries = actions.flatMap((action): DeliverCommand[] => (action.kind === 'deliver' ? [{ kind: 'deliver', tokenId, notAfter: now + COMMAND_LIFE, consumer: action.consumer }] : []));
  if (deliveries.length > 0) await ports.deliveries.send(deliveries);
  const started = attemptId !== undefined && (await startRotation(saved, attemptId, ports));
  return { started: started ? 1 : 0, commands: commands.length + deliveries.length, untold: saved.outbox.length > 0 ? 1 : 0 };
}

function commandFor(action: Action, token: Token, now: number): Command[] {
  const head = { tokenId: token.id, notAfter: now + COMMAND_LIFE };
  switch (action.kind) {
    case 'settle':
      return [{ ...head, kind: 'settle', attemptId: action.attemptId }];
    case 'retire':
      return [{ ...head, kind: 'retire', generationId: action.generationId }];
    case 'rollback':
      return [{ ...head, kind: 'rollback', generationId: action.generationId }];
    case 'inspect':
      return [{ ...head, kind: 'inspect', secretArn: token.secretArn }];
    case 'rotate':
    case 'deliver':
    case 'tell':
      return [];
  }
}
