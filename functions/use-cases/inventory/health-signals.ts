import type { Command } from '../../core/commands/commands.ts';
import { CUSTOM_SIGNAL, type Watcher } from '../../core/rotation/health-signals.ts';
import type { AlarmReads } from '../../core/ports/alarm-reads.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { MINUTE, type Instant } from '../../core/basics/time.ts';

export type HealthPorts = Pick<Ports, 'inventory' | 'commands' | 'log' | 'now'> & {
  readonly alarms: AlarmReads;
};

/** Comes back to its queue a few times, and is dropped before it would be given up there. */
const COMMAND_LIFE = 22 * MINUTE;

/**
 * What an event says of the health of consumers: an alarm that may have gone off, or a signal of the
 * account's own.
 */
export type HealthEvent =
  | { readonly kind: 'alarm'; readonly name: string }
  | { readonly kind: 'custom'; readonly signal: string; readonly at: Instant };

/**
 * Tells the worker functions of the tokens that watch a signal. Of an alarm the event only says where to
 * look: its state and since when it has it are read from CloudWatch. An alarm that is over, or that went off
 * outside the watch, starts nothing. Errors: `aws-failed`.
 */
export async function heed(event: HealthEvent, ports: HealthPorts): Promise<void> {
  const signal = event.kind === 'alarm' ? event.name : CUSTOM_SIGNAL + event.signal;
  const watchers = await ports.inventory.watchers(signal, ports.now());
  if (watchers.length === 0) return;
  const firedAt =
    event.kind === 'alarm' ? await firingSince(event.name, ports) : Math.min(event.at, ports.now());
  const concerned =
    firedAt === undefined ? [] : watchers.filter((one) => one.from <= firedAt && firedAt <= one.until);
  ports.log.info('a health signal was seen', {
    signal,
    watchers: watchers.length,
    concerned: concerned.length,
  });
  if (firedAt === undefined) return;
  for (const [provider, tokens] of Map.groupBy(concerned, (one) => one.provider))
    await ports.commands.send(
      provider,
      tokens.map((one) => withdrawing(one, { signal, firedAt, now: ports.now() })),
    );
}

async function firingSince(name: string, ports: HealthPorts): Promise<Instant | undefined> {
  // An alarm can be called like a custom signal; that name is none of an alarm's then.
  const found = name.startsWith(CUSTOM_SIGNAL) ? undefined : await ports.alarms.alarm(name);
  return found?.isFiring ? found.since : undefined;
}

function withdrawing(
  { tokenId, credentialId }: Watcher,
  seen: { signal: string; firedAt: Instant; now: Instant },
): Command {
  return {
    kind: 'withdraw',
    tokenId,
    credentialId,
    signal: seen.signal,
    firedAt: seen.firedAt,
    notAfter: seen.now + COMMAND_LIFE,
  };
}
