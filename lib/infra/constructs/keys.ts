import { ArnFormat, Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/**
 * Services that publish into encrypted queues and topics of this account; without a key they would drop
 * messages in silence. SNS and CloudWatch say for which account they do (SNS developer guide, "Key
 * management": event sources and encrypted topics). EventBridge does not: conditions on the source are not
 * supported from it to encrypted topics (same page), so the policy of each queue that it sends to names the
 * rule (`WorkQueue.take`).
 */
const PUBLISHERS = [
  {
    sid: 'PublishEncrypted',
    services: ['sns', 'cloudwatch'],
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  },
  { sid: 'EventsEncrypted', services: ['events'], conditions: {} },
];

/** What the account's administrators may do with the sealing key: everything but use it. */
const ADMINISTRATION = ['Describe', 'Get', 'List', 'Put', 'Update', 'Enable', 'Disable', 'Cancel'].map(
  (verb) => `kms:${verb}*`,
);

/** IAM path of the roles that read values of secrets for Keyturn: detection leaves them out. */
export function readersPath(installation: string): string {
  return `/keyturn/${installation}/${Aws.REGION}/`;
}

/**
 * IAM path of the roles of all other functions. It lies outside of {@link readersPath}: should one of these
 * read a value, detection sees it.
 */
export function functionsPath(installation: string): string {
  return `/keyturn-functions/${installation}/${Aws.REGION}/`;
}

/** IAM path of the role in whose name an installation tells others what becomes of its tokens. */
export function forwardersPath(installation: string): string {
  return `/keyturn-forwarders/${installation}/${Aws.REGION}/`;
}

/**
 * The ARNs of the roles of an installation's functions, as patterns: policies that name them outlive a role
 * that is made anew.
 */
export function rolesOfKeyturn(scope: Construct, installation: string): string[] {
  return [readersPath(installation), functionsPath(installation)].map((path) =>
    Stack.of(scope).formatArn({ service: 'iam', region: '', resource: `role${path}*` }),
  );
}

/** The ARNs of the roles in whose name the installations of an account tell others of their tokens. */
export function forwardersOf(account: string): string {
  return `arn:${Aws.PARTITION}:iam::${account}:role/keyturn-forwarders/*`;
}

/** IAM path of the roles that may seal, so that the key's policy outlives a role that is made anew. */
export function sealersPath(installation: string): string {
  return `${readersPath(installation)}sealers/`;
}

/** The two keys of an installation: one encrypts what is stored, one says "this is ours". */
export class Keys extends Construct {
  /** Encrypts the table, the queues, the topic and the logs. */
  readonly data: IKey;
  /** Makes seals and fingerprints; whoever may use it can pass a credential off as Keyturn's. */
  readonly seal: IKey;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const { dataKeyArn, hmacKeyArn } = settings.reuse;
    this.data =
      dataKeyArn === undefined ? this.#makeDataKey(settings) : Key.fromKeyArn(this, 'Data', dataKeyArn);
    this.seal =
      hmacKeyArn === undefined ? this.#makeSealKey(settings) : Key.fromKeyArn(this, 'Seal', hmacKeyArn);
  }

  #makeDataKey(settings: Settings): Key {
    const key = new Key(this, 'Data', {
      alias: `keyturn/${settings.installation}`,
      description: `Keyturn ${settings.installation}: table, queues, topic and logs`,
      enableKeyRotation: true,
      removalPolicy: removalOf(settings),
    });
    for (const { sid, services, conditions } of PUBLISHERS) {
      const principals = services.map((service) => new ServicePrincipal(`${service}.amazonaws.com`));
      key.addToResourcePolicy(
        new PolicyStatement({
          sid,
          principals,
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: ['*'],
          conditions,
        }),
      );
    }
    const logGroups = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `/aws/lambda/keyturn-${settings.installation}-*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'EncryptLogs',
        principals: [new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`)],
        actions: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
          'kms:GenerateDataKey',
          'kms:DescribeKey',
        ],
        resources: ['*'],
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
      }),
    );
    return key;
  }

  #makeSealKey(settings: Settings): Key {
    const sealers = Stack.of(this).formatArn({
      service: 'iam',
      region: '',
      resource: `role${sealersPath(settings.installation)}*`,
    });
    const policy = new PolicyDocument({
      statements: [
        new PolicyStatement({
          sid: 'AdministerNotUse',
          principals: [new AccountRootPrincipal()],
          actions: [
            ...ADMINISTRATION,
            'kms:ScheduleKeyDeletion',
            'kms:TagResource',
            'kms:UntagResource',
            'kms:CreateAlias',
            'kms:DeleteAlias',
          ],
          resources: ['*'],
        }),
        new PolicyStatement({
          sid: 'SealFromKeyturnRolesOnly',
          principals: [new AccountRootPrincipal()],
          actions: ['kms:GenerateMac'],
          resources: ['*'],
          conditions: { ArnLike: { 'aws:PrincipalArn': sealers } },
        }),
      ],
    });
    return new Key(this, 'Seal', {
      alias: `keyturn/${settings.installation}/seal`,
      description: `Keyturn ${settings.installation}: seals and fingerprints`,
      keySpec: KeySpec.HMAC_256,
      keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
      policy,
      removalPolicy: removalOf(settings),
    });
  }
}

export function removalOf(settings: Settings): RemovalPolicy {
  return settings.retention.removalPolicy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}
