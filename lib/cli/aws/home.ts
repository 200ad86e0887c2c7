import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { aws } from '../../../functions/adapters/aws-errors.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import type { Home } from '../manifest/secrets.ts';

/**
 * Partition, Region and account of the caller. GetCallerIdentity needs no permission. Errors: `aws-failed`.
 */
export async function homeOf(
  config: Pick<
    STSClientConfig,
    'endpoint' | 'region' | 'profile' | 'credentials' | 'requestHandler' | 'maxAttempts'
  >,
): Promise<Home> {
  const sts = new STSClient(config);
  const region = await sts.config.region();
  const { Account: account, Arn: arn } = await aws('sts:GetCallerIdentity', () =>
    sts.send(new GetCallerIdentityCommand({})),
  );
  if (account === undefined)
    throw new KeyturnError('aws-failed', 'AWS did not do sts:GetCallerIdentity: the answer has no account.');
  return { region, account, partition: arn?.split(':')[1] ?? 'aws' };
}
