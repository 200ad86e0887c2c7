import { createHash } from 'node:crypto';
import { roleIdOf } from '../aws/sts.ts';

/** Where a stack is deployed. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  /** What the URL of a queue is. */
  readonly queueUrl: (queueName: string) => string;
}

/** A resource's type and its logical id; `property` gives a property with all functions resolved. */
export interface Declared {
  readonly type: string;
  readonly id: string;
  property(name: string): unknown;
}

/** What `Ref` and `Fn::GetAtt` give for one resource. */
export interface Physical {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The host of a function's URL: `<id>.lambda-url.<region>.on.aws`. The same for the same function. */
export function urlHostOf(functionArn: string, region: string): string {
  return `${createHash('sha256').update(functionArn).digest('hex').slice(0, 32)}.lambda-url.${region}.on.aws`;
}

type Make = (declared: Declared, place: Place) => Physical;

function arn(place: Place, service: string, rest: string, region = place.region): string {
  return `arn:aws:${service}:${region}:${place.account}:${rest}`;
}

/**
 * A name as CloudFormation makes one where the template gives none: the same for the same stack and logical
 * id.
 */
function nameOf(declared: Declared, place: Place, property: string): string {
  const given = declared.property(property);
  return typeof given === 'string' ? given : `${place.stackName}-${declared.id}`.slice(-64);
}

function uuidOf(declared: Declared, place: Place): string {
  const hash = createHash('sha256').update(`${place.stackName}/${declared.id}`).digest('hex');
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `4${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}

/** A resource whose `Ref` is its name. */
function named(property: string, service: string, prefix: string): Make {
  return (declared, place) => {
    const name = nameOf(declared, place, property);
    return { ref: name, attributes: { Arn: arn(place, service, prefix + name), Name: name } };
  };
}

function iam(kind: 'role' | 'policy', property: string, refIsArn: boolean): Make {
  return (declared, place) => {
    const name = nameOf(declared, place, property);
    const path = declared.property('Path');
    const under = typeof path === 'string' ? path : '/';
    const made = arn(place, 'iam', `${kind}${under}${name}`, '');
    return {
      ref: refIsArn ? made : name,
      attributes: { Arn: made, PolicyArn: made, RoleId: roleIdOf(`${under.slice(1)}${name}`) },
    };
  };
}

const MAKERS: Readonly<Record<string, Make>> = {
  'AWS::KMS::Key': (declared, place) => {
    const id = uuidOf(declared, place);
    return { ref: id, attributes: { KeyId: id, Arn: arn(place, 'kms', `key/${id}`) } };
  },
  'AWS::DynamoDB::GlobalTable': named('TableName', 'dynamodb', 'table/'),
  'AWS::DynamoDB::Table': named('TableName', 'dynamodb', 'table/'),
  'AWS::Events::EventBus': named('Name', 'events', 'event-bus/'),
  'AWS::Events::Rule': (declared, place) => {
    const name = nameOf(declared, place, 'Name');
    const bus = declared.property('EventBusName');
    const path = typeof bus === 'string' && bus !== 'default' ? `${bus}/` : '';
    return {
      ref: `${path.replace('/', '|')}${name}`,
      attributes: { Arn: arn(place, 'events', `rule/${path}${name}`) },
    };
  },
  'AWS::Scheduler::Schedule': named('Name', 'scheduler', 'schedule/default/'),
  'AWS::Lambda::Function': named('FunctionName', 'lambda', 'function:'),
  'AWS::Lambda::EventSourceMapping': (declared, place) => ({ ref: uuidOf(declared, place), attributes: {} }),
  'AWS::Lambda::Url': (declared, place) => {
    const target = String(declared.property('TargetFunctionArn'));
    return {
      ref: target,
      attributes: { FunctionArn: target, FunctionUrl: `https://${urlHostOf(target, place.region)}/` },
    };
  },
  'AWS::Logs::LogGroup': (declared, place) => {
    const name = nameOf(declared, place, 'LogGroupName');
    return { ref: name, attributes: { Arn: arn(place, 'logs', `log-group:${name}:*`) } };
  },
  'AWS::SQS::Queue': (declared, place) => {
    const name = nameOf(declared, place, 'QueueName');
    const url = place.queueUrl(name);
    return { ref: url, attributes: { Arn: arn(place, 'sqs', name), QueueName: name, QueueUrl: url } };
  },
  'AWS::SNS::Topic': (declared, place) => {
    const name = nameOf(declared, place, 'TopicName');
    const made = arn(place, 'sns', name);
    return { ref: made, attributes: { TopicArn: made, TopicName: name } };
  },
  'AWS::IAM::Role': iam('role', 'RoleName', false),
  'AWS::IAM::ManagedPolicy': iam('policy', 'ManagedPolicyName', true),
  'AWS::CloudWatch::Alarm': named('AlarmName', 'cloudwatch', 'alarm:'),
};

/** The names that a resource gets when it is deployed. */
export function physicalOf(declared: Declared, place: Place): Physical {
  const make = MAKERS[declared.type];
  return make ? make(declared, place) : { ref: declared.id, attributes: {} };
}
