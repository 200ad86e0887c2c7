// How large the parts of a stack are that AWS limits.
import { CfnElement, CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import * as z from 'zod';
import { Resources, deployed, deployedText } from './deployed-text.ts';
import { Referred, functionOf, named } from './resource-labels.ts';

/** What AWS limits, see stack-limits.ts. */
export type SizeKind =
  | 'resources'
  | 'template'
  | 'managed-policy'
  | 'role-policies'
  | 'environment'
  | 'queue-policy'
  | 'topic-policy'
  | 'bus-policy';

/** One part of a stack, by the name that people find it by. */
export interface Size {
  readonly kind: SizeKind;
  readonly name: string;
  readonly size: number;
}

const Fragment = z.record(z.string(), z.record(z.string(), z.unknown()).or(z.unknown()));

/** All sizes of an installation's own resources, those of the whole stack, and those of its nested stacks. */
export function sizesIn(installation: Construct): Size[] {
  const stack = Stack.of(installation);
  const template = templateOf(stack);
  const outer = Resources.parse(template['Resources'] ?? {});
  const nested = installation.node.findAll().filter((one) => NestedStack.isNestedStack(one));
  return [
    ...nested.flatMap((one) => {
      const inner = templateOf(one);
      const resources = Resources.parse(inner['Resources'] ?? {});
      return sizesOf(one, inner, { own: resources, all: { ...resources, ...parametersOf(one, outer) } });
    }),
    ...sizesOf(stack, template, { own: ownIn(installation, stack, outer), all: outer }),
  ];
}

function ownIn(installation: Construct, stack: Stack, all: Resources): Resources {
  const ids = new Set(
    installation.node
      .findAll()
      .filter((one) => CfnResource.isCfnResource(one))
      .filter((one) => one.stack === stack)
      .map((one) => String(stack.resolve(one.logicalId))),
  );
  return Object.fromEntries(Object.entries(all).filter(([id]) => ids.has(id)));
}

const Given = z.record(z.string(), z.unknown());

/** What the outer stack gives a nested one, each as something whose name is the whole text that is given. */
function parametersOf({ nestedStackResource, nestedStackParent }: Stack, outer: Resources): Resources {
  if (!CfnResource.isCfnResource(nestedStackResource)) throw new TypeError('a nested stack is a resource');
  const id = String(nestedStackParent?.resolve(nestedStackResource.logicalId));
  const given = Given.parse(outer[id]?.Properties['Parameters'] ?? {});
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      { Type: 'AWS::CloudFormation::Parameter', Properties: { Name: deployedText(value, outer) } },
    ]),
  );
}

function sizesOf(
  stack: Stack,
  template: Record<string, Record<string, unknown>>,
  { own, all }: { readonly own: Resources; readonly all: Resources },
): Size[] {
  const name = NestedStack.isNestedStack(stack) ? stack.node.id : stack.stackName;
  return [
    ...policies(own, all),
    ...environments(own, all),
    ...attached(own, all),
    // Last: what makes a part too large makes the whole large too, and is to be told first.
    { kind: 'resources', name, size: Object.keys(template['Resources'] ?? {}).length },
    { kind: 'template', name, size: bytes(asWritten(template, stack)) },
  ];
}

/** CDK indents a template by one space, unless the app's context says that it does not. */
function asWritten(template: unknown, stack: Stack): string {
  const isDense = stack.node.tryGetContext('@aws-cdk/core:suppressTemplateIndentation') === true;
  return JSON.stringify(template, undefined, isDense ? 0 : 1);
}

function templateOf(stack: Stack): Record<string, Record<string, unknown>> {
  const template: Record<string, Record<string, unknown>> = {};
  for (const one of stack.node.findAll()) {
    if (!CfnElement.isCfnElement(one) || Stack.of(one) !== stack) continue;
    // oxlint-disable-next-line no-underscore-dangle -- CDK shows no template earlier in another way
    const fragment = Fragment.parse(stack.resolve(one._toCloudFormation()));
    for (const [section, members] of Object.entries(fragment))
      template[section] = { ...template[section], ...Object(members) };
  }
  return template;
}

/** In characters as IAM counts them: without white space (IAM user guide, "IAM and AWS STS quotas"). */
function characters(document: unknown, all: Resources): number {
  return JSON.stringify(deployed(document, all)).replaceAll(/\s/g, '').length;
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

function policies(own: Resources, all: Resources): Size[] {
  const ofRoles = new Map<string, number>();
  const add = (role: string, document: unknown): void =>
    void ofRoles.set(role, (ofRoles.get(role) ?? 0) + characters(document, all));
  const managed: Size[] = [];
  for (const [id, { Type, Properties }] of Object.entries(own)) {
    const document = Properties['PolicyDocument'];
    if (Type === 'AWS::IAM::ManagedPolicy')
      managed.push({ kind: 'managed-policy', name: named(id, all), size: characters(document, all) });
    if (Type === 'AWS::IAM::Policy') for (const role of referred(Properties['Roles'])) add(role, document);
    if (Type === 'AWS::IAM::Role')
      for (const { PolicyDocument } of inline(Properties['Policies'])) add(id, PolicyDocument);
  }
  const inlined = [...ofRoles].map(([role, size]): Size => ({
    kind: 'role-policies',
    name: functionOf(role, all) ?? role,
    size,
  }));
  return [...managed, ...inlined];
}

const Inline = z.array(z.looseObject({ PolicyDocument: z.unknown() }));

function inline(policies: unknown): z.output<typeof Inline> {
  return Inline.safeParse(policies).data ?? [];
}

function referred(references: unknown): string[] {
  return z.array(Referred).safeParse(references).data ?? [];
}

const Variables = z.looseObject({ Variables: z.record(z.string(), z.unknown()) });

function environments(own: Resources, all: Resources): Size[] {
  return Object.entries(own).flatMap(([id, { Type, Properties }]): Size[] => {
    const variables = Variables.safeParse(Properties['Environment']).data?.Variables;
    if (Type !== 'AWS::Lambda::Function' || !variables) return [];
    const size = Object.entries(variables).reduce(
      (sum, [key, value]) => sum + bytes(key) + bytes(deployedText(value, all)),
      0,
    );
    return [{ kind: 'environment', name: named(id, all), size }];
  });
}

/** Policies of queues, topics and buses, each by the name of what it is attached to. */
function attached(own: Resources, all: Resources): Size[] {
  return Object.entries(own).flatMap(([id, { Type, Properties }]): Size[] => {
    const size = (document: unknown): number => bytes(JSON.stringify(deployed(document, all)));
    const on = (references: unknown): string => {
      const [first = '', ...others] = referred(references);
      return named(first, all) + (others.length === 0 ? '' : ` and ${others.length} others`);
    };
    switch (Type) {
      case 'AWS::SQS::QueuePolicy':
        return [
          { kind: 'queue-policy', name: on(Properties['Queues']), size: size(Properties['PolicyDocument']) },
        ];
      case 'AWS::SNS::TopicPolicy':
        return [
          { kind: 'topic-policy', name: on(Properties['Topics']), size: size(Properties['PolicyDocument']) },
        ];
      case 'AWS::Events::EventBus':
        return [{ kind: 'bus-policy', name: named(id, all), size: size(Properties['Policy'] ?? {}) }];
      default:
        return [];
    }
  });
}
