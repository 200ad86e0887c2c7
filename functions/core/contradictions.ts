import { longestClosed } from './calendar.ts';
import type { DeclaredConsumer } from './delivery/consumers.ts';
import { KeyturnError } from './errors.ts';
import { mayWait, unkeptLife } from './life-bound.ts';
import { DEFAULT_POLICY, Policy, withoutUndefined, type StatedPolicy } from './policy.ts';
import type { ProviderDescriptor } from './provider.ts';
import { HOUR, formatDuration as text } from './time.ts';

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
 * Fills defaults and refuses a policy that contradicts itself or what is known of its token, or has a length of zero where there must be one.
 * Errors: `bad-request`, one sentence that begins with the field.
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

/** Why a whole policy cannot be kept by itself, of its token or at its issuer, in one sentence that begins with the field; undefined when it can. */
export function whyUnkept(policy: Policy, about: PolicyContext): string | undefined {
  return (
    contradictionIn(policy) ??
    contradictionWith(policy, about) ??
    (about.issuer && unkeptLife(policy, about.issuer))
  );
}

/** What a token wants of its issuer that the issuer cannot do. A default is held against none, since it stands for others too. */
export function contradictionWithIssuer(
  stated: { readonly mostLife?: number | undefined },
  issuer: Pick<ProviderDescriptor, 'id' | 'expiry'>,
): string | undefined {
  if (stated.mostLife === undefined || issuer.expiry.settable) return undefined;
  return `mostLife ${text(stated.mostLife)} cannot be kept, since ${issuer.id} lets nobody set an expiry: leave it out; maxAge says how long a credential lives.`;
}

/** A shorter interval would be one rotation a sweep, for ever. */
const SHORTEST_INTERVAL = HOUR;

/** The first contradiction in a policy as one sentence, or undefined. */
export function contradictionIn(policy: Policy): string | undefined {
  return contradictionOfLives(policy) ?? contradictionOfGrace(policy) ?? contradictionOfCalendar(policy);
}

/** What one hand wrote and cannot have meant. Of a default it would only be in the way: where a credential lives shorter than the lead time, half its life counts. */
function contradictionOfWords({
  rotateBeforeExpiry,
  maxAge,
  mostLife,
  evidence,
  quiet,
  graceMost,
}: StatedPolicy): string | undefined {
  const life = mostLife ?? maxAge;
  if (rotateBeforeExpiry !== undefined && life !== undefined && rotateBeforeExpiry >= life)
    return `rotateBeforeExpiry ${text(rotateBeforeExpiry)} is not shorter than ${mostLife === undefined ? 'maxAge' : 'mostLife'} ${text(life)}: no credential lives that long, shorten rotateBeforeExpiry.`;
  if (
    quiet !== undefined &&
    graceMost !== undefined &&
    quiet > graceMost &&
    evidence !== 'consumers' &&
    evidence !== 'time'
  )
    return `quiet ${text(quiet)} is longer than graceMost ${text(graceMost)}: nothing could be called unused in time, shorten quiet or raise graceMost.`;
  return undefined;
}

/** What a policy asks that its token cannot give. */
function contradictionWith(
  { after, evidence }: Policy,
  { name, consumers }: PolicyContext,
): string | undefined {
  if (after !== undefined && after === name)
    return 'after names the token itself: name the one that has to be rotated first.';
  if (consumers === undefined || consumers.length > 0 || (evidence !== 'consumers' && evidence !== 'all'))
    return undefined;
  return `evidence ${evidence} wants every declared consumer to have moved, and none is declared: declare one (consumers in a manifest, a tag keyturn:consumer:NAME on the secret), or write last-used or time.`;
}

function contradictionOfLives(policy: Policy): string | undefined {
  if (policy.rotateEvery > policy.maxAge)
    return `rotateEvery ${text(policy.rotateEvery)} is longer than maxAge ${text(policy.maxAge)}: shorten rotateEvery or raise maxAge.`;
  if (policy.rotateEvery < SHORTEST_INTERVAL)
    return `rotateEvery ${text(policy.rotateEvery)} is shorter than ${text(SHORTEST_INTERVAL)}: write 1h or more.`;
  if (policy.jitter >= policy.rotateEvery)
    return `jitter ${text(policy.jitter)} is not shorter than rotateEvery ${text(policy.rotateEvery)}: rotations would come at any time, shorten jitter.`;
  if (policy.mostLife !== undefined && policy.mostLife <= policy.rotateEvery)
    return `mostLife ${text(policy.mostLife)} is not longer than rotateEvery ${text(policy.rotateEvery)}: credentials would expire before they are replaced, raise mostLife or shorten rotateEvery.`;
  if (policy.mostLife !== undefined && policy.mostLife > policy.maxAge)
    return `mostLife ${text(policy.mostLife)} is longer than maxAge ${text(policy.maxAge)}: shorten mostLife or raise maxAge.`;
  if (policy.after !== undefined && policy.soak >= policy.maxAge)
    return `soak ${text(policy.soak)} is not shorter than maxAge ${text(policy.maxAge)}: the token would never get its turn in time, shorten soak.`;
  return undefined;
}

function contradictionOfGrace(policy: Policy): string | undefined {
  if (policy.graceLeast > policy.graceMost)
    return `graceLeast ${text(policy.graceLeast)} is longer than graceMost ${text(policy.graceMost)}: shorten graceLeast or raise graceMost.`;
  if (policy.cache > policy.graceMost)
    return `cache ${text(policy.cache)} is longer than graceMost ${text(policy.graceMost)}: the old credential would die while consumers still hold it, raise graceMost.`;
  if (policy.graceLeast >= policy.rotateEvery)
    return `graceLeast ${text(policy.graceLeast)} is not shorter than rotateEvery ${text(policy.rotateEvery)}: old credentials would pile up, shorten graceLeast.`;
  if (policy.health.length > 0 && policy.watch > policy.graceMost)
    return `watch ${text(policy.watch)} is longer than graceMost ${text(policy.graceMost)}: the credential to go back to would be gone, shorten watch or raise graceMost.`;
  return undefined;
}

/** A credential that could never be replaced within its life would have to break its windows and freezes each time; so would one that is due when waiting is over, half of the lead before its end. */
function contradictionOfCalendar(policy: Policy): string | undefined {
  if (longestClosed(policy) >= policy.maxAge)
    return `windows and freezes leave no time to rotate within maxAge ${text(policy.maxAge)}: widen a window, shorten a freeze, or raise maxAge.`;
  if (
    mayWait(policy) &&
    policy.rotateBeforeExpiry >= policy.maxAge &&
    policy.rotateEvery >= policy.maxAge - policy.rotateBeforeExpiry / 2
  )
    return `rotateBeforeExpiry ${text(policy.rotateBeforeExpiry)} is not shorter than maxAge ${text(policy.maxAge)}: no rotation could ever wait for a window, a freeze or another token, shorten rotateBeforeExpiry.`;
  return undefined;
}
