import { consumerText } from '../../../functions/core/consumers/consumers.ts';
import type { Consumer } from '../../../functions/core/consumers/consumer-state.ts';
import { arrivedAt, pendingDeliveryOf } from '../../../functions/core/delivery/deliveries.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { actorText } from '../tokens/actor.ts';
import type { Column } from '../output/screen.ts';
import type { Row } from '../output/tables.ts';
import { iso } from '../output/instants.ts';
import { fromNow } from '../output/words.ts';
import type { ConsumerJson } from '../json/consumers.ts';

export const CONSUMER_COLUMNS: readonly Column[] = [
  { title: 'CONSUMER' },
  { title: 'KIND AND TARGET' },
  { title: 'CURRENT CREDENTIAL' },
];

export function consumerView(token: Token, one: Consumer): ConsumerJson {
  const pending = pendingDeliveryOf(token, one)?.delivery;
  return {
    name: one.name,
    kind: one.kind,
    target: one.target,
    currentSince: iso(arrivedAt(token, one)),
    delivery: pending ? { state: pending.state, problem: pending.problem?.message ?? null } : null,
    confirmedBy: one.acknowledged ? actorText(one.acknowledged.by) : null,
    versions: runningOf(one),
  };
}

/** One consumer of a token, with what is known under its row. */
export function consumerRow(token: Token, one: Consumer, now: Instant): Row {
  const arrived = arrivedAt(token, one);
  const cells = [
    { text: one.name },
    { text: consumerText(one) },
    { text: arrived === undefined ? 'not known' : `since ${fromNow(arrived, now)}` },
  ];
  return { cells, notes: notesOf(token, one, now) };
}

function notesOf(token: Token, one: Consumer, now: Instant): string[] {
  const pending = pendingDeliveryOf(token, one)?.delivery;
  const running = runningOf(one);
  return [
    ...(pending
      ? [`Delivery ${pending.state}${pending.problem ? `: ${pending.problem.message}` : '.'}`]
      : []),
    ...(one.acknowledged
      ? [
          `${actorText(one.acknowledged.by)} confirmed ${fromNow(one.acknowledged.at, now)} that it ` +
            `uses ${one.acknowledged.credentialId}.`,
        ]
      : []),
    ...(running.length > 0 ? [`Versions recorded as running: ${running.join(', ')}.`] : []),
  ];
}

function runningOf(one: Consumer): string[] {
  return (one.uses ?? []).filter((use) => use.releasedAt === undefined).map((use) => use.version);
}
