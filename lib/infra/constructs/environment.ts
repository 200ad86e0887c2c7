import { Aws, Stack } from 'aws-cdk-lib';
import type { CommonEnv, ScopeEnv } from '../../../functions/handlers/common.env.ts';
import type { Bearing } from '../issuer-limits.ts';
import type { Foundation } from './foundation.ts';
import type { EnvironmentOf } from './keyturn-function.ts';
import type { WorkQueue } from './work-queue.ts';

/** Which installation a function is of. */
export function scopeEnvironment(foundation: Foundation): EnvironmentOf<typeof ScopeEnv> {
  return { KEYTURN_INSTALLATION: foundation.settings.installation, KEYTURN_ACCOUNT: Aws.ACCOUNT_ID };
}

/** What every function is told. */
export function commonEnvironment(foundation: Foundation): EnvironmentOf<typeof CommonEnv> {
  return {
    ...scopeEnvironment(foundation),
    TABLE_NAME: foundation.table.tableName,
    BUS_NAME: foundation.bus.eventBusName,
    POLICY_DEFAULTS: JSON.stringify(foundation.settings.policies),
  };
}

/** What each provider's issuers bear, as the functions that plan work for them read it. */
export function issuerLimits(providers: ReadonlyMap<string, { readonly bearing: Bearing }>): string {
  const limits = [...providers].map(([id, { bearing }]) => [
    id,
    {
      maxConcurrentRotations: bearing.maxConcurrentRotations,
      inspectionsPerMinute: bearing.inspectionsPerMinute,
    },
  ]);
  return JSON.stringify(Object.fromEntries(limits));
}

/** The worker queues by provider, as the functions that send commands read them. */
export function workerQueues(
  scope: Foundation,
  providers: ReadonlyMap<string, { readonly commands: WorkQueue }>,
): string {
  const urls = [...providers].map(([id, provider]) => [id, provider.commands.queue.queueUrl]);
  return Stack.of(scope).toJsonString(Object.fromEntries(urls));
}
