// Runs the program in the current folder once, and keeps what V8 compiled for that. It asks a table with one
// token, over HTTP, as it asks AWS.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { COMPILED, PROGRAM, scriptOf, started } from './program.cjs';

/** As it is in the table, in plain JSON. */
const token = JSON.parse(readFileSync(new URL('compile-token.json', import.meta.url), 'utf8'));

const TABLE_ID = '00000000-0000-4000-8000-000000000000';
const REBUILD = {
  pk: 'R#installation',
  sk: 'REBUILD',
  tableId: TABLE_ID,
  startedAt: token.body.enrolledAt,
  complete: true,
  minReader: token.minReader,
};

const table = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const [, operation] = (request.headers['x-amz-target'] ?? '').split('.');
    const asked = operation === undefined ? {} : JSON.parse(Buffer.concat(chunks).toString());
    response.end(JSON.stringify(answerTo(operation, asked)));
  });
});
await new Promise((listens) => table.listen(0, '127.0.0.1', listens));

process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${table.address().port}`;
process.argv[2] = 'status';
const file = join(process.cwd(), PROGRAM);
const script = scriptOf(file);
await started(script, file).run();
if (process.exitCode === 0) writeFileSync(COMPILED, script.createCachedData());
table.close();
table.closeAllConnections();

/** What DynamoDB answers: the table is complete, with the token in its shard of the index. */
function answerTo(operation, { ExpressionAttributeValues: wanted, RequestItems: asked, Key: key }) {
  switch (operation) {
    case 'DescribeTable':
      return { Table: { TableId: TABLE_ID } };
    case 'GetItem':
      return key.sk.S === REBUILD.sk ? { Item: written(REBUILD).M } : {};
    case 'Query': {
      const { pk, sk, recordShard } = token;
      const isThere = wanted[':shard']?.S === recordShard;
      const found = isThere ? [{ pk: written(pk), sk: written(sk), recordShard: written(recordShard) }] : [];
      return { Items: found, Count: found.length, ScannedCount: found.length };
    }
    case 'BatchGetItem':
      return {
        Responses: Object.fromEntries(Object.keys(asked).map((name) => [name, [written(token).M]])),
        UnprocessedKeys: {},
      };
    default:
      return {};
  }
}

/** A value in the JSON of DynamoDB. */
function written(value) {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(written) };
  return { M: Object.fromEntries(Object.entries(value).map(([name, one]) => [name, written(one)])) };
}
