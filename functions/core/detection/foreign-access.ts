import { outsidersIn } from './policy-principals.ts';
import type { Parameters } from './trail-event.ts';
import { type Change, listed, shown } from './change.ts';

/**
 * A key of another account is named by its ARN or an alias's ARN; what is no ARN is of this account (Secrets
 * Manager API Reference, "UpdateSecret").
 */
export function rekeyed(key: string, account: string): Change {
  const owner = ownerOf(key);
  if (owner === undefined || owner === account)
    return { subject: 'key', severity: 'warning', what: `put it under the KMS key ${shown(key)}` };
  return {
    subject: 'key',
    severity: 'critical',
    what:
      `put it under ${shown(key)}, a KMS key of the foreign account ${owner}, which decides from now on ` +
      'who can read it',
  };
}

function ownerOf(key: string): string | undefined {
  return /^arn:[a-z-]+:kms:[a-z0-9-]*:(\d{12}):/.exec(key)?.[1];
}

export function policySet(text: string | null | undefined, account: string): Change {
  const outsiders = outsidersIn(text, account);
  if (!outsiders.known || outsiders.who.length === 0)
    return { subject: 'policy', severity: 'warning', what: 'changed its resource policy' };
  const who = outsiders.who.includes('*') ? 'everybody' : `others: ${listed(outsiders.who)}`;
  return {
    subject: 'policy',
    severity: 'critical',
    what: `changed its resource policy, which now lets in ${who}`,
  };
}

export function copied({ addReplicaRegions }: Parameters, account: string): Change {
  const replicas = addReplicaRegions ?? [];
  const foreign = replicas
    .map((one) => ownerOf(one.kmsKeyId ?? ''))
    .filter((owner) => owner !== undefined && owner !== account);
  const what =
    'copied it into ' +
    (replicas.length === 0 ? 'another Region' : listed(replicas.map((one) => one.region ?? '')));
  if (foreign.length === 0) return { subject: 'replicas', severity: 'warning', what };
  return {
    subject: 'replicas',
    severity: 'critical',
    what: `${what}, under a KMS key of the foreign account ${foreign[0]}`,
  };
}
