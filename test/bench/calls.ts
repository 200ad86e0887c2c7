import {
  CreateSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { TAGS } from '../../functions/core/policy/tags.ts';
import { HOUR, MINUTE } from '../../functions/core/basics/time.ts';
import type { Sandbox } from '../../lib/sandbox/index.ts';
import { REASONS } from './reasons.ts';

export interface CallCount {
  readonly by: string;
  readonly operation: string;
  readonly count: number;
  readonly reason: string;
}

export interface RotationCost {
  readonly calls: readonly CallCount[];
  readonly total: number;
  /** Real seconds from RotateSecret to the end of finishSecret. */
  readonly rotationSeconds: number;
}

const NAME = 'bench/token';

/**
 * Every AWS call of one rotation of a GitLab token, from the sweep that starts it to the proof that the old
 * credential is revoked, by the function that made it.
 */
export async function rotationCost(sandbox: Sandbox): Promise<RotationCost> {
  const client = new SecretsManagerClient(sandbox.aws.clientConfig({ kind: 'root' }));
  const issuer = sandbox.issuers.find((one) => one.provider === 'gitlab');
  if (!issuer) throw new Error('The sandbox runs no GitLab.');
  await sandbox.grant('gitlab', [NAME]);
  const arn = await createToken(sandbox, client, await issuer.createByHand(NAME));
  await sandbox.advance(2 * HOUR);
  const from = sandbox.aws.log.length;
  const runs = sandbox.runs.length;
  await sandbox.advance(4 * HOUR);
  const rotated = sandbox.runs.slice(runs).filter((run) => run.name.includes('-rotate-')).length;
  if (rotated === 0) throw new Error(`The token ${arn} was not rotated.`);
  const calls = counted(
    sandbox.aws.log
      .slice(from)
      .filter((call) => call.principal.includes('keyturn') || call.principal.includes('role')),
  );
  return {
    calls,
    total: calls.reduce((sum, one) => sum + one.count, 0),
    rotationSeconds: await timedRotation(sandbox, client, arn),
  };
}

async function createToken(sandbox: Sandbox, client: SecretsManagerClient, value: string): Promise<string> {
  const tags = {
    [TAGS.installation]: sandbox.installation,
    [TAGS.issuer]: 'gitlab',
    [TAGS.owner]: 'team-bench',
    [TAGS.rotateEvery]: '3h',
    [TAGS.maxAge]: '2d',
    [TAGS.minGrace]: '30m',
    [TAGS.unusedFor]: '30m',
    [TAGS.rotateBeforeExpiry]: '1h',
  };
  const made = await client.send(
    new CreateSecretCommand({
      Name: NAME,
      SecretString: value,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  const SecretId = made.ARN ?? NAME;
  const RotationLambdaARN = sandbox.aws.lambda.arnOf(`keyturn-${sandbox.installation}-rotate-gitlab`);
  await client.send(
    new RotateSecretCommand({
      SecretId,
      RotationLambdaARN,
      RotationRules: { AutomaticallyAfterDays: 91 },
      RotateImmediately: false,
    }),
  );
  return SecretId;
}

/** Wall time of one more rotation, asked for in the console's way. */
async function timedRotation(
  sandbox: Sandbox,
  client: SecretsManagerClient,
  SecretId: string,
): Promise<number> {
  const started = performance.now();
  await client.send(new RotateSecretCommand({ SecretId }));
  await sandbox.advance(MINUTE);
  return Math.round(performance.now() - started) / 1000;
}

function counted(log: Sandbox['aws']['log']): CallCount[] {
  const counts = new Map<string, number>();
  for (const call of log) {
    const by = /(rotate|act|sweep|reconcile|alert|pager)/i.exec(call.principal)?.[1]?.toLowerCase();
    if (by === undefined) continue;
    const key = `${by} ${call.service}:${call.operation}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => {
    const [by = '', operation = ''] = key.split(' ');
    const reason = REASONS[key];
    if (reason === undefined)
      throw new Error(
        `No reason is on record for ${key}: add one to test/bench/reasons.ts, or do without the call.`,
      );
    return { by, operation, count, reason };
  });
}
