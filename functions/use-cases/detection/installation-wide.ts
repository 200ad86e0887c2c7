import type { Search } from '../../core/detection/access.ts';
import { bulkReads, isInBulk } from '../../core/detection/bulk-reads.ts';
import { doorsTried, isDoor, searchesTried } from '../../core/detection/installation-wide.ts';
import { withUnusual } from '../../core/detection/anomaly-findings.ts';
import { oddCallsIn, withOddCalls, type OddCall, type OddCaller } from '../../core/detection/odd-callers.ts';
import type { Unusual } from '../../core/detection/anomaly.ts';
import type { InstallationRecord } from '../../core/inventory/installation.ts';
import type { FindingKind } from '../../core/findings/findings.ts';
import type { Token } from '../../core/token/token.ts';
import { changeInstallationRecord, type InstallationRecordPorts } from '../inventory/installation.ts';
import { reasonOf } from '../inventory/store.ts';

/** What is told once for all tokens. */
export interface OverAll {
  /**
   * The kind of the installation's finding that tells of what somebody did to a token; undefined where the
   * token has to.
   */
  readonly tellsOf: (kind: FindingKind, principal: string, tokenId: string) => FindingKind | undefined;
}

interface Touched {
  readonly token: Pick<Token, 'id' | 'name'>;
  readonly unusual: readonly Unusual[];
}

/**
 * Tells of what somebody did to many tokens at once, now and lately, and of searches that name none. The
 * installation's record is read only when a batch holds odd reads, denials or such a search, and written only
 * for news. Resolves to undefined when it could not be written: then nothing of it may be told otherwise
 * either.
 */
export async function overAll(
  touched: readonly Touched[],
  searches: readonly Search[],
  ports: InstallationRecordPorts,
): Promise<OverAll | undefined> {
  const odd = touched.map(({ token, unusual }) => oddCallsIn(token, unusual));
  const [reads, denials] = [odd.flatMap((one) => one.reads), odd.flatMap((one) => one.denials)];
  if (reads.length + denials.length + searches.length === 0) return { tellsOf: () => undefined };
  let [readers, denied]: [readonly OddCaller[], readonly OddCaller[]] = [[], []];
  const noted = (installationRecord: InstallationRecord): InstallationRecord => {
    readers = withOddCalls(installationRecord.oddReaders ?? [], reads);
    denied = withOddCalls(installationRecord.deniedCallers ?? [], denials);
    const unusual = [
      ...bulkReads(of(readers, reads)),
      ...doorsTried(of(denied, denials)),
      ...searchesTried(searches),
    ];
    const kept = {
      ...installationRecord,
      ...(reads.length > 0 && { oddReaders: readers }),
      ...(denials.length > 0 && { deniedCallers: denied }),
    };
    return withUnusual(kept, { unusual, over: [] }, ports.now());
  };
  try {
    await changeInstallationRecord(ports, noted);
  } catch (error) {
    ports.log.error('what was done to several tokens could not be noted', { reason: reasonOf(error) });
    return undefined;
  }
  return {
    tellsOf: (kind, principal, tokenId) => {
      if (kind === 'access-denied') return isDoor(denied, principal, tokenId) ? 'access-denied' : undefined;
      return isInBulk(readers, principal, tokenId) ? 'bulk-read' : undefined;
    },
  };
}

/** Those who are in this batch: what was reported of others stays as it is. */
function of(callers: readonly OddCaller[], calls: readonly OddCall[]): OddCaller[] {
  return callers.filter((one) => calls.some(({ sight }) => sight.principal === one.principal));
}
