/**
 * Where the console of a Region is, by how the name of the Region begins. Sources: AWS General Reference,
 * "AWS Management Console endpoints" (`https://region-code.console.aws.amazon.com`); AWS GovCloud (US) user
 * guide and Amazon Web Services in China, for the domains of their partitions.
 */
const DOMAINS: readonly (readonly [region: RegExp, domain: string])[] = [
  [/^cn-[a-z]+-\d+$/, 'console.amazonaws.cn'],
  [/^us-gov-[a-z]+-\d+$/, 'console.amazonaws-us-gov.com'],
  [/^[a-z]{2}-[a-z]+-\d+$/, 'console.aws.amazon.com'],
];

/**
 * The page of a secret in the console of its Region, without its value; undefined in a partition whose
 * console has no address that is known here.
 */
export function secretLink(name: string, region: string): string | undefined {
  const domain = DOMAINS.find(([pattern]) => pattern.test(region))?.[1];
  return domain && `https://${region}.${domain}/secretsmanager/secret?name=${encodeURIComponent(name)}`;
}
