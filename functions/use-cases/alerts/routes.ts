import type { InstallationRecord } from '../../core/inventory/installation.ts';
import type { Observation } from '../../core/findings/findings.ts';
import { noting, unnoted } from '../../core/findings/reported-findings.ts';
import type { Subscriptions } from '../../core/ports/alert-topic.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { CANARY_SUBJECT } from '../../core/inventory/canary.ts';
import { brokenRoutes, type Route } from '../../core/alerts/routes.ts';
import { changeInstallationRecord, type InstallationRecordPorts } from '../inventory/installation.ts';
import { reasonOf } from '../inventory/store.ts';

export type RoutePorts = InstallationRecordPorts &
  Pick<Ports, 'now'> & { readonly subscriptions: Subscriptions };

/** The topic for alerts, and who is to be subscribed to it. */
export interface Told {
  readonly topicArn: string;
  readonly routes: readonly Route[];
}

const KIND = 'alert-subscription-unhealthy';

/**
 * Holds the subscriptions of the topic for alerts against those that were deployed: who is not notified, who
 * can be, and whose findings reach no person is a finding of the installation. Resolves to whether they could
 * be looked at; what could not be is left as it was.
 */
export async function examineRoutes(to: Told, ports: RoutePorts): Promise<boolean> {
  try {
    const wrong = await faultsOf(to, ports);
    await changeInstallationRecord(ports, (installationRecord) =>
      saying(installationRecord, wrong, ports.now()),
    );
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
function saying(
  installationRecord: InstallationRecord,
  wrong: readonly Observation[],
  now: number,
): InstallationRecord {
  const mended = installationRecord.noted.filter(
    ({ kind, subject }) =>
      kind === KIND && subject !== CANARY_SUBJECT && !wrong.some((one) => one.subject === subject),
  );
  const rest = mended.reduce((doing, { subject }) => unnoted(doing, KIND, subject), installationRecord);
  return wrong.reduce((doing, one) => noting(doing, one, { now }), rest);
}
