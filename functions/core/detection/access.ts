import type { Instant } from '../basics/time.ts';
import { changesIn } from './changes.ts';
import type { Change } from './change.ts';
import { callerOf, type Caller, type Home } from './principal.ts';
import type { TrailEvent } from './trail-event.ts';
import { deedOf, isDenial, type Deed } from './watched-calls.ts';
import { agentOf, networkOf } from './network-origin.ts';

/** Who called, when, from where and with what. */
export interface Sight extends Caller {
  /** The same for both accounts' copies of one call, and for each repetition of its event. */
  readonly id: string;
  readonly at: Instant;
  readonly network: string;
  readonly region: string;
  readonly agent: string;
}

/** One thing somebody did, or was denied, to one secret or key. */
export interface Access extends Sight {
  readonly deed: Exclude<Deed, 'batch' | 'list'>;
  readonly isDenied: boolean;
  /** The secret as the caller named it (name, partial or full ARN), or the key. */
  readonly target: string;
  readonly versionId: string | undefined;
  readonly stage: string | undefined;
  /** What a call changed. */
  readonly changes: readonly Change[];
  /** The function that rotation was pointed at. */
  readonly rotationFunction: string | undefined;
  /** Whether a deletion was forced, and cannot be taken back. */
  readonly isForced: boolean;
}

/** Somebody was denied a look at all secrets, or at all that a filter fits: nothing names one of them. */
export interface Search extends Sight {
  readonly what: 'list' | 'filter';
  /** The filter in short. */
  readonly filter: string;
}

/**
 * What an event says was done, none for one that tells nothing: a call that failed for another reason than a
 * denial, one into another account, or a batch read, whose single reads have events of their own. Pure.
 */
export function accessesIn(event: TrailEvent, home: Home): Access[] {
  const { detail } = event;
  const deed = deedOf(detail.eventSource, detail.eventName);
  const isDenied = isDenial(detail.errorCode);
  if (deed === undefined || deed === 'list' || (detail.errorCode && !isDenied) || !isHere(event, home))
    return [];
  const parameters = detail.requestParameters;
  const common = {
    ...sightOf(detail, home),
    isDenied,
    versionId: parameters?.versionId ?? undefined,
    stage: parameters?.versionStage ?? undefined,
    changes: isDenied ? [] : changesIn(detail, home.account),
    rotationFunction: parameters?.rotationLambdaARN ?? undefined,
    isForced: parameters?.forceDeleteWithoutRecovery === true,
  };
  if (deed === 'batch')
    return isDenied
      ? (parameters?.secretIdList ?? []).map((target, index) => ({
          ...common,
          id: `${common.id}/${index}`,
          deed: 'read' as const,
          target,
        }))
      : [];
  const target = parameters?.secretId ?? parameters?.keyId ?? undefined;
  return target === undefined ? [] : [{ ...common, deed, target }];
}

/**
 * What an event says somebody looked for and was denied, where it names no secret. Keyturn's own searches are
 * none.
 */
export function searchIn(event: TrailEvent, home: Home): Search | undefined {
  const { detail } = event;
  const deed = deedOf(detail.eventSource, detail.eventName);
  if ((deed !== 'list' && deed !== 'batch') || !isDenial(detail.errorCode) || !isHere(event, home))
    return undefined;
  const { filters, secretIdList } = detail.requestParameters ?? {};
  if (deed === 'batch' && secretIdList && secretIdList.length > 0) return undefined;
  const sight = sightOf(detail, home);
  const filter = (filters ?? [])
    .map((one) => `${one.key ?? ''} ${(one.values ?? []).join(' ')}`)
    .join(', ')
    .replaceAll(/[^\w+=,.@:/! -]/g, '_')
    .slice(0, 80);
  return sight.isOwn ? undefined : { ...sight, what: deed === 'list' ? 'list' : 'filter', filter };
}

/**
 * Of the two copies of a call between accounts the owner's counts; an event that does not say whose it is
 * came over the bus of its own account.
 */
function isHere({ account, detail }: TrailEvent, home: Home): boolean {
  return (detail.recipientAccountId ?? account ?? home.account) === home.account;
}

function sightOf(detail: TrailEvent['detail'], home: Home): Sight {
  return {
    ...callerOf(detail.userIdentity, home),
    id: detail.sharedEventID ?? detail.eventID,
    at: detail.eventTime,
    network: networkOf(detail.sourceIPAddress ?? undefined, detail.vpcEndpointId ?? undefined),
    region: detail.awsRegion,
    agent: agentOf(detail.userAgent ?? undefined),
  };
}

/** Each thing once, oldest first, however often and in whatever order its events came. */
export function inOrder<T extends Pick<Access, 'id' | 'at'>>(accesses: readonly T[]): T[] {
  const once = new Map(accesses.map((one) => [one.id, one]));
  return [...once.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}
