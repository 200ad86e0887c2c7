import { readFileSync } from 'node:fs';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { USUAL } from '../usual-issuers.ts';
import { KeyturnStack } from '../../lib/infra/keyturn-stack.ts';
import type { SettingsInput } from '../../lib/infra/settings.ts';

/** A part of a template, as untyped as CDK hands it out. */
export type Json = ReturnType<Template['toJSON']>[string];

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, Json>;
  readonly DependsOn?: string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** The usual issuers, as they are: the others differ in names alone. */
export const ALL_ISSUERS: SettingsInput['issuers'] = Object.fromEntries(USUAL.map(({ id }) => [id, {}]));

/** Every setting that adds something to the stack. */
export const ALL_SETTINGS = {
  issuers: { ...ALL_ISSUERS, gitlab: { allowedHosts: ['gitlab.example.com'] } },
  alerts: {
    emails: ['sre@example.com', 'security@example.com'],
    chat: { slack: { workspaceId: 'T0123ABCDEF', channelId: 'C0123ABCDEF' } },
    digest: '07:30 Europe/Berlin',
    quietHours: ['daily 20:00-08:00 Europe/Berlin', 'sat sun 00:00-24:00 Europe/Berlin'],
  },
  pager: { secretName: 'ops/pager' },
  discovery: { owners: ['team-test'], prefixes: ['legacy/'], ignore: ['demo/'], reviewEvery: '180d' },
  leaks: {
    sources: ['com.example.scanner'],
    github: { webhookSecret: 'ops/github-webhook', tokenSecret: 'ops/github-token' },
  },
  staging: {
    forwardTo: ['arn:aws:events:eu-central-1:444455556666:event-bus/keyturn-main'],
    acceptFrom: ['777788889999'],
  },
  detection: { trail: true },
  vpc: { subnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'], securityGroupIds: ['sg-0a1b2c3d'] },
  delivery: {
    kinds: ['event', 'webhook', 'github', 'gitlab-variable', 'kubernetes'],
    ecs: [{ secret: 'prod/billing/*', target: 'prod/billing-*' }],
    lambda: [{ secret: 'prod/billing/gitlab', target: 'billing-api' }],
    secret: [
      { secret: 'prod/billing/*', target: 'prod/app:*' },
      { secret: 'prod/billing/gitlab', target: 'prod/app:GITLAB_TOKEN' },
      { secret: 'prod/billing/gitlab', target: 'prod/shared-*' },
    ],
  },
  secretKmsKeyArns: ['arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'],
} satisfies SettingsInput;

/** The context of cdk.json. */
export function contextOfCdkJson(): Record<string, unknown> {
  const file: { context: Record<string, unknown> } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  return file.context;
}

/**
 * An app with the flags of cdk.json that leaves out what takes seconds, bundling and CloudFormation's own
 * rules; app.long.test.ts has both.
 */
export function makeApp(): App {
  return new App({
    builtinCloudFormationValidation: false,
    context: { ...contextOfCdkJson(), 'aws:cdk:bundling-stacks': [] },
  });
}

/** A synthesised stack, and the ways tests look at it. */
export class Synthesised {
  readonly stack: Stack;
  readonly resources: Record<string, Resource>;
  readonly outputs: Record<string, { Value: unknown }>;

  constructor(stack: Stack) {
    this.stack = stack;
    const json = Template.fromStack(stack).toJSON();
    this.resources = json['Resources'];
    this.outputs = json['Outputs'];
  }

  of(type: string): [string, Resource][] {
    return Object.entries(this.resources).filter(([, resource]) => resource.Type === type);
  }

  /** The only resource of a type. */
  only(type: string): Resource {
    const [found, ...others] = this.of(type);
    if (!found || others.length > 0) throw new Error(`${others.length + (found ? 1 : 0)} of ${type}`);
    return found[1];
  }

  /** The one resource of a type whose property has a value. */
  named(type: string, property: string, value: string): [string, Resource] {
    const found = this.of(type).filter(([, resource]) => this.text(resource.Properties[property]) === value);
    if (found.length !== 1 || !found[0])
      throw new Error(`${found.length} of ${type} have ${property} ${value}`);
    return found[0];
  }

  fn(name: string): Resource {
    return this.named('AWS::Lambda::Function', 'FunctionName', name)[1];
  }

  /** A value of the template as it will be when deployed, in account 111122223333 and Region eu-central-1. */
  text(value: Json): string {
    if (typeof value !== 'object' || value === null) return String(value);
    if ('Ref' in value) return this.#ref(value['Ref']);
    if ('Fn::GetAtt' in value) return this.#attribute(value['Fn::GetAtt'][0], value['Fn::GetAtt'][1]);
    if ('Fn::Join' in value)
      return value['Fn::Join'][1].map((part: unknown) => this.text(part)).join(value['Fn::Join'][0]);
    if ('Fn::Select' in value) return this.#select(value['Fn::Select']);
    throw new Error(`cannot resolve ${JSON.stringify(value)}`);
  }

  #select([index, from]: [number, Json]): string {
    const [separator, whole] = from['Fn::Split'];
    const part = this.text(whole).split(separator)[index];
    if (part === undefined) throw new Error(`cannot resolve ${JSON.stringify(from)}`);
    return part;
  }

  list(value: unknown): string[] {
    return (Array.isArray(value) ? value : [value]).map((one) => this.text(one)).sort();
  }

  #ref(id: string): string {
    const pseudo: Record<string, string> = {
      'AWS::Region': 'eu-central-1',
      'AWS::AccountId': '111122223333',
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
    };
    if (pseudo[id] !== undefined) return pseudo[id];
    const resource = this.#resource(id);
    if (resource.Type === 'AWS::SQS::Queue')
      return `https://sqs.eu-central-1.amazonaws.com/111122223333/${this.#name(id)}`;
    return resource.Type === 'AWS::SNS::Topic' ? this.#attribute(id, 'Arn') : this.#name(id);
  }

  #attribute(id: string, attribute: string): string {
    if (attribute === 'RoleId') return `AROA-of-${id}`;
    if (attribute.endsWith('Name')) return this.#name(id);
    const service = this.#resource(id).Type.split('::')[1]?.toLowerCase();
    const kind = service === 'lambda' ? 'function:' : '';
    return `arn:aws:${service}:eu-central-1:111122223333:${kind}${this.#name(id)}`;
  }

  #name(id: string): string {
    const { Properties: p } = this.#resource(id);
    const name =
      p['FunctionName'] ??
      p['QueueName'] ??
      p['TableName'] ??
      p['TopicName'] ??
      p['LogGroupName'] ??
      p['Name'];
    return name === undefined ? id : this.text(name);
  }

  #resource(id: string): Resource {
    const resource = this.resources[id];
    if (!resource) throw new Error(`no resource ${id}`);
    return resource;
  }
}

function synthesise(settings: SettingsInput): Synthesised {
  return new Synthesised(new KeyturnStack(makeApp(), 'keyturn-main', { settings }));
}

const made = new Map<string, Synthesised>();

/** Synthesises once a process for the same settings; with every issuer, unless they name some. */
export function synthesised(given: Partial<SettingsInput> = {}): Synthesised {
  const settings = { issuers: ALL_ISSUERS, ...given };
  const key = JSON.stringify(settings);
  const known = made.get(key) ?? synthesise(settings);
  made.set(key, known);
  return known;
}
