import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export interface CommandCost {
  /** Seconds of CPU, of user and system, that `keyturn status` takes: the least of several runs. */
  readonly statusCpuSeconds: number;
}

const RUNS = 7;
const PROGRAM = join(import.meta.dirname, '../../bin/keyturn.ts');

/** What the command costs over a running sandbox, once it was compiled. How many modules it loads is a test of its own. */
export function commandCost(folder: string): CommandCost {
  const runs = Array.from({ length: RUNS + 1 }, () => cpuOf(['status', `--sandbox=${folder}`]));
  return { statusCpuSeconds: Math.min(...runs.slice(1)) };
}

function cpuOf(argv: readonly string[]): number {
  const code = `process.on('exit', () => { const { user, system } = process.cpuUsage(); process.stderr.write('CPU ' + (user + system)); });`;
  const { stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(code)}`, PROGRAM, ...argv],
    { encoding: 'utf8' },
  );
  return Number(/CPU (\d+)$/.exec(stderr)?.[1] ?? Number.NaN) / 1_000_000;
}
