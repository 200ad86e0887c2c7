const V4 = /^(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/;
const LONGEST = 40;

/**
 * The network that a call came from: a VPC endpoint by its id, an address by its surroundings (IPv4 /16, IPv6
 * /48), an AWS service as `aws`. A /16 is what a household or a fleet behind its gateways keeps for months;
 * whoever chooses an address in the same one looks the same.
 */
export function networkOf(address: string | undefined, vpcEndpoint: string | undefined): string {
  if (vpcEndpoint) return vpcEndpoint.slice(0, LONGEST);
  const text = address ?? '';
  const v4 = V4.exec(text);
  if (v4) return `${v4[1]}.${v4[2]}.0.0/16`;
  if (text.includes(':')) return `${firstGroups(text).join(':')}::/48`;
  return text === 'AWS Internal' || text.endsWith('.amazonaws.com') ? 'aws' : 'unknown';
}

/**
 * The first three of an IPv6 address's eight groups, without leading zeros; `::` stands for as many zeros as
 * are missing.
 */
function firstGroups(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return groups.slice(0, 3).map((group) =>
    group
      .replace(/[^0-9a-f]/g, '')
      .replace(/^0+(?=.)/, '')
      .slice(0, 4),
  );
}

/**
 * The kind of program that called, without version and what follows: `aws-sdk-js`, `boto3`, `aws-cli`. The
 * caller chooses it, so only what looks like a name is kept.
 */
export function agentOf(userAgent: string | undefined): string {
  const name = /^\[?([a-z][a-z0-9-]*)/i.exec(userAgent ?? '')?.[1];
  return name === undefined ? 'unknown' : name.toLowerCase().slice(0, LONGEST);
}
