import type { DeclaredConsumer } from '../consumers/consumers.ts';
import { KeyturnError } from '../basics/errors.ts';
import { unkeepableLifetime } from './lifetime-limits.ts';
import { DEFAULT_POLICY, Policy } from './policy.ts';
import { withoutUndefined, type StatedPolicy } from './policy-input.ts';
import type { ProviderDescriptor } from '../issuer/provider-descriptor.ts';
import { formatDuration as text } from '../basics/time.ts';
import { creationEnds } from '../issuer/issuer-facts.ts';
import { contradictionIn } from './self-contradictions.ts';

/** What is known of who makes the credentials. */
export type IssuerContext = Pick<ProviderDescriptor, 'id' | 'expiry'> &
  Partial<Pick<ProviderDescriptor, 'slots'>>;

/** What a policy is held against; what is left out is not looked at. */
export interface PolicyContext {
  /** What holds for others like it, where it states nothing. */
  readonly others?: StatedPolicy;
  /** The name of its secret. */
  readonly name?: string;
  readonly consumers?: readonly DeclaredConsumer[];
  /** Who makes its credentials. */
  readonly issuer?: IssuerContext | undefined;
}

/**
 * Fills defaults and refuses a policy that contradicts itself or what is known of its token, or has a length
 * of zero where there must be one. Errors: `bad-request`, one sentence that begins with the field.
 */
export function policyFrom(stated: StatedPolicy, about: PolicyContext = {}): Policy {
  const policy = Policy.safeParse({ ...DEFAULT_POLICY, ...about.others, ...withoutUndefined(stated) });
  if (!policy.success)
    throw new KeyturnError(
      'bad-request',
      `${String(policy.error.issues[0]?.path[0])} must be longer than 0s.`,
    );
  const fault =
    contradictionIn(policy.data) ??
    contradictionOfWords(stated) ??
    (about.issuer && contradictionWithIssuer(stated, about.issuer)) ??
    whyUnkept(policy.data, about);
  if (fault !== undefined) throw new KeyturnError('bad-request', fault);
  return policy.data;
}

/**
 * Why a whole policy cannot be kept by itself, of its token or at its issuer, in one sentence that begins
 * with the field; undefined when it can.
 */
export function whyUnkept(policy: Policy, about: PolicyContext): string | undefined {
  return (
    contradictionIn(policy) ??
    contradictionWith(policy, about) ??
    (about.issuer && unkeepableLifetime(policy, about.issuer))
  );
}

/**
 * What a token wants of its issuer that the issuer cannot do. A default is held against none, since it stands
 * for others too.
 */
export function contradictionWithIssuer(
  stated: Pick<StatedPolicy, 'maxLifetime' | 'overlap'>,
  issuer: IssuerContext,
): string | undefined {
  if (stated.overlap === 'none' && issuer.slots !== undefined && !creationEnds({ slots: issuer.slots }))
    return `overlap none has no use at ${issuer.id}, where old and new overlap: leave it out.`;
  if (stated.maxLifetime === undefined || issuer.expiry.settable) return undefined;
  return (
    `maxLifetime ${text(stated.maxLifetime)} cannot be kept, since ${issuer.id} sets no expiry: leave it ` +
    'out; maxAge limits the age of a credential.'
  );
}

/**
 * Why a token of an issuer is never rotated under its policy, in one sentence that begins with the field:
 * nothing permits that the current value ends with the creation of the next. Undefined where that is
 * permitted, or where it does not end.
 */
export function overlapMissing(
  { overlap }: Pick<Policy, 'overlap'>,
  { id, slots }: Pick<IssuerContext, 'id' | 'slots'>,
): string | undefined {
  if (!creationEnds({ slots }) || overlap === 'none') return undefined;
  return (
    `overlap has to be none at ${id}: it keeps one value, and a new one ends the current one at once. ` +
    'Consumers fail from then on until they have read the new one: write none to permit that.'
  );
}

/**
 * What one hand wrote and cannot have meant. Of a default it would only be in the way: where a credential
 * lasts shorter than the lead time, half its lifetime counts.
 */
function contradictionOfWords({
  rotateBeforeExpiry,
  maxAge,
  maxLifetime,
  evidence,
  unusedFor,
  maxGrace,
}: StatedPolicy): string | undefined {
  const life = maxLifetime ?? maxAge;
  if (rotateBeforeExpiry !== undefined && life !== undefined && rotateBeforeExpiry >= life)
    return (
      `rotateBeforeExpiry ${text(rotateBeforeExpiry)} is not shorter than ` +
      `${maxLifetime === undefined ? 'maxAge' : 'maxLifetime'} ${text(life)}: no credential lasts that ` +
      'long, shorten rotateBeforeExpiry.'
    );
  if (
    unusedFor !== undefined &&
    maxGrace !== undefined &&
    unusedFor > maxGrace &&
    evidence !== 'consumers' &&
    evidence !== 'time'
  )
    return (
      `unusedFor ${text(unusedFor)} is longer than maxGrace ${text(maxGrace)}: nothing could be called ` +
      'unused in time, shorten unusedFor or raise maxGrace.'
    );
  return undefined;
}

/** What a policy asks that its token cannot give. */
function contradictionWith(
  { rotateAfter: after, evidence }: Policy,
  { name, consumers }: PolicyContext,
): string | undefined {
  if (after !== undefined && after === name)
    return 'rotateAfter names the token itself: name the one that has to be rotated first.';
  if (consumers === undefined || consumers.length > 0 || (evidence !== 'consumers' && evidence !== 'all'))
    return undefined;
  return (
    `evidence ${evidence} wants every declared consumer to have moved, and none is declared: declare one ` +
    '(consumers in a manifest, a tag keyturn:consumer:NAME on the secret), or write last-used or time.'
  );
}
