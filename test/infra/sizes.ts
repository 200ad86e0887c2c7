import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Stage, type Stack } from 'aws-cdk-lib';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { Keyturn } from '../../lib/infra/index.ts';
import { sizesIn, type Size, type SizeKind } from '../../lib/infra/stack-sizes.ts';
import { ALL_SETTINGS, synthesised, type Json, type Synthesised } from './synth.ts';

export interface Extent {
  /** With every other setting too. */
  readonly full: boolean;
  readonly nestedStacks?: boolean;
}

/** The first so many issuers that this version has. */
export function withIssuers(count: number, { full, nestedStacks = false }: Extent): Synthesised {
  const issuers = Object.fromEntries(DESCRIPTORS.slice(0, count).map(({ id }) => [id, {}]));
  return synthesised({ ...(full && ALL_SETTINGS), issuers, nestedStacks });
}

/** The largest of each kind that AWS limits. */
export function sizesOf({ stack }: Synthesised): Record<SizeKind, Size> {
  const [installation] = stack.node.findAll().filter((one) => one instanceof Keyturn);
  if (!installation) throw new Error('The stack has no installation.');
  const sizes = sizesIn(installation);
  const largest = (kind: SizeKind): Size => {
    const [first, ...others] = sizes.filter((one) => one.kind === kind);
    if (!first) throw new Error(`The stack has nothing of the kind ${kind}.`);
    return others.reduce((most, one) => (one.size > most.size ? one : most), first);
  };
  return {
    resources: largest('resources'),
    template: largest('template'),
    'managed-policy': largest('managed-policy'),
    'role-policies': largest('role-policies'),
    environment: largest('environment'),
    'queue-policy': largest('queue-policy'),
    'topic-policy': largest('topic-policy'),
    'bus-policy': largest('bus-policy'),
  };
}

/**
 * Sizes as they come out in one account and Region, counted in another way than the stack counts its own:
 * bytes of the template that was written, characters of the largest managed policy, and of all inline
 * policies of the role that has the most.
 */
export function documentSizes(synth: Synthesised): {
  readonly template: number;
  readonly managedPolicy: number;
  readonly rolePolicies: number;
} {
  const managed = synth
    .of('AWS::IAM::ManagedPolicy')
    .map(([, one]) => documentSize(one.Properties['PolicyDocument'], synth));
  const ofRoles = new Map<string, number>();
  const add = (role: string, document: Json): void =>
    void ofRoles.set(role, (ofRoles.get(role) ?? 0) + documentSize(document, synth));
  for (const [, one] of synth.of('AWS::IAM::Policy'))
    for (const role of synth.list(one.Properties['Roles'])) add(role, one.Properties['PolicyDocument']);
  for (const [id, one] of synth.of('AWS::IAM::Role'))
    for (const policy of one.Properties['Policies'] ?? []) add(id, policy.PolicyDocument);
  return {
    template: templateSize(synth.stack),
    managedPolicy: Math.max(...managed),
    rolePolicies: Math.max(...ofRoles.values()),
  };
}

function templateSize({ node, templateFile }: Stack): number {
  const { root } = node;
  if (!Stage.isStage(root)) throw new Error('The stack is in no app.');
  return statSync(join(root.outdir, templateFile)).size;
}

/** IAM counts no white space (IAM user guide, "IAM and AWS STS quotas"). */
function documentSize(document: Json, synth: Synthesised): number {
  return JSON.stringify(resolved(document, synth)).replaceAll(/\s/g, '').length;
}

/** A part of a template with each intrinsic function as the text that it stands for. */
export function resolved(part: Json, synth: Synthesised): Json {
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map((one) => resolved(one, synth));
  const keys = Object.keys(part);
  if (keys.length === 1 && (keys[0] === 'Ref' || keys[0]?.startsWith('Fn::') === true))
    return synth.text(part);
  return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, resolved(one, synth)]));
}
