import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { CONSUMER_KINDS, type ConsumerKind } from '../core/consumers/consumer-kinds.ts';
import { parseJson } from '../core/basics/json.ts';
import type { InstallationScope } from '../core/basics/names.ts';
import { PolicyDefaults } from '../core/policy/policy-input.ts';

/** JSON text of a shape. */
export function jsonOf<T>(shape: z.ZodType<T>, fault: string) {
  return z.string().transform((text, context): T => {
    const parsed = shape.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: fault });
    return z.NEVER;
  });
}

/**
 * What may be long, packed: Lambda takes 4,096 bytes for all variables of a function together. Read by
 * {@link packedJsonOf}.
 */
export function packed(value: unknown): string {
  return deflateRawSync(JSON.stringify(value), { level: 9 }).toString('base64');
}

/** Packed JSON text of a shape. */
export function packedJsonOf<T>(shape: z.ZodType<T>, fault: string) {
  return z.string().transform(unpacked).pipe(jsonOf(shape, fault));
}

function unpacked(text: string): string {
  try {
    return inflateRawSync(Buffer.from(text, 'base64')).toString();
  } catch {
    return '';
  }
}

/** What every function is told. */
export const CommonEnv = z.object({
  KEYTURN_INSTALLATION: z.string().regex(/^[a-z][a-z0-9-]{0,15}$/),
  KEYTURN_ACCOUNT: z.string().regex(/^\d{12}$/),
  AWS_REGION: z.string().min(1),
  TABLE_NAME: z.string().min(1),
  BUS_NAME: z.string().min(1),
  /** Policies that hold where tags state nothing, as JSON text. */
  POLICY_DEFAULTS: jsonOf(PolicyDefaults, 'is not a JSON object of policies'),
});

/** What tells an installation from all others, as every alert carries it. */
export const ScopeEnv = CommonEnv.pick({
  KEYTURN_INSTALLATION: true,
  KEYTURN_ACCOUNT: true,
  AWS_REGION: true,
});

export function scopeIn({
  KEYTURN_ACCOUNT: account,
  AWS_REGION: region,
  KEYTURN_INSTALLATION: name,
}: z.output<typeof ScopeEnv>): InstallationScope {
  return { account, region, name };
}

/** Kinds of consumers, separated by commas. */
export const ConsumerKinds = z.string().transform((text, context): ConsumerKind[] => {
  const parsed = z.array(CONSUMER_KINDS).safeParse(text.split(',').filter((part) => part !== ''));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: 'is not a list of kinds of consumers' });
  return z.NEVER;
});
