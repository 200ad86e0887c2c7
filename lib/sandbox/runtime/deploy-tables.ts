import * as z from 'zod';
import type { Deployment } from './deployment.ts';

const Keys = z.array(z.looseObject({ AttributeName: z.string(), KeyType: z.string() }));
const Table = z.looseObject({
  AttributeDefinitions: z.array(z.looseObject({ AttributeName: z.string(), AttributeType: z.string() })),
  KeySchema: Keys,
  GlobalSecondaryIndexes: z
    .array(
      z.looseObject({
        IndexName: z.string(),
        KeySchema: Keys,
        Projection: z.looseObject({
          ProjectionType: z.string(),
          NonKeyAttributes: z.array(z.string()).optional(),
        }),
      }),
    )
    .optional(),
  DeletionProtectionEnabled: z.boolean().optional(),
  Replicas: z.array(z.looseObject({ DeletionProtectionEnabled: z.boolean().optional() })).default([]),
});

/** Tables, with their indexes, on demand. Items do not age here: what a time to live would remove stays. */
export async function deployTables({ aws, template }: Deployment): Promise<void> {
  for (const resource of [
    ...template.of('AWS::DynamoDB::GlobalTable'),
    ...template.of('AWS::DynamoDB::Table'),
  ]) {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, ...table } = Table.parse(
      resource.properties,
    );
    // A global table says it for each replica.
    const DeletionProtectionEnabled = [table, ...table.Replicas].some(
      (one) => one.DeletionProtectionEnabled === true,
    );
    const indexes = GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
      IndexName,
      KeySchema,
      Projection,
    }));
    const input = {
      TableName: resource.ref,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions,
      KeySchema,
      ...(indexes && { GlobalSecondaryIndexes: indexes }),
      DeletionProtectionEnabled,
    };
    await aws.call({ service: 'dynamodb', operation: 'CreateTable', input, principal: { kind: 'root' } });
  }
}
