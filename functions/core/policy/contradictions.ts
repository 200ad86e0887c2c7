import { longestClosed } from '../basics/calendar.ts';
import type { DeclaredConsumer } from '../consumers/consumers.ts';
import { KeyturnError } from '../basics/errors.ts';
import { mayWait, unkeepableLifetime } from './lifetime-limits.ts';
import { DEFAULT_POLICY, Policy, calendarOf } from './policy.ts';
import { withoutUndefined, type StatedPolicy } from './policy-input.ts';
import type { ProviderDescriptor } from '../issuer/provider-descriptor.ts';
import { HOUR, formatDuration as text } from '../basics/time.ts';

/** What a policy is held against; what is left out is not looked at. */
export interface PolicyContext {
  /** What holds for others like it, where it states nothing. */
  readonly others?: StatedPolicy;
  /** The name of its secret. */
  readonly name?: string;
  readonly consumers?: readonly DeclaredConsumer[];
  /** Who makes its credentials. */
  readonly issuer?: Pick<ProviderDescriptor, 'id' | 'expiry'> | undefined;
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
  stated: { readonly maxLifetime?: number | undefined },
  issuer: Pick<ProviderDescriptor, 'id' | 'expiry'>,
): string | undefined {
  if (stated.maxLifetime === undefined || issuer.expiry.settable) return undefined;
  return (
    `maxLifetime ${text(stated.maxLifetime)} cannot be kept, since ${issuer.id} sets no expiry: leave it ` +
    'out; maxAge limits the age of a credential.'
  );
}

/** A shorter interval would be one rotation a sweep, for ever. */
const SHORTEST_INTERVAL = HOUR;

/** The first contradiction in a policy as one sentence, or undefined. */
export function contradictionIn(policy: Policy): string | undefined {
  return contradictionOfLives(policy) ?? contradictionOfGrace(policy) ?? contradictionOfCalendar(policy);
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

function contradictionOfLives(policy: Policy): string | undefined {
  if (policy.rotateEvery > policy.maxAge)
    return (
      `rotateEvery ${text(policy.rotateEvery)} is longer than maxAge ${text(policy.maxAge)}: shorten ` +
      'rotateEvery or raise maxAge.'
    );
  if (policy.rotateEvery < SHORTEST_INTERVAL)
    return (
      `rotateEvery ${text(policy.rotateEvery)} is shorter than ${text(SHORTEST_INTERVAL)}: write 1h or ` +
      'more.'
    );
  if (policy.jitter >= policy.rotateEvery)
    return (
      `jitter ${text(policy.jitter)} is not shorter than rotateEvery ${text(policy.rotateEvery)}: ` +
      'rotations would come at any time, shorten jitter.'
    );
  if (policy.maxLifetime !== undefined && policy.maxLifetime <= policy.rotateEvery)
    return (
      `maxLifetime ${text(policy.maxLifetime)} is not longer than rotateEvery ` +
      `${text(policy.rotateEvery)}: credentials would expire before they are replaced, raise maxLifetime ` +
      'or shorten rotateEvery.'
    );
  if (policy.maxLifetime !== undefined && policy.maxLifetime > policy.maxAge)
    return (
      `maxLifetime ${text(policy.maxLifetime)} is longer than maxAge ${text(policy.maxAge)}: shorten ` +
      'maxLifetime or raise maxAge.'
    );
  if (policy.rotateAfter !== undefined && policy.soakTime >= policy.maxAge)
    return (
      `soakTime ${text(policy.soakTime)} is not shorter than maxAge ${text(policy.maxAge)}: the token ` +
      'would never get its turn in time, shorten soakTime.'
    );
  return undefined;
}

function contradictionOfGrace(policy: Policy): string | undefined {
  if (policy.minGrace > policy.maxGrace)
    return (
      `minGrace ${text(policy.minGrace)} is longer than maxGrace ${text(policy.maxGrace)}: shorten ` +
      'minGrace or raise maxGrace.'
    );
  if (policy.cacheTtl > policy.maxGrace)
    return (
      `cacheTtl ${text(policy.cacheTtl)} is longer than maxGrace ${text(policy.maxGrace)}: the old ` +
      'credential would be revoked while consumers still hold it, raise maxGrace.'
    );
  if (policy.minGrace >= policy.rotateEvery)
    return (
      `minGrace ${text(policy.minGrace)} is not shorter than rotateEvery ${text(policy.rotateEvery)}: ` +
      'old credentials would pile up, shorten minGrace.'
    );
  if (policy.healthSignals.length > 0 && policy.bakeTime > policy.maxGrace)
    return (
      `bakeTime ${text(policy.bakeTime)} is longer than maxGrace ${text(policy.maxGrace)}: the ` +
      'credential to go back to would be gone, shorten bakeTime or raise maxGrace.'
    );
  return undefined;
}

/**
 * A credential that could never be replaced within its life would have to break its windows and freezes each
 * time; so would one that is due when waiting is over, half of the lead before its end.
 */
function contradictionOfCalendar(policy: Policy): string | undefined {
  if (longestClosed(calendarOf(policy)) >= policy.maxAge)
    return (
      `rotationWindows and freezes leave no time to rotate within maxAge ${text(policy.maxAge)}: widen a ` +
      'window, shorten a freeze, or raise maxAge.'
    );
  if (
    mayWait(policy) &&
    policy.rotateBeforeExpiry >= policy.maxAge &&
    policy.rotateEvery >= policy.maxAge - policy.rotateBeforeExpiry / 2
  )
    return (
      `rotateBeforeExpiry ${text(policy.rotateBeforeExpiry)} is not shorter than maxAge ` +
      `${text(policy.maxAge)}: no rotation could ever wait for a window, a freeze or another token, ` +
      'shorten rotateBeforeExpiry.'
    );
  return undefined;
}
