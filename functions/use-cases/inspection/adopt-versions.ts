import { withoutTwins } from '../../core/token/twins.ts';
import { notingHand, withoutValue } from '../../core/detection/manual-changes.ts';
import { labelsDigest } from '../../core/inventory/label-digest.ts';
import { withKept } from '../../core/token/kept-versions.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { credentialOf, isUnderWay } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import { visibleCredentials } from '../rotation/visible-credentials.ts';
import type { Readable } from '../rotation/enroll.ts';
import { holdsNothing } from '../rotation/provenance.ts';
import { versionWith } from '../inventory/registration.ts';
import { changeAsRead } from '../inventory/store.ts';
import { inStep } from './follow-awscurrent.ts';

/**
 * Labels moved by hand, by a rollback elsewhere, or since the table was restored from a backup: what they
 * show becomes the record. Old credentials get a fresh grace. While a rotation is under way it alone says
 * which one is current; what is unknown is kept all the same.
 */
export async function adoptWhatIsShown(target: Readable, record: Loaded, ports: Ports): Promise<Loaded> {
  const current = versionWith(target.secret, 'AWSCURRENT');
  const shown = await visibleCredentials(target, (version) => isOnRecord(record.token, version), ports);
  const isEmptied =
    current !== undefined &&
    !isOnRecord(record.token, current) &&
    !shown.some((seen) => seen.id === current) &&
    (await holdsNothing({ secretArn: target.secret.arn, versionId: current, place: target.place }, ports));
  const readAt = ports.now();
  const labels = labelsDigest(target.secret.versions);
  return changeAsRead(record, ports, (one) => {
    const added = shown.filter((seen) => !isOnRecord(one, seen.id));
    if (one.attempts.some(isUnderWay))
      return {
        ...one,
        readAt,
        labels,
        credentials: withKept(
          { ...one, credentials: [...one.credentials, ...added.map((seen) => held(seen, readAt))] },
          target.secret.versions,
          readAt,
        ).credentials,
      };
    if (isEmptied) return { ...withoutValue(one, current, readAt), readAt, labels };
    const inOrder = withKept(
      inStep(
        added.length === 0 ? one : { ...one, credentials: [...one.credentials, ...added] },
        current,
        readAt,
      ),
      target.secret.versions,
      readAt,
    );
    const credentials = withoutTwins(inOrder.credentials).map(withoutShown);
    const isUnchanged =
      credentials.length === one.credentials.length &&
      credentials.every((same, index) => same === one.credentials[index]);
    return isUnchanged
      ? { ...one, readAt, labels }
      : notingHand(one, { ...inOrder, credentials, readAt, labels }, readAt);
  });
}

function isOnRecord(token: Token, version: string): boolean {
  return (
    credentialOf(token, version) !== undefined ||
    token.attempts.some((one) => one.id === version && isUnderWay(one))
  );
}

/** Not current as long as a rotation is under way. */
export function held(seen: Credential, now: number): Credential {
  if (seen.state !== 'current') return seen;
  const { promotedAt: _promoted, ...rest } = seen;
  return { ...rest, state: 'previous', supersededAt: now, shownCurrent: true };
}

/** Once no rotation is under way any more, whoever moves the label to it does so now. */
function withoutShown(one: Credential): Credential {
  if (one.shownCurrent === undefined) return one;
  const { shownCurrent: _shown, ...rest } = one;
  return rest;
}
