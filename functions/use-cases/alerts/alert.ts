import { joined } from '../../core/alerts/digest.ts';
import type { FindingFact } from '../../core/findings/events.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { findingKey } from '../../core/findings/findings.ts';
import { attributesOf, findingWords } from '../../core/alerts/messages.ts';
import type { Waiting, WaitingList } from '../../core/alerts/notices.ts';
import type { AlertMessage } from '../../core/alerts/alert-message.ts';
import type { AlertLedger } from '../../core/ports/alert-ledger.ts';
import type { AlertTopic } from '../../core/alerts/alert-message.ts';
import type { AlertContext } from '../../core/alerts/origin.ts';
import type { Log } from '../../core/ports/log.ts';
import { tellAt, type Habits } from '../../core/alerts/notification-times.ts';
import type { Instant, Millis } from '../../core/basics/time.ts';
import { stepNow, wantsPerson, type Step, type StepPorts, type Where } from '../inventory/steps.ts';

export interface AlertPorts extends StepPorts {
  readonly ledger: AlertLedger;
  readonly topic: AlertTopic;
  readonly log: Log;
  readonly now: () => Instant;
  /**
   * The page whose sections are the runbook; undefined where there is none but the one that Keyturn came
   * with.
   */
  readonly runbookUrl: string | undefined;
  readonly habits: Habits;
  /**
   * People are reminded of a critical finding after this long, unless somebody has acknowledged it; undefined
   * for never.
   */
  readonly remindAfter: Millis | undefined;
}

/**
 * Tells people of the step at which a finding is by its record, once: one that was told already is passed
 * over. An event only says where to look, since others than Keyturn may put one on a bus: what no record
 * knows is not told. Steps that were taken before anybody looked are told as the latest. What can wait is put
 * by for a digest. A crash between telling and noting it repeats that one message.
 */
export async function alert(where: Where, ports: AlertPorts): Promise<void> {
  const { ledger, topic, log, now, habits } = ports;
  const step = await stepNow(where, ports);
  if (!step)
    return log.warn('a finding that no record knows was not told', {
      tokenId: where.tokenId.slice(0, 200),
      kind: where.kind,
    });
  const { fact } = step;
  const key = findingKey(fact.tokenId, fact);
  const told = await ledger.told(key);
  if (told >= fact.sequence)
    return log.info('told already', { tokenId: fact.tokenId, kind: fact.kind, sequence: fact.sequence });
  const at = tellAt(fact.severity, now(), habits);
  const isFirst = told < step.openedAt;
  if (at <= now()) {
    await topic.publish(alertMessage(fact, ports));
    await takeOut(key, ports);
    await watch(fact, ports);
  } else if ((isFirst || fact.change !== 'acknowledged') && !(await putBy(step, { at, isFirst }, ports)))
    await topic.publish(alertMessage(fact, ports));
  await ledger.tell(key, fact.sequence, now());
}

/** What people and machines get to read of a step of a finding. */
export function alertMessage(fact: FindingFact, context: AlertContext): AlertMessage {
  return { ...findingWords(fact, context), body: fact, attributes: attributesOf(fact) };
}

/** What is critical waits for a person: it is reminded of until somebody acknowledges it, or it is over. */
async function watch(fact: FindingFact, ports: AlertPorts): Promise<void> {
  const { ledger, now, remindAfter } = ports;
  const key = findingKey(fact.tokenId, fact);
  const known = await entryOf('reminder', key, ports);
  if (known === 'damaged') return;
  if (!wantsPerson(fact)) return known && ledger.unwait('reminder', known);
  if (remindAfter === undefined) return;
  const { sequence, change } = fact;
  await ledger.wait(
    'reminder',
    { key, dueAt: now() + remindAfter, first: { sequence, change }, finding: fact, steps: 0 },
    known,
  );
}

const TRIES = 5;

/**
 * Lets a step wait for the digest; false when what waits there cannot be read. Error: `conflict` when others
 * kept changing the same entry.
 */
async function putBy(
  { fact }: Step,
  { at, isFirst }: { at: Instant; isFirst: boolean },
  ports: AlertPorts,
): Promise<boolean> {
  for (let tried = 0; tried < TRIES; tried++) {
    const known = await entryOf('digest', findingKey(fact.tokenId, fact), ports);
    if (known === 'damaged') return false;
    const entry = joined(known, fact, at, isFirst ? 'opened' : fact.change);
    if (!entry || (await ports.ledger.wait('digest', entry, known))) return true;
  }
  throw new KeyturnError(
    'conflict',
    `What waits for the digest of ${fact.owner} was changed by other runs all the time.`,
  );
}

/** What became urgent was told with it: the digest need not say it again. */
async function takeOut(key: string, ports: AlertPorts): Promise<void> {
  const known = await entryOf('digest', key, ports);
  if (known && known !== 'damaged') await ports.ledger.unwait('digest', known);
}

/**
 * A damaged entry must not keep its finding from being told: it stays where it is, and every round of digests
 * complains of it.
 */
async function entryOf(
  list: WaitingList,
  key: string,
  { ledger, log }: AlertPorts,
): Promise<Waiting | undefined | 'damaged'> {
  try {
    return await ledger.waiting(list, key);
  } catch (error) {
    if (!(error instanceof KeyturnError && error.code === 'record-invalid')) throw error;
    log.error('what waits of a finding cannot be read', { reason: error.message });
    return 'damaged';
  }
}
