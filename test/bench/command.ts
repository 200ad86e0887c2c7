import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface CommandCost {
  /** Seconds of CPU, of user and system, that `keyturn status` takes: the least of several runs. */
  readonly statusCpuSeconds: number;
}

const RUNS = 7;
const PROGRAM = join(import.meta.dirname, '../../lib/cli/keyturn.cjs');

/**
 * What the command costs over a running sandbox, once it was compiled. How many modules it loads is a test of
 * its own.
 */
export async function commandCost(folder: string): Promise<CommandCost> {
  const runs: number[] = [];
  for (let run = 0; run <= RUNS; run++) runs.push(await cpuOf(['status', `--sandbox=${folder}`]));
  return { statusCpuSeconds: Math.min(...runs.slice(1)) };
}

/** The sandbox answers from this process, so that this must not block. */
async function cpuOf(argv: readonly string[]): Promise<number> {
  const code =
    `process.on('exit', () => { const { user, system } = process.cpuUsage(); process.stderr.write('CPU ' ` +
    '+ (user + system)); });';
  const { stderr } = await promisify(execFile)(process.execPath, [
    '--import',
    `data:text/javascript,${encodeURIComponent(code)}`,
    PROGRAM,
    ...argv,
  ]);
  return Number(/CPU (\d+)$/.exec(stderr)?.[1] ?? Number.NaN) / 1_000_000;
}
