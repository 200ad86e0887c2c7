import * as z from 'zod';
import type { AwsCommand } from '../docs/aws-commands.ts';

/** `X-Amz-Target` prefixes, as the service models of the AWS SDKs have them (`targetPrefix`). */
const TARGETS: Readonly<Record<string, string>> = {
  secretsmanager: 'secretsmanager',
  kms: 'TrentService',
  events: 'AWSEvents',
  sqs: 'AmazonSQS',
  dynamodb: 'DynamoDB_20120810',
  logs: 'Logs_20140328',
  cloudtrail: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101',
};
/** Members whose option has another name in the AWS CLI. */
const RENAMED: Readonly<Record<string, string>> = { 'notification-endpoint': 'Endpoint' };

export interface AwsAccess {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
}

/** The operation and the input that the AWS CLI makes of a command. */
export function callOf(command: AwsCommand): {
  readonly operation: string;
  readonly input: Record<string, unknown>;
} {
  if (command.service === 'logs' && command.command === 'tail') return tail(command);
  const input = Object.fromEntries(
    Object.entries(command.options).map(([name, value]) => [
      RENAMED[name] ?? pascal(name),
      valueOf(name, value),
    ]),
  );
  return { operation: pascal(command.command), input };
}

/** What `aws logs tail` asks for first (awscli/customizations/logs/tail.py). */
function tail({ positionals, options }: AwsCommand): ReturnType<typeof callOf> {
  const [logGroupName] = positionals;
  const pattern = options['filter-pattern'];
  return {
    operation: 'FilterLogEvents',
    input: {
      logGroupName,
      interleaved: true,
      startTime: 0,
      ...(pattern !== undefined && { filterPattern: pattern }),
    },
  };
}

function pascal(kebab: string): string {
  return kebab.replaceAll(/(?:^|-)([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

/** Options whose members are no text: they are written as JSON. */
const STRUCTURED = ['entries', 'key'];

/** JSON, the CLI's shorthand for a list of one structure, or text. */
function valueOf(option: string, value: string | boolean): unknown {
  if (typeof value === 'boolean') return value;
  if (STRUCTURED.includes(option)) return JSON.parse(value);
  const [, name, text] = /^([A-Z]\w*)=(\S+)$/.exec(value) ?? [];
  return name === undefined ? value : [{ [name]: text }];
}

/** Sends a command to an endpoint, as the AWS CLI does; only the signature is not a real one. */
export async function send(
  { endpoint, region, accessKeyId }: AwsAccess,
  service: string,
  call: ReturnType<typeof callOf>,
): Promise<{ readonly status: number; readonly body: string }> {
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/${service}/aws4_request, ` +
    'SignedHeaders=host, Signature=0';
  const { url, ...request } = requestOf(endpoint, service, call);
  const response = await fetch(url, { ...request, headers: { ...request.headers, authorization } });
  return { status: response.status, body: await response.text() };
}

interface Request {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

function requestOf(
  endpoint: string,
  service: string,
  { operation, input }: ReturnType<typeof callOf>,
): Request {
  const text = z.record(z.string(), z.string());
  switch (service) {
    case 'lambda':
      return {
        url:
          `${endpoint}/2015-03-31/` +
          `event-source-mappings?${new URLSearchParams(text.parse(input)).toString()}`,
        method: 'GET',
        headers: {},
      };
    case 'scheduler':
      return { url: `${endpoint}/schedules/${text.parse(input)['Name']}`, method: 'GET', headers: {} };
    case 'sns':
      return {
        url: endpoint,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body: new URLSearchParams({
          Action: operation,
          Version: '2010-03-31',
          ...text.parse(input),
        }).toString(),
      };
    default: {
      const target = TARGETS[service];
      if (target === undefined) throw new Error(`How is ${service} asked? Add it here.`);
      return {
        url: endpoint,
        method: 'POST',
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${target}.${operation}` },
        body: JSON.stringify(
          service === 'secretsmanager' && 'SecretString' in input
            ? { ...input, ClientRequestToken: crypto.randomUUID() }
            : input,
        ),
      };
    }
  }
}
