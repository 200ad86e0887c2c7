import { ArnFormat, type Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal, type Role } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  CfnFunction,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type * as z from 'zod';
import { OWN_ISSUERS_FILE } from '../../../functions/handlers/own-issuers.env.ts';
import { acknowledge } from '../acknowledge.ts';
import { SettingsError } from '../settings.ts';
import { CA_FILE_IN_BUNDLE, type Entry } from './bundling.ts';
import type { Foundation } from './foundation.ts';
import { InlineRole } from './inline-role.ts';
import { type IssuerNetwork, networkStatements } from './issuer-network.ts';
import { functionsPath } from './keys.ts';

/** The variables a handler's schema asks for; AWS_REGION is set by Lambda and may not be given. */
export type EnvironmentOf<S extends z.ZodObject> = {
  readonly [K in Exclude<keyof z.input<S>, 'AWS_REGION'>]: string;
};

export interface KeyturnFunctionProps<S extends z.ZodObject> {
  readonly foundation: Foundation;
  readonly name: string;
  readonly description: string;
  /** File under functions/handlers and the function it exports. */
  readonly entry: Entry;
  readonly handler: string;
  /** The handler's own schema of its environment: a missing or misspelt variable does not compile. */
  readonly env: S;
  readonly environment: EnvironmentOf<S>;
  readonly timeout: Duration;
  readonly memorySize?: number;
  /**
   * So many of it run at once at most, and so many are taken from what the account's other functions share.
   */
  readonly atOnce?: number;
  /** The log, where it shares one; else one is made. */
  readonly log?: LogGroup;
  /** The role, where it had to be made before; else one is made. */
  readonly role?: Role;
  /** IAM path of a role that is made here; by default that of functions which read no values. */
  readonly rolePath?: string;
  /** Where events go that an asynchronous invocation gave up. */
  readonly dead?: IQueue;
  /** Set for functions that talk to issuers. */
  readonly network?: IssuerNetwork;
}

/** A role for one function. The path says whose it is: see keys.ts. */
export function functionRole(scope: Construct, id: string, description: string, path: string): Role {
  return new InlineRole(scope, id, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description,
    path,
  });
}

/** A log group for one function, or for several: each writes streams of its own. */
export function functionLog(
  scope: Construct,
  { settings, keys }: Foundation,
  logGroupName: string,
): LogGroup {
  return new LogGroup(scope, 'Log', {
    logGroupName,
    retention: settings.retention.logDays,
    encryptionKey: keys.data,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/**
 * The only place a Lambda function of Keyturn is made: runtime, bundle, log, role. The role may do nothing
 * but write its log until more is allowed.
 */
export class KeyturnFunction<S extends z.ZodObject> extends Construct {
  readonly name: string;
  readonly fn: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: KeyturnFunctionProps<S>) {
    super(scope, id);
    checkEnvironment(props);
    this.name = props.name;
    const { foundation, network } = props;
    const logGroup = props.log ?? functionLog(this, foundation, `/aws/lambda/${props.name}`);
    this.role =
      props.role ??
      functionRole(
        this,
        'Role',
        props.description,
        props.rolePath ?? functionsPath(foundation.settings.installation),
      );
    this.allow(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    this.fn = new LambdaFunction(this, 'Function', {
      functionName: props.name,
      description: props.description,
      code: foundation.bundles.code(props.entry, [
        { from: network?.caFile, to: CA_FILE_IN_BUNDLE },
        { from: foundation.own.file, to: OWN_ISSUERS_FILE },
      ]),
      handler: `index.${props.handler}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize ?? 256,
      timeout: props.timeout,
      ...(props.atOnce !== undefined && { reservedConcurrentExecutions: props.atOnce }),
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      environment: {
        ...props.environment,
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: props.name,
        POWERTOOLS_METRICS_NAMESPACE: 'Keyturn',
        ...network?.environment,
      },
      ...(props.dead && { deadLetterQueue: props.dead }),
    });
    if (network?.vpc) this.#joinNetwork(network.vpc, props.name);
  }

  allow(...statements: PolicyStatement[]): void {
    for (const statement of statements) this.role.addToPolicy(statement);
  }

  /** Says why one wildcard of the role's policy is as it should be. */
  acknowledgeWildcard(id: string, reason: string): void {
    acknowledge(this.role, `AwsSolutions-IAM5[${id}]`, reason);
  }

  /**
   * Not through CDK's Vpc, which asks for zones and route tables: they matter to nobody here, and looking
   * them up needs credentials at synth.
   */
  #joinNetwork(vpc: NonNullable<IssuerNetwork['vpc']>, name: string): void {
    const resource = this.fn.node.defaultChild;
    if (!(resource instanceof CfnFunction)) throw new TypeError('a Function is an AWS::Lambda::Function');
    resource.vpcConfig = vpc;
    const functionArn = Stack.of(this).formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.allow(...networkStatements(functionArn));
    this.acknowledgeWildcard(
      'Resource::*',
      'Lambda attaches the function to the VPC with EC2 actions that know no resource; the code of the ' +
        'function itself is denied them.',
    );
  }
}

/**
 * What is known at synth is checked at synth: a constant that the handler would refuse fails here, not in
 * production.
 */
function checkEnvironment<S extends z.ZodObject>(props: KeyturnFunctionProps<S>): void {
  for (const [key, value] of Object.entries<string>(props.environment)) {
    if (Token.isUnresolved(value)) continue;
    const parsed = props.env.shape[key]?.safeParse(value);
    if (parsed?.success === false)
      throw new SettingsError(
        `${props.name}: the variable ${key} is wrong: ${parsed.error.issues[0]?.message ?? 'invalid'}.`,
      );
  }
}
