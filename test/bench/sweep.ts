import { randomUUID } from 'node:crypto';
import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { dynamodbInventory } from '../../functions/adapters/dynamodb-inventory.ts';
import type { Table } from '../../functions/adapters/dynamodb-table.ts';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { sweep, type SweepPorts } from '../../functions/use-cases/sweep.ts';
import type { Token } from '../../functions/core/token.ts';
import { DAY, HOUR } from '../../functions/core/time.ts';
import { localDynamo } from '../adapters/dynalite.ts';
import { aToken } from '../fakes/tokens.ts';

export interface SweepCost {
  readonly tokens: number;
  readonly due: number;
  readonly looked: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly seconds: number;
}

const NOW = Date.UTC(2026, 0, 5, 8);
const BATCH = 25;
/** An eventually consistent read that finds nothing still costs this much (Amazon DynamoDB Developer Guide, "Read consistency and capacity"); dynalite counts nothing. */
const LEAST_UNITS = 0.5;

/** What one sweep costs with so many tokens of which so many are due, in DynamoDB's own units, measured on a local table through the real adapter. */
export async function sweepCosts(sizes: readonly number[], dues: readonly number[]): Promise<SweepCost[]> {
  const dynamo = await localDynamo();
  const costs: SweepCost[] = [];
  try {
    for (const tokens of sizes) {
      const table = await dynamo.table();
      await fill(table, tokens);
      for (const due of dues) {
        await makeDue(table, due);
        costs.push(await measure(table, { tokens, due }));
      }
    }
  } finally {
    await dynamo.close();
  }
  return costs;
}

/** A token that was inspected just now and needs nothing for weeks. */
function resting(index: number, dueAt: number): Token {
  const id = `bench/token-${index}-abcdef`;
  const secretArn = `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${id}`;
  return aToken({ id, secretArn, name: `bench/token-${index}`, inspectedAt: NOW, enrolledAt: NOW, dueAt });
}

function itemOf(token: Token, shard: number): Record<string, unknown> {
  return { pk: `T#${token.id}`, sk: 'META', schema: 1, revision: 1, body: token, writer: 'bench', dueShard: String(shard), dueAt: token.dueAt };
}

async function put(table: Table, items: readonly Record<string, unknown>[]): Promise<void> {
  for (let at = 0; at < items.length; at += BATCH) {
    const requests = items.slice(at, at + BATCH).map((item) => ({ PutRequest: { Item: marshall(item, { removeUndefinedValues: true }) } }));
    await table.client.send(new BatchWriteItemCommand({ RequestItems: { [table.name]: requests } }));
  }
}

async function fill(table: Table, tokens: number): Promise<void> {
  const items = Array.from({ length: tokens }, (_, index) => itemOf(resting(index, NOW + 30 * DAY), index % 4));
  await put(table, items);
}

/** Tokens that are due for an inspection, the cheapest thing a token can be due for. */
async function makeDue(table: Table, due: number): Promise<void> {
  await put(table, Array.from({ length: due }, (_, index) => itemOf({ ...resting(index, NOW - HOUR), inspectedAt: NOW - DAY }, index % 4)));
}

async function measure(table: Table, size: { tokens: number; due: number }): Promise<SweepCost> {
  const spent = { read: 0, write: 0 };
  const started = performance.now();
  const counting = { client: countingClient(table.client, spent), name: table.name };
  let looked = 0;
  for (;;) {
    const report = await sweep({ inAll: 100, perIssuer: () => 20, inspectionsPerMinute: () => 600 }, portsOn(counting));
    looked += report?.looked ?? 0;
    if (looked >= size.due) break;
  }
  const seconds = Math.round(performance.now() - started) / 1000;
  return { ...size, looked, readUnits: spent.read, writeUnits: spent.write, seconds };
}

function portsOn(table: Table): SweepPorts {
  const inventory = dynamodbInventory(table, { tableId: async () => 'bench' });
  const never = (): never => {
    throw new Error('A sweep of resting tokens does not do this.');
  };
  return {
    inventory,
    bus: { publish: async () => undefined },
    commands: { send: async () => undefined },
    deliveries: { takes: () => false, send: async () => undefined },
    secrets: { describe: never, read: never, putPending: never, moveLabel: never, startRotation: async () => undefined, stopRotation: never, readAdmin: never, admins: never, list: never },
    descriptor: (id) => DESCRIPTORS.find((one) => one.id === id),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    now: () => NOW,
    sleep: async () => undefined,
    timeLeft: () => 5 * 60_000,
    uuid: randomUUID,
  };
}

/** A client that asks for the consumed capacity of every call and adds it up. */
function countingClient(client: DynamoDBClient, spent: { read: number; write: number }): DynamoDBClient {
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

