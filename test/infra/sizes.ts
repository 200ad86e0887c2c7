import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Stage, type Stack } from 'aws-cdk-lib';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { ALL_SETTINGS, synthesised, type Json, type Resource, type Synthesised } from './synth.ts';

/** How large a stack is, by what AWS limits. */
export interface Sizes {
  readonly resources: number;
  /** In bytes, as it is written and uploaded. */
  readonly template: number;
  /** Of the largest managed policy, in characters as IAM counts them. */
  readonly managedPolicy: number;
  /** Of all inline policies of the role that has the most, in characters as IAM counts them. */
  readonly inlinePolicies: number;
}

/** The first so many issuers that this version has, with every other setting too where `full` says so. */
export function withIssuers(count: number, { full }: { readonly full: boolean }): Synthesised {
  const issuers = Object.fromEntries(DESCRIPTORS.slice(0, count).map(({ id }) => [id, {}]));
  return synthesised(full ? { ...ALL_SETTINGS, issuers } : { issuers });
}

export function sizesOf(synth: Synthesised): Sizes {
  const managed = synth.of('AWS::IAM::ManagedPolicy').map(([, one]) => documentSize(one, synth));
  const inline = new Map<string, number>();
  for (const [, one] of synth.of('AWS::IAM::Policy'))
    for (const role of synth.list(one.Properties['Roles']))
      inline.set(role, (inline.get(role) ?? 0) + documentSize(one, synth));
  return {
    resources: Object.keys(synth.resources).length,
    template: templateSize(synth.stack),
    managedPolicy: Math.max(...managed),
    inlinePolicies: Math.max(...inline.values()),
  };
}

function templateSize({ node, templateFile }: Stack): number {
  const { root } = node;
  if (!Stage.isStage(root)) throw new Error('The stack is in no app.');
  return statSync(join(root.outdir, templateFile)).size;
}

/** IAM counts no white space (IAM User Guide, "IAM and AWS STS quotas"). */
function documentSize({ Properties }: Resource, synth: Synthesised): number {
  return JSON.stringify(resolved(Properties['PolicyDocument'], synth)).replaceAll(/\s/g, '').length;
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
