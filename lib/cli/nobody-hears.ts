import { KeyturnError } from '../../functions/core/errors.ts';
import type { Estate } from '../../functions/core/estate.ts';
import type { CliPorts, CommandContext } from './command.ts';
import type { Subscribed } from './topics.ts';
import { openFindings } from './views.ts';

/** Says that alerts of the installation reach nobody, where no finding says so yet: reconcile finds it within the hour. Who may not see the subscriptions is told nothing. */
export async function warnWhereNobodyHears(own: Estate, ports: CliPorts, { err }: Pick<CommandContext, 'err'>): Promise<void> {
  if (openFindings(own).some(({ kind, subject }) => kind === 'alert-route-broken' && subject === 'nobody')) return;
  const topics = await topicsOf(ports);
  // The queue of the function `chat` hears only to tell on to the other topic.
  const isHeard = topics?.some(({ state, endpoint }) => state === 'confirmed' && !endpoint.endsWith(`:keyturn-${ports.installation}-chat`)) ?? true;
  if (!isHeard) err.line('Alerts reach nobody: no subscription to them is confirmed. `keyturn alerts list` lists them; addresses are named under alerts in keyturn.json.', 'warn');
}

async function topicsOf({ topics }: CliPorts): Promise<readonly Subscribed[] | undefined> {
  try {
    return await topics.list();
  } catch (error) {
    if (error instanceof KeyturnError) return undefined;
    throw error;
  }
}
