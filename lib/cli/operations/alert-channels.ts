import { findingKey } from '../../../functions/core/findings/findings.ts';
import { INSTALLATION_RECORD_ID } from '../../../functions/core/inventory/installation.ts';
import { testSubject } from '../../../functions/core/inventory/test-alert.ts';
import type { Subscribed } from '../aws/topics.ts';
import type { CliPorts } from '../command-line/command.ts';
import type { ChannelJson } from '../json/operations.ts';

/** How far a test alert has come. */
export interface Progress {
  /** A worker function opened it. */
  readonly isTaken: boolean;
  /** The function `alert` published it to the topic. */
  readonly isPublished: boolean;
  /** The pager and the chat function, where they are deployed, have passed it on. */
  readonly passedOn: Readonly<Record<Relay, boolean>>;
  readonly isComplete: boolean;
}

/** Functions that pass on what the topic has. */
const RELAYS = ['pager', 'chat'] as const;
export type Relay = (typeof RELAYS)[number];

/** What the records say of the test of this request. */
export async function progressOf(
  request: number,
  deployed: readonly Relay[],
  ports: CliPorts,
): Promise<Progress> {
  const finding = { kind: 'test-alert-sent', subject: testSubject(request) } as const;
  const key = findingKey(INSTALLATION_RECORD_ID, finding);
  const { installationRecord } = await ports.inventory.loadInstallationRecord();
  const isTaken = installationRecord.findings.some(
    ({ kind, subject }) => kind === finding.kind && subject === finding.subject,
  );
  const [alert, pager, chat] = await Promise.all([
    ports.lastTold('alert', key),
    ports.lastTold('pager', `pager/${key}`),
    ports.lastTold('chat', `chat/${key}`),
  ]);
  const passedOn = { pager: pager > 0, chat: chat > 0 };
  const isPublished = alert > 0;
  return {
    isTaken,
    isPublished,
    passedOn,
    isComplete: isPublished && deployed.every((relay) => passedOn[relay]),
  };
}

/** Those that are deployed: a queue of theirs is subscribed. */
export async function relaysOf(ports: CliPorts): Promise<Relay[]> {
  const all = await ports.topics.list();
  return RELAYS.filter((relay) => all.some((one) => relayOf(one, ports.installation) === relay));
}

/** The function whose queue a subscription feeds; undefined for every other. */
function relayOf({ endpoint }: Subscribed, installation: string): Relay | undefined {
  return RELAYS.find((relay) => endpoint.endsWith(`:keyturn-${installation}-${relay}`));
}

/** Every subscription to alerts, with what came of the test there. */
export async function channelsOf(
  { isPublished, passedOn }: Progress,
  ports: CliPorts,
): Promise<ChannelJson[]> {
  const all = await ports.topics.list();
  const [alerts] = await ports.topics.arns();
  const stateOf = (one: Subscribed): ChannelJson['state'] => {
    if (one.state !== 'confirmed') return 'unconfirmed';
    const relay = relayOf(one, ports.installation);
    if (relay === 'pager') return passedOn.pager ? 'accepted' : 'pending';
    const isBehindChat = relay === 'chat' || !alerts.endsWith(`:${one.topic}`);
    if (isBehindChat) return passedOn.chat ? 'passed-on' : 'pending';
    return isPublished ? 'published' : 'pending';
  };
  return all
    .filter(({ state }) => state !== 'gone')
    .map((one) => ({ endpoint: one.endpoint, protocol: one.protocol, state: stateOf(one) }));
}
