import { Annotations, ArnFormat, RemovalPolicy, SecretValue, Stack, Tags } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnRotationSchedule, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { DeclaredConsumer } from '../../../functions/core/consumers/consumers.ts';
import { TAGS, type TagProblem } from '../../../functions/core/policy/tags.ts';
import { registrationOf } from '../../../functions/core/policy/read-tags.ts';
import { tagsOfConsumers, tagsOfPlace, tagsOfPolicy } from '../../../functions/core/policy/write-tags.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import { namesOf } from '../../../functions/core/basics/resource-names.ts';
import { SettingsError } from '../settings.ts';
import { checkIssuer, issuerOf, refuseUndeployed } from './token-issuer.ts';

/**
 * What the owner wants of a token, as in a manifest: durations like `30d`. Fields left out take Keyturn's
 * defaults.
 */
export type TokenPolicy = Parameters<typeof tagsOfPolicy>[0];

interface Registration {
  /** Id of the issuer of its credentials, such as `gitlab`. */
  readonly issuer: string;
  /** Who hears of it. */
  readonly owner: string;
  /** @default "production" */
  readonly environment?: string;
  /** What it is for, in a few words. */
  readonly purpose?: string;
  /** Name of the admin secret to use. @default the issuer's own, keyturn/admin/<issuer> */
  readonly admin?: string;
  /**
   * The field of the secret's JSON that holds the token, as a path: `gitlab.token`. @default the issuer's own
   * field, or the whole of a plain text
   */
  readonly field?: string;
  /** What stands around the token in its field, or in a plain text: `Bearer {value}`. @default nothing */
  readonly format?: string;
  readonly policy?: TokenPolicy;
  /** Who uses it: Keyturn brings each the new value, or waits until it has moved. @default none */
  readonly consumers?: readonly DeclaredConsumer[];
  /** Which installation of Keyturn in this account and Region takes care of it. @default "main" */
  readonly installation?: string;
}

interface NewSecret {
  /** @default a generated name */
  readonly secretName?: string;
  /** Named in Keyturn's setting secretKmsKeyArns too. @default the account's own key for Secrets Manager */
  readonly encryptionKey?: IKey;
  /** @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
  readonly secret?: never;
}

interface ExistingSecret {
  /** A secret that holds a token already, or will. */
  readonly secret: ISecret | Secret;
  readonly secretName?: never;
  readonly encryptionKey?: never;
  readonly removalPolicy?: never;
}

export type ManagedTokenProps = Registration & (NewSecret | ExistingSecret);

/**
 * Secrets Manager rotates by itself after so many days at most (RotationRulesType, AutomaticallyAfterDays).
 */
const MOST_DAYS = 1000;

/**
 * A token that Keyturn takes care of: a secret, the tags that register it, and a schedule of Secrets
 * Manager's own as a backstop, a day after the token's maximum age, should Keyturn itself stand still. A new
 * secret is empty; Keyturn mints the first value. Errors: a sentence that names the field, when the
 * registration is wrong or contradicts itself.
 */
export class ManagedToken extends Construct {
  readonly secret: ISecret | Secret;

  constructor(scope: Construct, id: string, props: ManagedTokenProps) {
    super(scope, id);
    checkIssuer(props.issuer);
    const tags = tagsOf(props);
    const issuer = issuerOf(this, props);
    const { policy, problems = [] } = registrationOf(
      new Map(tags),
      props.secretName ?? this.node.path,
      {},
      { issuer },
    );
    checkTags(problems);
    this.secret = props.secret ?? this.#makeSecret(props);
    this.#register(tags);
    this.#backstop(props, Math.ceil(policy.maxAge / DAY) + 1);
    refuseUndeployed(this, props);
  }

  #makeSecret(props: NewSecret & Registration): Secret {
    return new Secret(this, 'Secret', {
      description: props.purpose ?? `Token of ${props.owner}, managed by Keyturn`,
      // An object without a credential, where CDK would generate a password that no issuer knows. It never
      // changes, so CloudFormation never writes it again.
      secretStringValue: SecretValue.unsafePlainText('{}'),
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
      ...(props.secretName !== undefined && { secretName: props.secretName }),
      ...(props.encryptionKey && { encryptionKey: props.encryptionKey }),
    });
  }

  #register(tags: readonly [string, string][]): void {
    if (Secret.isOwnedResource(this.secret)) {
      for (const [key, value] of tags) Tags.of(this.secret).add(key, value);
      return;
    }
    const list = tags.map(([key, value]) => `${key}=${value}`).join(', ');
    Annotations.of(this).addWarningV2(
      'keyturn:tags',
      `CloudFormation cannot tag a secret that it did not make: add these tags to it by hand: ${list}.`,
    );
  }

  #backstop(props: Registration, days: number): void {
    if (days > MOST_DAYS)
      throw new SettingsError(
        `${this.node.path}: maxAge is too long for Secrets Manager: make it ${MOST_DAYS - 1}d or shorter.`,
      );
    const functionName = namesOf(props.installation ?? 'main').rotate(props.issuer);
    // Not the construct of CDK for this: it would rotate on deployment, and forbid everybody in the account
    // to delete the secret.
    new CfnRotationSchedule(this, 'Backstop', {
      secretId: this.secret.secretArn,
      rotationLambdaArn: Stack.of(this).formatArn({
        service: 'lambda',
        resource: 'function',
        resourceName: functionName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
      rotateImmediatelyOnUpdate: false,
      rotationRules: { automaticallyAfterDays: days },
    });
  }
}

/** What only becomes a finding where somebody wrote tags by hand is refused where they are made. */
function checkTags(problems: readonly TagProblem[]): void {
  const [first] = problems;
  if (first !== undefined) throw new SettingsError(first.detail);
}

function tagsOf(props: Registration): [string, string][] {
  const stated: [string, string | undefined][] = [
    [TAGS.installation, props.installation ?? 'main'],
    [TAGS.issuer, props.issuer],
    [TAGS.owner, props.owner],
    [TAGS.environment, props.environment],
    [TAGS.purpose, props.purpose],
    [TAGS.admin, props.admin],
    ...tagsOfPlace(props),
  ];
  const given = stated.flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] satisfies [string, string]],
  );
  return [...given, ...tagsOfPolicy(props.policy ?? {}), ...tagsOfConsumers(props.consumers ?? [])];
}
