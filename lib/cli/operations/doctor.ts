import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { examined, type Check } from './doctor-checks.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import { attachedTokens } from '../tokens/find-token.ts';
import type { Tone } from '../output/screen.ts';
import { hanging } from '../output/tables.ts';
import type { DoctorJson } from '../json/operations.ts';

export const doctor: CliCommand = {
  name: 'doctor',
  group: 'Operate',
  effect: 'reads',
  summary: 'Check the installation itself: alerts, admin credentials, queues, schedules, trail',
  usage: '',
  examples: [
    ['keyturn doctor', 'a line for each check: ok, or what to do'],
    ['keyturn doctor --exit-code', 'exit code 5 if something is wrong or could not be checked'],
  ],
  options: {},
  takes: 0,
  run,
};

const TONES: Readonly<Record<Check['state'], Tone>> = {
  ok: 'good',
  problem: 'bad',
  unknown: 'warn',
  off: 'dim',
};

async function run(context: CommandContext): Promise<ExitCode> {
  const ports = await context.ports();
  const { installationRecord } = await ports.inventory.loadInstallationRecord();
  const checks = await examined({
    ports,
    own: installationRecord,
    tokens: await attachedTokens(ports),
    now: await ports.now(),
  });
  if (context.args.has('json')) context.out.json({ checks } satisfies DoctorJson);
  else print(checks, context);
  const isWrong = checks.some(({ state }) => state === 'problem' || state === 'unknown');
  return isWrong && context.args.has('exit-code') ? EXIT.found : EXIT.ok;
}

function print(checks: readonly Check[], { out }: CommandContext): void {
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, state, detail } of checks) {
    hanging(`${state.padEnd(7)}  ${name.padEnd(width)}  `, detail, out, TONES[state]);
  }
}
