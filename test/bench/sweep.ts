import { randomUUID } from 'node:crypto';
import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { dueKeyOf } from '../../functions/adapters/dynamodb/due.ts';
import { dynamodbInventory } from '../../functions/adapters/dynamodb/inventory.ts';
import { lineKeyOf } from '../../functions/adapters/dynamodb/lines.ts';
import { recordKeyOf } from '../../functions/adapters/dynamodb/records.ts';
import type { Item, Table } from '../../functions/adapters/dynamodb/table.ts';
import type { Command } from '../../functions/core/commands/commands.ts';
import { promoted } from '../../functions/core/token/promotion.ts';
import { withAttempt } from '../../functions/core/token/transitions.ts';
import type { SecretStore } from '../../functions/core/ports/secret-store.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { DAY, HOUR, MINUTE, type Instant } from '../../functions/core/basics/time.ts';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { change, type StorePorts } from '../../functions/use-cases/inventory/store.ts';
import { sweep, type SweepPorts } from '../../functions/use-cases/schedules/sweep.ts';
import { localDynamo, type LocalDynamo } from '../adapters/dynalite.ts';
import { aToken } from '../fakes/tokens.ts';

/** Counts are what DynamoDB and the ports were asked for; only `realSeconds` depends on the machine. */
export interface SweepCost {
  readonly tokens: number;
  /** Nine in ten to be inspected, one in ten to be rotated. */
  readonly due: number;
  readonly sweeps: number;
  readonly looked: number;
  readonly started: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly messages: number;
  readonly sends: number;
  /** By the model below, not measured. */
  readonly lambdaSeconds: number;
  readonly realSeconds: number;
}

/**
 * A model of Lambda's time: a record looked at is one read and one write of a few milliseconds each, eight at
 * once; a start is three writes more, and two calls of Secrets Manager. Starts keep their distance of 200 ms
 * on top.
 */
const LOOK_SECONDS = 0.02;
const START_SECONDS = 0.15;
const WIDTH = 8;

const NOW = Date.UTC(2026, 0, 5, 8);
const SWEEP_EVERY = 15 * MINUTE;
/** What the issuer of the tokens bears. */
const INSPECTIONS_PER_MINUTE = 120;
const BATCH = 25;
/** A day of them. */
const MOST_SWEEPS = 96;
/**
 * An eventually consistent read that finds nothing still costs this much (Amazon DynamoDB Developer Guide,
 * "Read consistency and capacity"); dynalite counts nothing.
 */
const LEAST_UNITS = 0.5;

interface Spent {
  read: number;
  write: number;
}

/**
 * What sweeps cost until all that is due is handed out, inspections at the pace of one issuer, in DynamoDB's
 * own units, measured on a local table through the real adapter. The table grows from size to size.
 */
export async function sweepCosts(sizes: readonly number[], dues: readonly number[]): Promise<SweepCost[]> {
  const dynamo = await localDynamo();
  const costs: SweepCost[] = [];
  try {
    const table = await dynamo.table();
    let filled = 0;
    for (const tokens of sizes) {
      await put(table, upTo(tokens, filled), bodiless);
      filled = tokens;
      for (const due of dues) {
        const now = NOW + (costs.length + 1) * DAY;
        await put(table, upTo(due), (index) =>
          itemOf(index % 10 === 0 ? rotationDue(index, now) : inspectionDue(index, now)),
        );
        costs.push(await measure(dynamo, table, { tokens, due }, now));
      }
    }
  } finally {
    await dynamo.close();
  }
  return costs;
}

/** A token that was inspected just now and needs nothing for weeks. */
function resting(index: number, now: Instant): Token {
  // Names of one length: DynamoDB charges a write by the kilobyte, and a record must not cost more for its
  // number.
  const number = String(index).padStart(6, '0');
  const id = `bench/token-${number}-abcdef`;
  const secretArn = `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${id}`;
  const current = {
    id: 'v0',
    versionId: 'v0',
    handle: `h-${number}`,
    origin: 'minted',
    state: 'current',
    issuedAt: now,
    promotedAt: now,
  } as const;
  return aToken({
    id,
    secretArn,
    name: `bench/token-${number}`,
    inspectedAt: now,
    enrolledAt: now,
    credentials: [current],
    dueAt: now + 30 * DAY,
    startAt: now + 30 * DAY,
  });
}

function inspectionDue(index: number, now: Instant): Token {
  return { ...resting(index, now), inspectedAt: now - DAY, dueAt: now - HOUR };
}

function rotationDue(index: number, now: Instant): Token {
  const token = resting(index, now);
  const issued = now - 31 * DAY;
  return {
    ...token,
    enrolledAt: issued,
    credentials: token.credentials.map((one) => ({ ...one, issuedAt: issued, promotedAt: issued })),
    startAt: now - HOUR,
  };
}

/**
 * A record that is not due has its keys only: a sweep that read one would fail, and half a million are
 * written in two minutes.
 */
function bodiless(index: number): Item {
  const { body: _body, ...keys } = itemOf(resting(index, NOW));
  return keys;
}

function itemOf(token: Token): Item {
  return {
    pk: `T#${token.id}`,
    sk: 'META',
    minReader: 1,
    revision: 1,
    body: token,
    writer: 'bench',
    ...recordKeyOf(token),
    ...dueKeyOf(token),
    ...lineKeyOf(token),
  };
}

function* upTo(end: number, from = 0): Iterable<number> {
  for (let index = from; index < end; index++) yield index;
}

/** Several batches at once: half a million items take a few minutes. */
async function put(table: Table, indices: Iterable<number>, made: (index: number) => Item): Promise<void> {
  const source = indices[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let batch = [...taken(source)]; batch.length > 0; batch = [...taken(source)]) {
      const requests = batch.map((index) => ({
        PutRequest: { Item: marshall(made(index), { removeUndefinedValues: true }) },
      }));
      await table.client.send(new BatchWriteItemCommand({ RequestItems: { [table.name]: requests } }));
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}

function* taken(source: Iterator<number>): Iterable<number> {
  for (let count = 0; count < BATCH; count++) {
    const next = source.next();
    if (next.done) return;
    yield next.value;
  }
}

async function measure(
  dynamo: LocalDynamo,
  table: Table,
  size: { tokens: number; due: number },
  now: Instant,
): Promise<SweepCost> {
  const spent: Spent = { read: 0, write: 0 };
  const client = countingClient(dynamo.connect(), spent);
  const run = new Run({ client, name: table.name }, table, now);
  const began = performance.now();
  const sums = { sweeps: 0, looked: 0, started: 0 };
  const handedOut = new Set<number>();
  // A sweep that leaves nothing for later is no end: what has a place in line rests until that comes near.
  for (let isDone = false; !isDone; run.now += SWEEP_EVERY) {
    const report = await sweep(
      { inAll: 100, perIssuer: () => 20, inspectionsPerMinute: () => INSPECTIONS_PER_MINUTE },
      run.ports(),
    );
    if (!report) throw new Error('A sweep found another one at work.');
    const done = run.done();
    for (const index of done) handedOut.add(index);
    await put(table, done, (index) => itemOf(resting(index, now)));
    sums.sweeps++;
    sums.looked += report.looked;
    sums.started += report.started;
    isDone = report.complete && handedOut.size >= size.due;
    if (sums.sweeps >= MOST_SWEEPS)
      throw new Error(`After ${sums.sweeps} sweeps ${handedOut.size} of ${size.due} tokens were handed out.`);
  }
  client.destroy();
  const paced = run.slept / 1_000 + sums.started * START_SECONDS;
  const lambdaSeconds = round(Math.max(paced, (sums.looked * LOOK_SECONDS) / WIDTH));
  return {
    ...size,
    ...sums,
    readUnits: spent.read,
    writeUnits: spent.write,
    messages: run.messages,
    sends: run.sends,
    lambdaSeconds,
    realSeconds: round((performance.now() - began) / 1_000),
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}

/**
 * One sweep after the other. Rotations end at once, inspections before the next sweep, and nothing more comes
 * of either: what is measured is the sweep.
 */
class Run {
  now: Instant;
  slept = 0;
  messages = 0;
  sends = 0;
  #done: number[] = [];
  readonly #counted: Table;
  readonly #plain: StorePorts;

  constructor(counted: Table, plain: Table, now: Instant) {
    this.now = now;
    this.#counted = counted;
    this.#plain = this.#store(plain);
  }

  #store(table: Table): StorePorts {
    return {
      inventory: dynamodbInventory(table, { tableId: async () => 'bench' }),
      bus: { publish: async () => undefined },
      descriptor: (id) => DESCRIPTORS.find((one) => one.id === id),
      log: {
        info: () => undefined,
        warn: () => undefined,
        error: (message) => void process.stderr.write(`${message}\n`),
      },
      now: () => this.now,
    };
  }

  ports(): SweepPorts {
    const end = this.now + 5 * MINUTE;
    return {
      ...this.#store(this.#counted),
      commands: { send: async (_provider, commands) => this.#send(commands) },
      deliveries: { takes: () => false, send: async () => undefined },
      secrets: {
        describe: async () => ({ rotationEnabled: true }),
        startRotation: (arn: string, attemptId: string) => this.#rotate(arn, attemptId),
      } as unknown as SecretStore,
      sleep: async (length) => void ((this.slept += length), (this.now += length)),
      timeLeft: () => end - this.now,
      uuid: randomUUID,
    };
  }

  /** The tokens that were inspected or rotated since this was last asked. */
  done(): readonly number[] {
    return this.#done.splice(0);
  }

  #send(commands: readonly Command[]): void {
    this.sends++;
    this.messages += commands.length;
    for (const one of commands) if (one.kind === 'inspect') this.#done.push(indexOf(one.tokenId));
  }

  async #rotate(arn: string, attemptId: string): Promise<void> {
    const now = this.now;
    const tokenId = arn.split(':').slice(6).join(':');
    this.#done.push(indexOf(tokenId));
    await change(tokenId, this.#plain, (token) => {
      const tested = withAttempt(token, attemptId, (one) => ({
        ...one,
        testedAt: now,
        mints: [{ at: now, handle: attemptId }],
      }));
      return withAttempt(
        promoted(tested, attemptId, { oldVersion: 'v0', now, by: 'bench' }),
        attemptId,
        (one) => ({ ...one, tidy: true }),
      );
    });
  }
}

function indexOf(tokenId: string): number {
  return Number(tokenId.split('-')[1]);
}

/** A client that asks for the consumed capacity of every call and adds it up. */
function countingClient(client: DynamoDBClient, spent: Spent): DynamoDBClient {
  client.middlewareStack.add(
    (next) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const answer = await next(args);
      const output = answer.output as { ConsumedCapacity?: { CapacityUnits?: number } };
      const units = Math.max(output.ConsumedCapacity?.CapacityUnits ?? 0, LEAST_UNITS);
      if ('Item' in args.input || 'UpdateExpression' in args.input) spent.write += units;
      else spent.read += units;
      return answer;
    },
    { step: 'initialize', name: 'countCapacity', override: true },
  );
  return client;
}
