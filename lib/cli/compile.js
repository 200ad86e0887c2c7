// Runs the program in the current folder once, and keeps what V8 compiled for that. It asks a table without
// tokens, over HTTP, as it asks AWS.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { COMPILED, PROGRAM, scriptOf, started } from './program.cjs';

const table = createServer((request, response) => {
  request.resume().on('end', () => response.end('{"Items":[],"Count":0,"ScannedCount":0}'));
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
