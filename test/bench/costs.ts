import {
  CreateSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { TAGS } from '../../functions/core/policy/tags.ts';
import { DAY, HOUR } from '../../functions/core/basics/time.ts';
import type { Sandbox } from '../../lib/sandbox/index.ts';
import type { CallCount } from './calls.ts';
import { ASSUMED, PRICES } from './prices.ts';

/** What was done in some time: AWS calls by operation, and runs of functions. */
export interface Work {
  readonly calls: Readonly<Record<string, number>>;
  readonly runs: number;
}

export interface MonthlyCost {
  /**
   * US dollars a month for 1,000 tokens that rotate once a month, all that Keyturn itself causes; what their
   * secrets cost anyway stands apart.
   */
  readonly costPer1000TokensMonth: number;
  readonly parts: Readonly<
    Record<'rotations' | 'watching' | 'installation' | 'metricsAndAlarms' | 'keys', number>
  >;
  readonly secretsMonth: number;
  readonly idleDay: Work;
  readonly tokenDay: Work;
  readonly prices: typeof PRICES;
  readonly assumed: typeof ASSUMED;
}

const NAME = 'bench/quiet';
/** Four steps, and a command each for retirement, proof and two inspections, with sweeps between. */
const RUNS_OF_A_ROTATION = 12;

/**
 * A day of an installation that has its admin credentials and no tokens, then a day of one token that has no
 * rotation due: their difference is what watching a token costs.
 */
export async function measuredDays(sandbox: Sandbox): Promise<{ idleDay: Work; tokenDay: Work }> {
  await sandbox.grant('gitlab', [NAME]);
  await sandbox.advance(2 * HOUR);
  const idleDay = await workIn(sandbox);
  await addToken(sandbox);
  await sandbox.advance(6 * HOUR);
  const whole = await workIn(sandbox);
  return { idleDay, tokenDay: less(whole, idleDay) };
}

/**
 * What that comes to, with the calls of one rotation. Rotations were counted with the sweeps of four hours,
 * which are counted already: that part is dear, not cheap.
 */
export function monthlyCost(
  days: { idleDay: Work; tokenDay: Work },
  rotation: { calls: readonly CallCount[] },
): MonthlyCost {
  const { idleDay, tokenDay } = days;
  const rotated: Work = { calls: countsOf(rotation.calls), runs: RUNS_OF_A_ROTATION };
  const { daysPerMonth, rotationsPerMonth, metricsPerProvider, providersInUse, heartbeats, alarmMetrics } =
    ASSUMED;
  const parts = {
    rotations: 1_000 * rotationsPerMonth * priceOf(rotated),
    watching: 1_000 * daysPerMonth * priceOf(tokenDay),
    installation: daysPerMonth * priceOf(idleDay) + 8 * ASSUMED.pollsPerQueueAndMonth * PRICES.queueCall.usd,
    metricsAndAlarms:
      (metricsPerProvider * providersInUse + heartbeats) * PRICES.metricMonth.usd +
      alarmMetrics * PRICES.alarmMetricMonth.usd,
    keys: 2 * PRICES.keyMonth.usd,
  };
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return {
    costPer1000TokensMonth: cents(total),
    parts: mapped(parts, cents),
    secretsMonth: 1_000 * PRICES.secretMonth.usd,
    idleDay,
    tokenDay,
    prices: PRICES,
    assumed: ASSUMED,
  };
}

function countsOf(calls: readonly CallCount[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { operation, count } of calls) counts[operation] = (counts[operation] ?? 0) + count;
  return counts;
}

function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}

function mapped<K extends string>(
  from: Readonly<Record<K, number>>,
  change: (value: number) => number,
): Record<K, number> {
  return Object.fromEntries(
    Object.entries<number>(from).map(([key, value]) => [key, change(value)]),
  ) as Record<K, number>;
}

async function workIn(sandbox: Sandbox): Promise<Work> {
  const [calls, runs] = [sandbox.aws.log.length, sandbox.runs.length];
  await sandbox.advance(DAY);
  const counted: Record<string, number> = {};
  for (const { principal, service, operation } of sandbox.aws.log.slice(calls)) {
    if (!/keyturn/i.test(principal)) continue;
    counted[`${service}:${operation}`] = (counted[`${service}:${operation}`] ?? 0) + 1;
  }
  return { calls: counted, runs: sandbox.runs.length - runs };
}

function less(whole: Work, part: Work): Work {
  return {
    calls: Object.fromEntries(
      Object.entries(whole.calls).map(([operation, count]) => [
        operation,
        Math.max(0, count - (part.calls[operation] ?? 0)),
      ]),
    ),
    runs: Math.max(0, whole.runs - part.runs),
  };
}

async function addToken(sandbox: Sandbox): Promise<void> {
  const client = new SecretsManagerClient(sandbox.aws.clientConfig({ kind: 'root' }));
  const issuer = sandbox.issuers.find((one) => one.provider === 'gitlab');
  if (!issuer) throw new Error('The sandbox runs no GitLab.');
  const tags = {
    [TAGS.installation]: sandbox.installation,
    [TAGS.issuer]: 'gitlab',
    [TAGS.owner]: 'team-bench',
  };
  await client.send(
    new CreateSecretCommand({
      Name: NAME,
      SecretString: await issuer.createByHand(NAME),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  const RotationLambdaARN = sandbox.aws.lambda.arnOf(`keyturn-${sandbox.installation}-rotate-gitlab`);
  await client.send(
    new RotateSecretCommand({
      SecretId: NAME,
      RotationLambdaARN,
      RotationRules: { AutomaticallyAfterDays: 91 },
      RotateImmediately: false,
    }),
  );
  client.destroy();
}

/** Price of each call by service; what is not listed costs nothing of its own. */
function callPrice(operation: string): number {
  const { readUnitsPerRead, writeUnitsPerWrite, requestsPerMessage } = ASSUMED;
  if (/^dynamodb:(GetItem|Query|Scan)$/.test(operation)) return readUnitsPerRead * PRICES.readUnit.usd;
  if (/^dynamodb:(PutItem|DeleteItem|UpdateItem)$/.test(operation))
    return writeUnitsPerWrite * PRICES.writeUnit.usd;
  if (operation.startsWith('secretsmanager:')) return PRICES.secretCall.usd;
  if (operation.startsWith('kms:')) return PRICES.keyCall.usd;
  if (operation.startsWith('sqs:Send')) return requestsPerMessage * PRICES.queueCall.usd;
  if (operation === 'events:PutEvents') return PRICES.event.usd;
  return operation.startsWith('sns:') ? PRICES.publish.usd : 0;
}

function priceOf({ calls, runs }: Work): number {
  const { secondsPerRun, gigabytesPerRun, logKilobytesPerRun } = ASSUMED;
  const run =
    PRICES.run.usd +
    secondsPerRun * gigabytesPerRun * PRICES.gigabyteSecond.usd +
    (logKilobytesPerRun / 1e6) * PRICES.logGigabyte.usd;
  return (
    runs * run +
    Object.entries(calls).reduce((sum, [operation, count]) => sum + count * callPrice(operation), 0)
  );
}
