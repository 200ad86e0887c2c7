import { AttributeType, Billing, CfnGlobalTable, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../../../functions/core/events.ts';
import { type ResourceNames, namesOf } from '../names.ts';
import type { Settings } from '../settings.ts';
import { Keys, forwardersOf, removalOf, rolesOfKeyturn } from './keys.ts';

/** The index over all tokens. */
export const RECORDS_INDEX = 'records';
/** The sparse index over tokens that have something due; the inventory adapter queries it by this name. */
export const DUE_INDEX = 'due';
/** The sparse index over rotations that wait or are under way. */
export const ROTATIONS_INDEX = 'rotations';

/** What all functions of an installation stand on: names, keys, the inventory table and the bus for facts. */
export class Foundation extends Construct {
  readonly settings: Settings;
  readonly names: ResourceNames;
  readonly keys: Keys;
  readonly table: TableV2;
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.settings = settings;
    this.names = namesOf(settings.installation);
    this.keys = new Keys(this, 'Keys', settings);
    this.table = new TableV2(this, 'Inventory', {
      tableName: this.names.table,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      globalSecondaryIndexes: [
        {
          indexName: RECORDS_INDEX,
          partitionKey: { name: 'recordShard', type: AttributeType.STRING },
          sortKey: { name: 'pk', type: AttributeType.STRING },
          projectionType: ProjectionType.KEYS_ONLY,
        },
        {
          indexName: DUE_INDEX,
          partitionKey: { name: 'dueShard', type: AttributeType.STRING },
          sortKey: { name: 'dueAt', type: AttributeType.NUMBER },
          projectionType: ProjectionType.KEYS_ONLY,
        },
        {
          indexName: ROTATIONS_INDEX,
          partitionKey: { name: 'line', type: AttributeType.STRING },
          sortKey: { name: 'lineAt', type: AttributeType.NUMBER },
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: ['place'],
        },
      ],
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'ttl',
      deletionProtection: settings.retention.state === 'retain',
      removalPolicy: removalOf(settings),
    });
    encryptTable(this.table, this.keys.data);
    this.bus = new EventBus(this, 'Bus', { eventBusName: this.names.bus, description: `Facts of Keyturn ${settings.installation}` });
    this.bus.addToResourcePolicy(this.#factsFromKeyturnOnly());
  }

  /**
   * Whoever may put events in this account may put them on this bus, and a fact is believed: so facts are refused from all but Keyturn's own roles, and those in whose name
   * accepted installations tell of their tokens. `events:source` has all sources of a request (service authorization reference, "Condition keys for Amazon EventBridge": ArrayOfString).
   */
  #factsFromKeyturnOnly(): PolicyStatement {
    const { installation, staging } = this.settings;
    return new PolicyStatement({
      sid: 'FactsFromKeyturnOnly',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['events:PutEvents'],
      resources: [this.bus.eventBusArn],
      conditions: {
        'ForAnyValue:StringEquals': { 'events:source': EVENT_SOURCE },
        ArnNotLike: { 'aws:PrincipalArn': [...rolesOfKeyturn(this, installation), ...staging.acceptFrom.map(forwardersOf)] },
      },
    });
  }
}

/** CDK takes a customer's key only where the Region is known at synth; this stack is bound to none, so the key is put in by hand. */
function encryptTable(table: TableV2, key: IKey): void {
  const resource = table.node.defaultChild;
  if (!(resource instanceof CfnGlobalTable)) throw new TypeError('a TableV2 is an AWS::DynamoDB::GlobalTable');
  resource.addPropertyOverride('Replicas.0.SSESpecification.KMSMasterKeyId', key.keyArn);
}
