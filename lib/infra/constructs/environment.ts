import { Aws, Fn } from 'aws-cdk-lib';
import { issuerLimitsText, queueUrlsText } from '../../../functions/handlers/issuers.env.ts';
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
  return issuerLimitsText(Object.fromEntries([...providers].map(([id, { bearing }]) => [id, bearing])));
}

/**
 * The worker queues by provider, as the functions that send commands read them. What stands before the name
 * of one queue stands before the names of all: that of `known` tells the others.
 */
export function workerQueues({ names, issuers }: Foundation, known: WorkQueue): string {
  const before = Fn.select(0, Fn.split(known.name, known.queue.queueUrl));
  return queueUrlsText(
    `${before}${names.worker('*')}`,
    issuers.map(({ id }) => id),
  );
}
