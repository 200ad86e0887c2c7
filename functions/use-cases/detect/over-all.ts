import type { Search } from '../../core/detection/access.ts';
import { bulkReads, isInBulk, oddReadsIn, withOddReads, type OddReader } from '../../core/detection/bulk-reads.ts';
import { doorsTried, searchesTried } from '../../core/detection/estate-wide.ts';
import { withUnusual } from '../../core/detection/notes.ts';
import type { Unusual } from '../../core/detection/unusual.ts';
import type { FindingKind } from '../../core/findings.ts';
import type { Token } from '../../core/token.ts';
import { changeEstate, type EstatePorts } from '../estate.ts';
import { reasonOf } from '../store.ts';

/** What is told once for all tokens. */
export interface OverAll {
  /** The kind of the installation's finding that tells of what somebody did to a token; undefined where the token has to. */
  readonly tellsOf: (kind: FindingKind, principal: string, tokenId: string) => FindingKind | undefined;
}

interface Touched {
  readonly token: Pick<Token, 'id' | 'name'>;
  readonly unusual: readonly Unusual[];
}

/**
 * Tells of what somebody did to many tokens at once, now and lately, and of searches that name none. The installation's record is read and written only when a batch
 * holds odd reads, many denials or such a search. Resolves to undefined when it could not be written: then nothing of it may be told otherwise either.
 */
export async function overAll(touched: readonly Touched[], searches: readonly Search[], ports: EstatePorts): Promise<OverAll | undefined> {
  const reads = touched.flatMap(({ token, unusual }) => oddReadsIn(token, unusual));
  const doors = doorsTried(touched.flatMap(({ token, unusual }) => unusual.flatMap(({ kind, sight }) => (kind === 'denied-calls' && sight ? [{ tokenId: token.id, sight }] : []))));
  const denied = [...doors, ...searchesTried(searches)];
  if (reads.length === 0 && denied.length === 0) return { tellsOf: () => undefined };
  let readers: readonly OddReader[] = [];
  try {
    await changeEstate(ports, (estate) => {
      readers = withOddReads(estate.oddReaders ?? [], reads);
      const unusual = [...bulkReads(readers.filter((one) => reads.some(({ sight }) => sight.principal === one.principal))), ...denied];
      return withUnusual(reads.length === 0 ? estate : { ...estate, oddReaders: readers }, { unusual, over: [] }, ports.now());
    });
  } catch (error) {
    ports.log.error('what was done to several tokens could not be noted', { reason: reasonOf(error) });
    return undefined;
  }
  return { tellsOf: (kind, principal, tokenId) => telling({ kind, principal, tokenId }, readers, doors) };
}

function telling({ kind, principal, tokenId }: { kind: FindingKind; principal: string; tokenId: string }, readers: readonly OddReader[], doors: readonly Unusual[]): FindingKind | undefined {
  if (kind === 'denied-calls') return doors.some((one) => one.subject === principal) ? 'denied-calls' : undefined;
  return isInBulk(readers, principal, tokenId) ? 'bulk-read' : undefined;
}
