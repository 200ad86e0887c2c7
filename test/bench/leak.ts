import {
  CreateSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { incidentsOf } from '../../functions/core/incidents/incidents.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { TAGS } from '../../functions/core/policy/tags.ts';
import { HOUR, MINUTE, SECOND } from '../../functions/core/basics/time.ts';
import type { Incident } from '../../functions/core/token/incident.ts';
import { accessWith, portsOver } from '../../lib/cli/aws/world.ts';
import type { CliPorts } from '../../lib/cli/command-line/command.ts';
import { digestOf } from '../../lib/cli/leaks/scanner-reports.ts';
import type { Sandbox } from '../../lib/sandbox/index.ts';

/** So much virtual time goes by between two looks at the record. */
const LOOK_EVERY = 5 * SECOND;
const MOST = 10 * MINUTE;

export interface LeakCost {
  /**
   * Real seconds from the operator's question whose a value is to the verification that the issuer rejects
   * it.
   */
  readonly leakToRevocationVerifiedSeconds: number;
  /** By the sandbox's clock, in which issuers take as long as they are documented to. */
  readonly virtual: { readonly replacedSeconds: number; readonly revocationVerifiedSeconds: number };
}

/**
 * One leak from the report to the verified revocation, through the deployed bundles: the operator's command
 * asks, the functions do the rest.
 */
export async function leakCost(sandbox: Sandbox, name = 'bench/leaked'): Promise<LeakCost> {
  const { arn, value } = await managedToken(sandbox, name);
  const { endpoint, region, credentials } = sandbox.operate();
  const ports = portsOver(
    accessWith({ endpoint, region, credentials, maxAttempts: 1 }, sandbox.installation),
    sandbox.installation,
    async () => sandbox.clock.now(),
  );
  const started = performance.now();
  await reportedBy(ports, value);
  const incident = await answered(sandbox, ports, tokenIdOf(arn));
  const seconds = (at: number | undefined): number => Math.round(((at ?? 0) - incident.reportedAt) / SECOND);
  return {
    leakToRevocationVerifiedSeconds: Math.round(performance.now() - started) / 1_000,
    virtual: {
      replacedSeconds: seconds(incident.replacedAt),
      revocationVerifiedSeconds: seconds(incident.containedAt),
    },
  };
}

async function managedToken(sandbox: Sandbox, name: string): Promise<{ arn: string; value: string }> {
  const issuer = sandbox.issuers.find((one) => one.provider === 'gitlab');
  if (!issuer) throw new Error('The sandbox runs no GitLab.');
  await sandbox.grant('gitlab', [name]);
  const client = new SecretsManagerClient(sandbox.aws.clientConfig({ kind: 'root' }));
  const text = await issuer.createByHand(name);
  const tags = {
    [TAGS.installation]: sandbox.installation,
    [TAGS.issuer]: 'gitlab',
    [TAGS.owner]: 'team-bench',
  };
  const made = await client.send(
    new CreateSecretCommand({
      Name: name,
      SecretString: text,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  const arn = made.ARN ?? name;
  const RotationLambdaARN = sandbox.aws.lambda.arnOf(`keyturn-${sandbox.installation}-rotate-gitlab`);
  await client.send(
    new RotateSecretCommand({
      SecretId: arn,
      RotationLambdaARN,
      RotationRules: { AutomaticallyAfterDays: 91 },
      RotateImmediately: false,
    }),
  );
  await sandbox.advance(7 * HOUR);
  return { arn, value: String(JSON.parse(text).token) };
}

async function reportedBy(ports: CliPorts, value: string): Promise<void> {
  const [owned = []] = await ports.whose([digestOf(value)]);
  const now = await ports.now();
  for (const one of owned)
    await ports.commands.send(one.provider, [
      {
        kind: 'compromise',
        tokenId: one.tokenId,
        fingerprint: one.fingerprint,
        source: 'a person',
        reportedAt: now,
        notAfter: now + HOUR,
      },
    ]);
}

async function answered(sandbox: Sandbox, ports: CliPorts, tokenId: string): Promise<Incident> {
  for (let spent = 0; spent <= MOST; spent += LOOK_EVERY) {
    await sandbox.advance(LOOK_EVERY);
    const loaded = await ports.inventory.load(tokenId);
    const incident =
      loaded &&
      incidentsOf(loaded.token).find((one) => one.containedAt !== undefined && one.replacedAt !== undefined);
    if (incident) return incident;
  }
  throw new Error(`The leak of ${tokenId} was not answered within ${MOST / MINUTE} minutes.`);
}
