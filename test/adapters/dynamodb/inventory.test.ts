import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import {
  DeleteItemCommand,
  PutItemCommand,
  ScanCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { dynamodbAlertLedger } from '../../../functions/adapters/dynamodb/alert-ledger.ts';
import { dynamodbInventory } from '../../../functions/adapters/dynamodb/inventory.ts';
import type { Table } from '../../../functions/adapters/dynamodb/table.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { alertLedgerContract } from '../../contracts/alert-ledger.ts';
import { inventoryContract } from '../../contracts/inventory.ts';
import { T0, aFinding, aLifecycleFact, aToken } from '../../fakes/tokens.ts';
import { localDynamo } from '../dynalite.ts';

const dynamo = await localDynamo();
after(() => dynamo.close());

async function items(table: Table): Promise<Record<string, AttributeValue>[]> {
  const { Items } = await dynamo.client.send(new ScanCommand({ TableName: table.name }));
  return Items ?? [];
}

inventoryContract('DynamoDB', async () => {
  const table = await dynamo.table();
  let tableId = 'table-1';
  return {
    inventory: dynamodbInventory(table, { tableId: async () => tableId }),
    restoreElsewhere: async () => {
      tableId = 'table-2';
    },
    empty: async () => {
      for (const { pk, sk } of await items(table)) {
        if (pk && sk)
          await dynamo.client.send(new DeleteItemCommand({ TableName: table.name, Key: { pk, sk } }));
      }
    },
  };
});

alertLedgerContract('DynamoDB', async () => dynamodbAlertLedger(await dynamo.table(), 'alert'));

describe('the DynamoDB inventory', () => {
  it('takes the table id from DescribeTable when none is given', async () => {
    const inventory = dynamodbInventory(await dynamo.table());
    await inventory.beginRebuild(T0);
    await inventory.completeRebuild();
    assert.equal(await inventory.isComplete(), true);
  });

  it('names the token and the field of a record it cannot read, and no value', async () => {
    const table = await dynamo.table();
    const inventory = dynamodbInventory(table);
    const body = { ...aToken(), owner: ['canary-7f3a'], dueAt: undefined };
    const item = marshall(
      { pk: `T#${body.id}`, sk: 'META', minReader: 1, revision: 1, body },
      { removeUndefinedValues: true },
    );
    await dynamo.client.send(new PutItemCommand({ TableName: table.name, Item: item }));
    await assert.rejects(inventory.load(body.id), (error) => {
      assert.ok(error instanceof KeyturnError);
      assert.equal(error.code, 'record-invalid');
      assert.match(error.message, /prod\/billing\/ci-AbC123.*"body\.owner"/);
      assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /canary/);
      return true;
    });
  });

  it('reads every other record before it complains of one', async () => {
    const table = await dynamo.table();
    const inventory = dynamodbInventory(table);
    await inventory.save(aToken(), 0);
    await inventory.save(aToken({ id: 'second-AbC123' }), 0);
    const future = marshall({
      pk: 'T#future-AbC123',
      sk: 'META',
      recordShard: '2',
      minReader: 2,
      revision: 1,
      body: {},
    });
    await dynamo.client.send(new PutItemCommand({ TableName: table.name, Item: future }));
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const { token } of inventory.all()) seen.push(token.id);
    };
    await assert.rejects(read(), {
      code: 'record-invalid',
      message: /future-AbC123.*layout 2 or later, and this one reads 1/,
    });
    assert.deepEqual(seen.sort(), [aToken().id, 'second-AbC123'].sort());
  });

  it(
    'goes through more tokens than one request takes, also where DynamoDB answers with a part, and goes ' +
      'on after any of them',
    async () => {
      const table = await dynamo.table();
      const inventory = dynamodbInventory(table);
      const ids = Array.from({ length: 450 }, (_, index) => `many/${index}-AbC123`);
      await Promise.all(ids.map((id) => inventory.save(aToken({ id }), 0)));
      const asked: number[] = [];
      const halting = dynamodbInventory({ ...table, client: halvingBatches(asked) });
      const found: string[] = [];
      for await (const { token } of halting.all()) found.push(token.id);
      assert.deepEqual(found.toSorted(), ids.toSorted());
      assert.ok(
        asked.some((count) => count === 100) && asked.every((count) => count <= 100),
        asked.join(' '),
      );
      const rest: string[] = [];
      for await (const { token } of inventory.all(found[200])) rest.push(token.id);
      assert.deepEqual(rest, found.slice(201));
    },
  );

  it('gives all that waits but what cannot be read, of which it says where it is, and no value', async () => {
    const table = await dynamo.table();
    const ledger = dynamodbAlertLedger(table, 'alert');
    await ledger.wait(
      'digest',
      {
        key: 'keyturn/a/token-expiring',
        dueAt: T0,
        first: { sequence: 1, change: 'opened' },
        finding: aFinding(),
        steps: 0,
      },
      undefined,
    );
    const entry = { key: 'keyturn/b/credential-orphaned', dueAt: 'canary-7f3a' };
    await dynamo.client.send(
      new PutItemCommand({
        TableName: table.name,
        Item: marshall({ pk: 'Q#digest', sk: 'keyturn/b/credential-orphaned', minReader: 1, entry }),
      }),
    );
    const { entries, damaged } = await ledger.allWaiting('digest');
    assert.deepEqual(
      entries.map(({ key }) => key),
      ['keyturn/a/token-expiring'],
    );
    assert.deepEqual(damaged, [
      "The inventory's record of what waits in the list digest (pk Q#digest, sk " +
        'keyturn/b/credential-orphaned) cannot be read, at "entry.dueAt".',
    ]);
    await assert.rejects(ledger.waiting('digest', 'keyturn/b/credential-orphaned'), {
      code: 'record-invalid',
    });
  });

  it('takes its own repeated write for what it is', async () => {
    const table = await dynamo.table();
    const inventory = dynamodbInventory({ ...table, client: repeatingPuts() });
    assert.equal(await inventory.save(aToken(), 0), 1);
    assert.equal(await inventory.save(aToken({ failures: 1 }), 1), 2);
  });

  it('says on every item which version can read it, and lets history and alerts expire', async () => {
    const table = await dynamo.table();
    const inventory = dynamodbInventory(table);
    await inventory.save(aToken(), 0);
    await inventory.hold('gitlab', '1', { tokenId: 'a', revision: 1 });
    await inventory.appendHistory([aLifecycleFact(), aFinding()]);
    await inventory.beginRebuild(T0);
    await dynamodbAlertLedger(table, 'alert').tell('keyturn/a', 1, T0);
    const all = await items(table);
    assert.equal(all.length, 6);
    for (const item of all) assert.deepEqual(item['minReader'], { N: '1' });
    const expiring = all.filter((item) => item['ttl'] !== undefined);
    assert.deepEqual(
      expiring.map((item) => item['ttl']),
      Array.from({ length: 3 }, () => ({ N: String(T0 / 1000 + 400 * 86_400) })),
    );
  });

  it('keeps the cost of a sweep with nothing due small, whatever the size of the table', async () => {
    const table = await dynamo.table();
    const inventory = dynamodbInventory(table);
    for (let index = 0; index < 40; index++)
      await inventory.save(aToken({ id: `t${index}-AbC123`, dueAt: T0 + 1 }), 0);
    const units: number[] = [];
    const idle = dynamodbInventory({ ...table, client: metered(units) });
    for await (const tokenId of idle.due(T0)) assert.fail(tokenId);
    for await (const one of idle.startable(T0)) assert.fail(one.tokenId);
    assert.equal(units.length, 5, 'one query a shard, and one for rotations');
    assert.ok(units.reduce((sum, unit) => sum + unit, 0) <= 10, `it cost ${units.join(' + ')} read units`);
  });

  it('says which operation AWS did not do, and why', async () => {
    const inventory = dynamodbInventory({ client: dynamo.client, name: 'no-such-table' });
    await assert.rejects(inventory.load('canary-7f3a'), (error) => {
      assert.ok(error instanceof KeyturnError);
      assert.equal(error.message, 'AWS did not do dynamodb:GetItem: ResourceNotFoundException.');
      assert.doesNotMatch(String(error.cause), /canary/);
      return true;
    });
  });
});

/** A client whose every write is made twice, as when the first answer was lost. */
function repeatingPuts(): DynamoDBClient {
  const client = dynamo.connect();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName === 'PutItemCommand') await next({ ...args });
      return next(args);
    },
    { step: 'initialize' },
  );
  return client;
}

/**
 * A client whose every batch of reads is answered for its first half, as when the rest would be too much.
 * Notes how many keys each asked for.
 */
function halvingBatches(asked: number[]): DynamoDBClient {
  const client = dynamo.connect();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName !== 'BatchGetItemCommand' || !('RequestItems' in args.input)) return next(args);
      const [[name, { Keys: keys = [] }] = ['', {}]] = Object.entries(args.input.RequestItems ?? {});
      asked.push(keys.length);
      const half = Math.ceil(keys.length / 2);
      const answer = await next({
        ...args,
        input: { RequestItems: { [name]: { Keys: keys.slice(0, half), ConsistentRead: true } } },
      });
      const UnprocessedKeys = half < keys.length ? { [name]: { Keys: keys.slice(half) } } : {};
      return { ...answer, output: { ...answer.output, UnprocessedKeys } };
    },
    { step: 'initialize' },
  );
  return client;
}

function metered(units: number[]): DynamoDBClient {
  const client = dynamo.connect();
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
      const consumed = 'ConsumedCapacity' in answer.output ? answer.output.ConsumedCapacity : undefined;
      units.push(
        consumed && 'CapacityUnits' in consumed ? (consumed.CapacityUnits ?? Number.NaN) : Number.NaN,
      );
      return answer;
    },
    { step: 'initialize' },
  );
  return client;
}
