import {
  AttributeType,
  Billing,
  CfnGlobalTable,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { CfnEventBus, EventBus } from 'aws-cdk-lib/aws-events';
import type { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { type ResourceNames, namesOf } from '../../../functions/core/basics/resource-names.ts';
import type { ProviderDescriptor } from '../../../functions/core/issuer/provider-descriptor.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import { ownIssuers, type OwnIssuers } from '../own-issuers.ts';
import type { Settings } from '../settings.ts';
import { Bundles, type Entry } from './bundling.ts';
import { busPolicy } from './bus-policy.ts';
import { Keys, removalOf } from './keys.ts';

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
  readonly own: OwnIssuers;
  /** The issuers that are deployed: the built-in ones that the settings name, then those of files. */
  readonly issuers: readonly ProviderDescriptor[];
  readonly bundles: Bundles;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.settings = settings;
    this.own = ownIssuers(this, settings);
    this.issuers = [
      ...DESCRIPTORS.filter((one) => Object.hasOwn(settings.issuers, one.id)),
      ...this.own.descriptors,
    ];
    this.bundles = new Bundles(this.issuers.map(entryOf));
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
      deletionProtection: settings.retention.removalPolicy === 'retain',
      removalPolicy: removalOf(settings),
    });
    encryptTable(this.table, this.keys.data);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: this.names.bus,
      description: `Facts of Keyturn ${settings.installation}`,
    });
    attachPolicy(this.bus, busPolicy(this, settings, this.names.bus));
  }
}

/** The handlers of one issuer; those that files declare share theirs. */
export function entryOf({ id, own }: ProviderDescriptor): Entry {
  return `issuers/${own ? 'own' : id}.ts`;
}

/**
 * With the bus itself: policies of their own would each be another resource, and replace what this one says.
 */
function attachPolicy(bus: EventBus, policy: PolicyDocument): void {
  const resource = bus.node.defaultChild;
  if (!(resource instanceof CfnEventBus)) throw new TypeError('an EventBus is an AWS::Events::EventBus');
  resource.policy = policy;
}

/**
 * CDK takes a customer's key only where the Region is known at synth; this stack is bound to none, so the key
 * is put in by hand.
 */
function encryptTable(table: TableV2, key: IKey): void {
  const resource = table.node.defaultChild;
  if (!(resource instanceof CfnGlobalTable))
    throw new TypeError('a TableV2 is an AWS::DynamoDB::GlobalTable');
  resource.addPropertyOverride('Replicas.0.SSESpecification.KMSMasterKeyId', key.keyArn);
}
