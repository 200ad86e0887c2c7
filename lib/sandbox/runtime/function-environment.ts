import { join } from 'node:path';
import { type Millis, SECOND } from '../../../functions/core/basics/time.ts';
import type { Credentials } from './principals.ts';

/** Lambda's own default for functions that state no time-out. */
export const DEFAULT_TIMEOUT = 3 * SECOND;

/** A function as the template declares it. */
export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  readonly folder: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Millis;
  readonly memoryMb: number;
  readonly logGroup: string;
}

/** Where functions run. */
export interface Surroundings {
  readonly region: string;
  /** A folder without a configuration of AWS in it. */
  readonly logFolder: string;
  /** Where AWS and the issuers listen. */
  readonly endpoint: string;
  /** The credentials of a function's role. */
  readonly credentials: (functionName: string) => Credentials;
}

/**
 * What Lambda adds to the template's variables (developer guide, "Defined runtime environment variables"),
 * and where the sandbox is.
 */
export function environmentOf(
  fn: DeployedFunction,
  stream: string,
  { region, logFolder, endpoint, credentials }: Surroundings,
): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials(fn.name);
  return {
    ...fn.environment,
    _HANDLER: fn.handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_LEVEL: 'INFO',
    AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: stream,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    LAMBDA_TASK_ROOT: fn.folder,
    TZ: ':UTC',
    AWS_ENDPOINT_URL: endpoint,
    // Whatever this machine is set up for AWS with is none of the function's business.
    AWS_CONFIG_FILE: join(logFolder, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(logFolder, 'no-credentials'),
  };
}
