import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSandbox } from '../../lib/sandbox/index.ts';
import { synthesise } from '../../lib/sandbox/runtime/assembly.ts';
import { SANDBOX_SETTINGS } from '../../lib/sandbox/runtime/settings.ts';
import { bundleSizes, type BundleSize } from './bundles.ts';
import { measuredDays, monthlyCost, type MonthlyCost } from './costs.ts';
import { measure as measureDetection, type Measured } from '../detect/measure.ts';
import { commandCost, type CommandCost } from './command.ts';
import { leakCost, type LeakCost } from './leak.ts';
import { rotationCost, type RotationCost } from './calls.ts';
import { sweepCosts, type SweepCost } from './sweep.ts';

const HELP = `Measures what Keyturn costs.

  npm run bench                 tables
  npm run bench -- --json       one JSON object on stdout
  npm run bench -- --quick      sweeps of 5,000 tokens at most, instead of 500,000
`;
/** How many tokens there are, and how many of them are due. */
const WHOLE: Parameters<typeof sweepCosts> = [
  [10_000, 100_000, 500_000],
  [0, 100, 10_000],
];
const QUICK: Parameters<typeof sweepCosts> = [
  [1_000, 5_000],
  [0, 100, 500],
];

/** A sweep with nothing due may cost this much, whatever the size of the inventory. */
const MOST_IDLE_UNITS = 10;

/** A leak is answered within this, in real time. */
const MOST_LEAK_SECONDS = 5;

interface Figures {
  readonly rotation: RotationCost;
  readonly month: MonthlyCost;
  readonly costPer1000TokensMonth: number;
  readonly leak: LeakCost;
  readonly command: CommandCost;
  readonly bundles: readonly BundleSize[];
  readonly sweep: readonly SweepCost[];
  readonly detection: Measured;
}

/** Traffic of three months; the model is described in test/detect/traffic.ts. */
const TRAFFIC = { seed: 1, services: 12, days: 90 };

async function measure(quick: boolean): Promise<Figures> {
  const assembly = await synthesise(SANDBOX_SETTINGS);
  const sandbox = await createSandbox({
    assembly,
    folder: mkdtempSync(join(tmpdir(), 'keyturn-bench-')),
    removeOnClose: true,
  });
  try {
    const days = await measuredDays(sandbox);
    const rotation = await rotationCost(sandbox);
    const month = monthlyCost(days, rotation);
    return {
      rotation,
      month,
      costPer1000TokensMonth: month.costPer1000TokensMonth,
      leak: await leakCost(sandbox),
      command: await commandCost(sandbox.folder),
      bundles: bundleSizes(assembly),
      sweep: await sweepCosts(...(quick ? QUICK : WHOLE)),
      detection: measureDetection(TRAFFIC),
    };
  } finally {
    await sandbox.close();
  }
}

/** The same but for a page of an index that ends elsewhere. */
function isEven(units: readonly number[]): boolean {
  return Math.max(...units) <= 1.01 * Math.min(...units);
}

/**
 * What must hold whatever the machine: counts, not times; the one time that is promised is asked for on a
 * machine that has nothing else to do.
 */
function brokenPromises(figures: Figures, quick: boolean): string[] {
  const idle = figures.sweep.filter((one) => one.due === 0);
  const dear = idle
    .filter((one) => one.readUnits > MOST_IDLE_UNITS)
    .map(
      (one) =>
        `A sweep of ${one.tokens} tokens with nothing due read ${one.readUnits} units, more than ` +
        `${MOST_IDLE_UNITS}.`,
    );
  const uneven = [...Map.groupBy(figures.sweep, (one) => one.due)].flatMap(([due, some]) =>
    isEven(some.map((one) => one.readUnits)) && isEven(some.map((one) => one.writeUnits))
      ? []
      : [`Sweeps with ${due} due do not cost the same at every size.`],
  );
  const slow =
    !quick && figures.leak.leakToRevocationVerifiedSeconds > MOST_LEAK_SECONDS
      ? [
          'From the report of a leak to the verified revocation went ' +
            `${figures.leak.leakToRevocationVerifiedSeconds} s, more than ${MOST_LEAK_SECONDS}.`,
        ]
      : [];
  const blind =
    figures.detection.loudMissed > 0
      ? [`Detection missed attacks that anybody would see: ${figures.detection.missed.join(', ')}.`]
      : [];
  return [...dear, ...uneven, ...slow, ...blind];
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function show(figures: Figures): void {
  say(
    `AWS calls of one rotation and retirement: ${figures.rotation.total}, including every sweep and ` +
      'reconcile of four hours',
  );
  for (const one of figures.rotation.calls)
    say(`  ${String(one.count).padStart(4)}  ${one.by.padEnd(10)} ${one.operation.padEnd(42)} ${one.reason}`);
  say(`A rotation in the sandbox takes ${figures.rotation.rotationSeconds} s of real time`);
  say(
    'A leak in the sandbox: from the report to the verified revocation ' +
      `${figures.leak.leakToRevocationVerifiedSeconds} s of real time; by its clock replaced after ` +
      `${figures.leak.virtual.replacedSeconds} s, verified after ` +
      `${figures.leak.virtual.revocationVerifiedSeconds} s`,
  );
  say(
    `A thousand tokens, each rotated once a month: ${figures.costPer1000TokensMonth} USD a month by ` +
      `list prices, besides ${figures.month.secretsMonth} USD for their secrets`,
  );
  for (const [part, usd] of Object.entries(figures.month.parts))
    say(`  ${usd.toFixed(2).padStart(7)}  ${part}`);
  say(`keyturn status: ${figures.command.statusCpuSeconds} s of CPU`);
  for (const one of figures.bundles)
    say(
      `Bundle of ${one.functions.join(', ')}: ${one.bytes} bytes, ${one.gzipped} gzipped, loads in ` +
        `${one.loadMs} ms`,
    );
  for (const one of figures.sweep)
    say(
      `${one.tokens} tokens, ${one.due} due: ${one.sweeps} sweeps, ${one.readUnits} read units, ` +
        `${one.writeUnits} write units, ${one.started} starts, ${one.messages} messages in ${one.sends} ` +
        `sends, ${one.lambdaSeconds} s of Lambda by the model`,
    );
  const { detection } = figures;
  say(
    `Detection: ${detection.events} events, ${detection.eventsPerSecondPerCore} a second and core, ` +
      `${detection.writesPer1000Events} writes per 1,000; ${detection.falseAlarms} false alarms ` +
      `(${detection.falseAlarmsPer10000} per 10,000); ${detection.attacksFound} of ` +
      `${detection.attacksPlanted} attacks found, missed: ${detection.missed.join(', ') || 'none'}`,
  );
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) say(HELP);
else {
  const figures = await measure(values.quick);
  const broken = brokenPromises(figures, values.quick);
  if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else show(figures);
  for (const sentence of broken) say(sentence);
  process.exitCode = broken.length === 0 ? 0 : 1;
}
