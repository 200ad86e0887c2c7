import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Aws } from '../../lib/sandbox/aws/aws.ts';
import { AwsError } from '../../lib/sandbox/aws/errors.ts';

/**
 * Points in time come as seconds since 1970, in members that end with `Date`; bytes as base64, in
 * `SecretBinary`.
 */
function revived(output: unknown): object {
  const members = Object.entries(output ?? {}).map(([key, value]) => [key, revivedMember(key, value)]);
  return { ...Object.fromEntries(members), $metadata: { httpStatusCode: 200, attempts: 1 } };
}

function revivedMember(key: string, value: unknown): unknown {
  if (typeof value === 'number' && key.endsWith('Date')) return new Date(value * 1000);
  if (typeof value === 'string' && key === 'SecretBinary') return Buffer.from(value, 'base64');
  return value;
}

/** Bytes go as base64. */
function written(input: object): Record<string, unknown> {
  const members = Object.entries(structuredClone(input)).map(
    ([key, value]: [string, unknown]): [string, unknown] => [
      key,
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ],
  );
  return Object.fromEntries(members);
}

/**
 * A client that asks the AWS of this process without writing and reading HTTP, which would be half of a
 * soak's time. What the SDK makes of requests and answers is tested wherever there is time for it.
 */
export function directClient(aws: () => Aws): SecretsManagerClient {
  const client = new SecretsManagerClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'direct', secretAccessKey: 'direct' },
  });
  const send = async (command: {
    readonly input: object;
    readonly constructor: { readonly name: string };
  }): Promise<object> => {
    const operation = command.constructor.name.replace(/Command$/, '');
    try {
      return revived(
        await aws().call({
          service: 'secretsmanager',
          operation,
          input: written(command.input),
          principal: { kind: 'root' },
        }),
      );
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw Object.assign(error, { $metadata: { httpStatusCode: error.status, attempts: 1 } });
    }
  };
  return Object.assign(client, { send });
}
