import type { Estate } from '../core/estate.ts';
import type { Observation } from '../core/findings.ts';
import { noting, unnoted } from '../core/noted.ts';
import type { Ports, Subscriptions } from '../core/ports.ts';
import { CANARY_SUBJECT } from '../core/alerts/canary.ts';
import { brokenRoutes, type Route } from '../core/alerts/routes.ts';
import { changeEstate, type EstatePorts } from './estate.ts';
import { reasonOf } from './store.ts';

export type RoutePorts = EstatePorts & Pick<Ports, 'now'> & { readonly subscriptions: Subscriptions };

/** The topic for alerts, and who is to be subscribed to it. */
export interface Told {
  readonly topicArn: string;
  readonly routes: readonly Route[];
}

const KIND = 'alert-route-broken';

/**
 * Holds the subscriptions of the topic for alerts against those that were deployed: who hears nothing, who can be made to, and of whom nobody hears is a finding of the installation.
 * Resolves to whether they could be looked at; what could not be is left as it was.
 */
export async function examineRoutes(to: Told, ports: RoutePorts): Promise<boolean> {
  try {
    const wrong = await faultsOf(to, ports);
    await changeEstate(ports, (estate) => saying(estate, wrong, ports.now()));
    return true;
  } catch (error) {
    ports.log.error('who is subscribed to alerts could not be seen', { reason: reasonOf(error) });
    return false;
  }
}

async function faultsOf({ topicArn, routes }: Told, ports: RoutePorts): Promise<Observation[]> {
  const seen = await ports.subscriptions.of(topicArn);
  const listeners = new Map<string, number>();
  for (const { on } of routes)
    if (on !== undefined)
      listeners.set(
        on,
        (await ports.subscriptions.of(on)).filter(({ state }) => state === 'confirmed').length,
      );
  return brokenRoutes(routes, seen, listeners);
}

/** What is noted of canaries is not for subscriptions to say. */
function saying(estate: Estate, wrong: readonly Observation[], now: number): Estate {
  const mended = estate.noted.filter(
    ({ kind, subject }) =>
      kind === KIND && subject !== CANARY_SUBJECT && !wrong.some((one) => one.subject === subject),
  );
  const rest = mended.reduce((doing, { subject }) => unnoted(doing, KIND, subject), estate);
  return wrong.reduce((doing, one) => noting(doing, one, { now }), rest);
}
