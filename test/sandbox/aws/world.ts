import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { createAws } from '../../../lib/sandbox/aws/create-aws.ts';
import { allowService } from '../../../lib/sandbox/aws/lambda.ts';
import type { Aws, AwsOptions } from '../../../lib/sandbox/aws/aws.ts';
import type { Invocation, PolicyDocument, Principal } from '../../../lib/sandbox/aws/types.ts';
import { VirtualClock } from '../../../lib/sandbox/clock.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';
export const START = Date.UTC(2026, 10, 20, 9, 30);
export const ROOT: Principal = { kind: 'root' };

/** Ids that count up, so that runs repeat. */
export function countingUuid(): () => string {
  let count = 0;
  return () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`;
}

export function token(name: string): string {
  return name.padEnd(32, '-');
}

export const StepEvent = z.object({
  Step: z.string(),
  SecretId: z.string(),
  ClientRequestToken: z.string(),
  RotationToken: z.string(),
});
export type StepEvent = z.infer<typeof StepEvent>;

export type Handler = (payload: unknown) => unknown;

/** A rotation function made of a handler that takes the step's event. */
export function onStep(handler: (event: StepEvent) => unknown): Handler {
  return (payload) => handler(StepEvent.parse(payload));
}

export interface Sandbox {
  readonly aws: Aws;
  readonly clock: VirtualClock;
  readonly secrets: SecretsManagerClient;
  /** What runs when a function is invoked; a function that throws answers a function error. */
  readonly functions: Map<string, Handler>;
  /** The payloads of every invocation. */
  readonly invoked: { readonly name: string; readonly payload: unknown; readonly at: number }[];
}

/** An AWS with one function, `rotate`, that Secrets Manager may invoke. */
export function sandbox(options: Partial<AwsOptions> = {}): Sandbox {
  const clock = new VirtualClock(START);
  const functions = new Map<string, Handler>();
  const invoked: Sandbox['invoked'] = [];
  const invoke = async (name: string, payload: unknown): Promise<Invocation> => {
    invoked.push({ name, payload, at: clock.now() });
    try {
      return { payload: await functions.get(name)?.(payload) };
    } catch (error) {
      return { functionError: 'Unhandled', errorMessage: error instanceof Error ? error.message : '' };
    }
  };
  const aws = createAws({
    clock,
    account: ACCOUNT,
    region: REGION,
    uuid: countingUuid(),
    invoke,
    ...options,
  });
  aws.lambda.add({ name: 'rotate', policy: allowService('secretsmanager.amazonaws.com', ACCOUNT) });
  return {
    aws,
    clock,
    secrets: new SecretsManagerClient({ ...aws.clientConfig(ROOT), maxAttempts: 1 }),
    functions,
    invoked,
  };
}

export function role(name: string, ...statements: Record<string, unknown>[]): Principal {
  const policies: PolicyDocument[] = [{ Version: '2012-10-17', Statement: statements }];
  return { kind: 'role', name, session: 'session', policies };
}

export async function newSecret(
  { secrets }: Sandbox,
  name = 'app/token',
  value = 'one',
): Promise<{ arn: string; version: string }> {
  const made = await secrets.send(
    new CreateSecretCommand({ Name: name, SecretString: value, ClientRequestToken: token('first') }),
  );
  return { arn: made.ARN ?? '', version: made.VersionId ?? '' };
}
