import {
  CANARY_SUBJECT,
  canaryArrived,
  canaryLost,
  canarySent,
  isCanaryDue,
  type Canary,
} from '../../core/inventory/canary.ts';
import type { InstallationRecord } from '../../core/inventory/installation.ts';
import { noting, unnoted } from '../../core/findings/reported-findings.ts';
import type { AlertLedger } from '../../core/ports/alert-ledger.ts';
import type { CanaryWay } from '../../core/ports/alert-topic.ts';
import type { Inventory } from '../../core/ports/inventory.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Instant } from '../../core/basics/time.ts';
import { changeInstallationRecord, type InstallationRecordPorts } from '../inventory/installation.ts';
import { reasonOf } from '../inventory/store.ts';

export type CanaryPorts = InstallationRecordPorts & Pick<Ports, 'uuid'> & { readonly canaries: CanaryWay };

/**
 * How the way of a finding is: `open` as far as anybody knows, `closed` where canaries got lost on it,
 * `unknown` where that could not be seen.
 */
export type WayIs = 'open' | 'closed' | 'unknown';

/**
 * Sends the canary of the day on its way, another one an hour later if it has not arrived, and then one an
 * hour until one does. That two got lost is a finding of the installation, and is over with the next that
 * arrives. The finding goes the same way: whoever calls this has to let something else tell of `closed` and
 * `unknown`, and of not being called.
 */
export async function tendCanary(ports: CanaryPorts): Promise<WayIs> {
  try {
    const [id, now] = [ports.uuid(), ports.now()];
    const { canary } = await changeInstallationRecord(ports, (installationRecord) =>
      judged(
        isCanaryDue(installationRecord, now) ? canarySent(installationRecord, id, now) : installationRecord,
        now,
      ),
    );
    if (canary?.id === id) await send({ type: 'canary', id, at: now }, ports);
    return canary && canaryLost({ canary }) ? 'closed' : 'open';
  } catch (error) {
    ports.log.error('whether canaries arrive could not be seen', { reason: reasonOf(error) });
    return 'unknown';
  }
}

/** One that cannot be sent is one that does not arrive. */
async function send(canary: Canary, { canaries, log }: CanaryPorts): Promise<void> {
  try {
    await canaries.send(canary);
  } catch (error) {
    log.error('a canary could not be sent', { reason: reasonOf(error) });
  }
}

/**
 * Notes that a canary came out at the end. One that Keyturn did not send last is passed over: whoever may
 * send to the queue could have written it. Errors: those of the record.
 */
export async function noteCanary(id: string, ports: InstallationRecordPorts): Promise<void> {
  const now = ports.now();
  const { canary } = await changeInstallationRecord(ports, (installationRecord) =>
    judged(canaryArrived(installationRecord, id, now), now),
  );
  if (canary?.id !== id) ports.log.warn('a canary that is not awaited was passed over');
}

function judged(installationRecord: InstallationRecord, now: Instant): InstallationRecord {
  const lost = canaryLost(installationRecord);
  return lost
    ? noting(installationRecord, lost, { now })
    : unnoted(installationRecord, 'alert-subscription-unhealthy', CANARY_SUBJECT);
}

/** What the alert function needs for it: what it needs for a finding, but for the people. */
export interface PassOnPorts {
  readonly inventory: Pick<Inventory, 'loadInstallationRecord'>;
  readonly ledger: Pick<AlertLedger, 'told' | 'tell'>;
  readonly canaries: CanaryWay;
  readonly log: Log;
  readonly now: () => Instant;
}

/** Under which the ledger has it: no finding is called so. */
const TOLD_AS = 'canary';

/**
 * Does with a canary what {@link alert} does with a finding: holds it against the record, passes it on to its
 * topic, and remembers that, each step once. Errors: those of the records and of the topic.
 */
export async function passOnCanary(
  { id }: Pick<Canary, 'id'>,
  { inventory, ledger, canaries, log, now }: PassOnPorts,
): Promise<void> {
  const { canary } = (await inventory.loadInstallationRecord()).installationRecord;
  if (canary?.id !== id) return log.warn('a canary that no record knows was not passed on');
  if ((await ledger.told(TOLD_AS)) >= canary.sentAt) return log.info('a canary was passed on already');
  await canaries.send({ type: 'canary', id, at: canary.sentAt });
  await ledger.tell(TOLD_AS, canary.sentAt, now());
}
