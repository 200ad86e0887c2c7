import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { HOUR } from '../../../functions/core/basics/time.ts';
import type { CliPorts, CommandContext } from '../command-line/command.ts';
import type { Subscribed } from '../aws/topics.ts';

/** A pass of reconcile looks at the subscriptions, and the settings let at most four hours be between two. */
const LOOKED_WITHIN = 5 * HOUR;

/**
 * Says that alerts of the installation reach nobody, where no pass of reconcile has looked yet: what a pass
 * found is a finding. A caller who may not see the subscriptions is told nothing.
 */
export async function warnWithoutReceivers(
  ports: CliPorts,
  { err }: Pick<CommandContext, 'err'>,
): Promise<void> {
  const pass = await ports.inventory.lastPass();
  if (pass !== undefined && (await ports.now()) - pass.startedAt < LOOKED_WITHIN) return;
  const topics = await topicsOf(ports);
  // The queue of the function `chat` gets alerts only to pass them on to the other topic.
  const isHeard =
    topics?.some(
      ({ state, endpoint }) =>
        state === 'confirmed' && !endpoint.endsWith(`:keyturn-${ports.installation}-chat`),
    ) ?? true;
  if (!isHeard)
    err.line(
      'Alerts reach no address: no subscription to them is confirmed. `keyturn alerts list` lists them; ' +
        'addresses are named under alerts in keyturn.json.',
      'warn',
    );
}

async function topicsOf({ topics }: CliPorts): Promise<readonly Subscribed[] | undefined> {
  try {
    return await topics.list();
  } catch (error) {
    if (error instanceof KeyturnError) return undefined;
    throw error;
  }
}
