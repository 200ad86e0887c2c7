import type { Access } from './api.ts';

/** What makes the AWS CLI and SDKs use a sandbox, by the names of their guide ("Environment variables" of the AWS CLI user guide). The credentials open nothing else. */
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
