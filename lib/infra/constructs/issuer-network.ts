import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Settings } from '../settings.ts';
import { CA_FILE_IN_BUNDLE } from './bundling.ts';

/** How functions reach issuers: from which network, and whom they trust there. */
export interface IssuerNetwork {
  readonly vpc: Settings['vpc'];
  readonly caFile: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

export function issuerNetwork({ vpc, caBundleFile }: Settings): IssuerNetwork {
  const environment: Record<string, string> =
    caBundleFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: `/var/task/${CA_FILE_IN_BUNDLE}` };
  return { vpc, caFile: caBundleFile, environment };
}

const NETWORK_INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Lambda attaches the function to the VPC in the role's name; the function's own code may not (Lambda
 * developer guide, "Giving Lambda functions access to resources in an Amazon VPC").
 */
export function networkStatements(functionArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: NETWORK_INTERFACES, resources: ['*'] }),
    new PolicyStatement({
      effect: Effect.DENY,
      actions: NETWORK_INTERFACES,
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
    }),
  ];
}
