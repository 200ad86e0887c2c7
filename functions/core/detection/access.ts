import type { Instant } from '../time.ts';
import { callerOf, type Caller, type Home } from './principal.ts';
import type { TrailEvent } from './trail-event.ts';
import { deedOf, type Deed } from './watched.ts';
import { agentOf, networkOf } from './whence.ts';

/** One thing somebody did, or was denied, to one secret or key. */
export interface Access extends Caller {
  /** The same for both accounts' copies of one call, and for each repetition of its event. */
  readonly id: string;
  readonly at: Instant;
  readonly deed: Exclude<Deed, 'batch'>;
  readonly isDenied: boolean;
  /** The secret as the caller named it (name, partial or full ARN), or the key. */
  readonly target: string;
  readonly network: string;
  readonly region: string;
  readonly agent: string;
  readonly versionId: string | undefined;
  readonly stage: string | undefined;
  /** The function that rotation was pointed at. */
  readonly rotationFunction: string | undefined;
}

const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'Client.UnauthorizedOperation', 'UnauthorizedOperation']);

/**
 * What an event says was done, none for one that tells nothing: a call that failed for another reason than a denial, one into another account,
 * or a batch read, whose single reads have events of their own. Pure.
 */
export function accessesIn({ detail }: TrailEvent, home: Home): Access[] {
  const deed = deedOf(detail.eventSource, detail.eventName);
  const isDenied = DENIED.has(detail.errorCode ?? '');
  if (deed === undefined || (detail.errorCode && !isDenied) || detail.recipientAccountId !== home.account) return [];
  const parameters = detail.requestParameters;
  const common = {
    ...callerOf(detail.userIdentity, home),
    at: detail.eventTime,
    isDenied,
    network: networkOf(detail.sourceIPAddress ?? undefined, detail.vpcEndpointId ?? undefined),
    region: detail.awsRegion,
    agent: agentOf(detail.userAgent ?? undefined),
    versionId: parameters?.versionId ?? undefined,
    stage: parameters?.versionStage ?? undefined,
    rotationFunction: parameters?.rotationLambdaARN ?? undefined,
  };
  const id = detail.sharedEventID ?? detail.eventID;
  if (deed === 'batch') return isDenied ? (parameters?.secretIdList ?? []).map((target, index) => ({ ...common, id: `${id}/${index}`, deed: 'read' as const, target })) : [];
  const target = parameters?.secretId ?? parameters?.keyId ?? undefined;
  return target === undefined ? [] : [{ ...common, id, deed, target }];
}

/** Each thing once, oldest first, however often and in whatever order its events came. */
export function inOrder<T extends Pick<Access, 'id' | 'at'>>(accesses: readonly T[]): T[] {
  const once = new Map(accesses.map((one) => [one.id, one]));
  return [...once.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}
