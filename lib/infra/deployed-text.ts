// How long the parts of a template can become when they are deployed, in whatever Region.
import * as z from 'zod';

const Resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
export const Resources = z.record(z.string(), Resource);
export type Resources = z.output<typeof Resources>;

/**
 * The longest text of each pseudo parameter that AWS has: `aws-us-gov`, `ap-northeast-1`, `amazonaws.com.cn`,
 * and an account's twelve digits (AWS General Reference, "Regional endpoints"; IAM user guide, "Identify AWS
 * resources with Amazon Resource Names").
 */
const PSEUDO: Readonly<Record<string, number>> = {
  'AWS::Partition': 10,
  'AWS::Region': 14,
  'AWS::AccountId': 12,
  'AWS::URLSuffix': 16,
  'AWS::StackName': 128,
};
const NAMES = [
  'FunctionName',
  'QueueName',
  'TopicName',
  'TableName',
  'LogGroupName',
  'ManagedPolicyName',
  'RoleName',
  'AlarmName',
  'Name',
];
/** Of a name that CloudFormation makes, or an id: no service that is used here takes a longer one. */
const LONGEST_NAME = 64;
/** A role's unique id, such as AROA1234567890EXAMPLE (IAM user guide, "Unique identifiers"). */
const UNIQUE_ID = 21;
/** What stands before the name: the longest is `arn:aws-us-gov:cloudwatch:<Region>:<account>:log-group:`. */
const BEFORE_NAME = 'arn:aws-us-gov:cloudwatch:ap-northeast-1:111122223333:log-group:'.length;
const QUEUE_URL = 'https://sqs.ap-northeast-1.amazonaws.com.cn/111122223333/'.length;

/** A part of a template with a text as long as it can become for each intrinsic function. */
export function deployed(part: unknown, resources: Resources): unknown {
  if (Array.isArray(part)) return part.map((one) => deployed(one, resources));
  if (typeof part !== 'object' || part === null) return part;
  const [only, ...others] = Object.entries(part);
  if (only && others.length === 0 && isFunction(only[0])) return evaluated(only[0], only[1], resources);
  return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, deployed(one, resources)]));
}

/** The same as text: what is none is JSON text. */
export function deployedText(part: unknown, resources: Resources): string {
  const text = deployed(part, resources);
  return typeof text === 'string' ? text : JSON.stringify(text);
}

function isFunction(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function evaluated(name: string, argument: unknown, resources: Resources): unknown {
  switch (name) {
    case 'Ref':
      return refersTo(String(argument), resources);
    case 'Fn::GetAtt': {
      const [id = '', attribute = ''] = z.array(z.string()).parse(argument);
      return attributeOf(id, attribute, resources);
    }
    case 'Fn::Join': {
      const [glue, parts] = z.tuple([z.string(), z.array(z.unknown())]).parse(argument);
      return parts.map((one) => deployedText(one, resources)).join(glue);
    }
    // A part of a text is no longer than the text.
    case 'Fn::Select': {
      const [, from] = z.tuple([z.unknown(), z.unknown()]).parse(argument);
      return deployedText(from, resources);
    }
    case 'Fn::Split': {
      const [, whole] = z.tuple([z.string(), z.unknown()]).parse(argument);
      return deployedText(whole, resources);
    }
    default:
      return JSON.stringify(argument);
  }
}

function refersTo(id: string, resources: Resources): string {
  const pseudo = PSEUDO[id];
  if (pseudo !== undefined) return long(pseudo);
  const name = nameOf(id, resources);
  const type = resources[id]?.Type;
  if (type === 'AWS::SQS::Queue') return long(QUEUE_URL) + name;
  const isArn = type === 'AWS::SNS::Topic' || type === 'AWS::IAM::ManagedPolicy';
  return isArn ? long(BEFORE_NAME) + name : name;
}

function attributeOf(id: string, attribute: string, resources: Resources): string {
  if (attribute.endsWith('Name')) return nameOf(id, resources);
  return attribute === 'RoleId' ? long(UNIQUE_ID) : long(BEFORE_NAME) + nameOf(id, resources);
}

function nameOf(id: string, resources: Resources): string {
  const properties = resources[id]?.Properties ?? {};
  const key = NAMES.find((one) => properties[one] !== undefined);
  return key === undefined ? long(LONGEST_NAME) : deployedText(properties[key], resources);
}

function long(length: number): string {
  return 'x'.repeat(length);
}
