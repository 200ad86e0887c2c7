import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Foundation } from './constructs/foundation.ts';

/**
 * Statements are written out rather than taken from the grants of CDK, which allow more than is used.
 * test/infra/permissions.test.ts holds the whole of each role.
 */
export function allow(
  actions: readonly string[],
  resources: readonly string[],
  conditions: Record<string, Record<string, string | string[]>> = {},
): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...resources], conditions });
}

/** Use of a key through AWS services only, never directly. */
export function useKeyThrough(
  key: IKey,
  services: readonly string[],
  actions: readonly string[],
): PolicyStatement {
  return allow(actions, [key.keyArn], {
    StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${Aws.REGION}.amazonaws.com`) },
  });
}

export const WRITE_KEY = ['kms:Decrypt', 'kms:GenerateDataKey'];

export function publishFacts(scope: Foundation): PolicyStatement {
  return allow(['events:PutEvents'], [scope.bus.eventBusArn]);
}

export function seal(scope: Foundation): PolicyStatement {
  return allow(['kms:GenerateMac'], [scope.keys.seal.keyArn], {
    StringEquals: { 'kms:MacAlgorithm': 'HMAC_SHA_256' },
  });
}
