import type { Access, Sandbox } from './api.ts';

/**
 * What makes the AWS CLI and SDKs use a sandbox, by the names of their guide ("Environment variables" of the
 * AWS CLI user guide). The credentials open nothing else.
 */
export function environmentFor({ endpoint, region, credentials }: Access): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
}

/** How a shell reaches a sandbox with the AWS CLI and SDKs, line by line. */
export function accessLines(sandbox: Pick<Sandbox, 'operate' | 'read'>): readonly string[] {
  const operator = environmentFor(sandbox.operate());
  const reader = Object.entries(environmentFor(sandbox.read()));
  return [
    'The AWS CLI and SDKs use it as an operator, who cannot read values, with:',
    ...Object.entries(operator).map(exported),
    'As a reader, such as a consumer, with these instead:',
    ...reader.filter(([name, value]) => operator[name] !== value).map(exported),
  ];
}

function exported([name, value]: readonly [string, string]): string {
  return `  export ${name}=${value}`;
}
