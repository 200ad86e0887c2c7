import { KeyturnError } from '../../core/basics/errors.ts';
import {
  notingCopies,
  permitting,
  renewing,
  withdrawn,
  type NewPermit,
  type PermitKind,
  type Permits,
} from '../../core/revocation/permits.ts';
import { spent } from '../../core/revocation/replaced-credentials.ts';
import { notingReplaced } from '../../core/revocation/replaced-credentials.ts';
import type { Ports } from '../../core/ports/ports.ts';

type PermitPorts = Pick<Ports, 'inventory'>;

const TRIES = 8;

/**
 * Writes down what lets credentials end, before any record says so. What is permitted already stays as it
 * was. Errors: `conflict` after several tries.
 */
export function permit(tokenId: string, permits: readonly NewPermit[], ports: PermitPorts): Promise<Permits> {
  return changePermits(tokenId, ports, (record) => permits.reduce(permitting, record));
}

/** The same, dated anew. */
export function permitAnew(
  tokenId: string,
  permits: readonly NewPermit[],
  ports: PermitPorts,
): Promise<Permits> {
  return changePermits(tokenId, ports, (record) => permits.reduce(renewing, record));
}

/** Takes a permit back; the same where there is none. */
export function withdrawPermit(
  tokenId: string,
  kind: PermitKind,
  about: string,
  ports: PermitPorts,
): Promise<Permits> {
  return changePermits(tokenId, ports, (record) => withdrawn(record, kind, about));
}

/** A credential is gone: nothing lets it end any more. */
export function spendPermits(tokenId: string, credentialId: string, ports: PermitPorts): Promise<Permits> {
  return changePermits(tokenId, ports, (record) => spent(record, credentialId));
}

/** Notes what was seen to be replaced, so that nothing cuts its grace short afterwards. */
export function noteReplaced(
  tokenId: string,
  seen: Parameters<typeof notingReplaced>[1],
  ports: PermitPorts,
): Promise<Permits> {
  return changePermits(tokenId, ports, (record) => notingReplaced(record, seen));
}

/** Notes how the copies in other Regions are, so that no record says that they were otherwise. */
export function noteCopies(
  tokenId: string,
  seen: Parameters<typeof notingCopies>[1],
  ports: PermitPorts,
): Promise<Permits> {
  return changePermits(tokenId, ports, (record) => notingCopies(record, seen));
}

/**
 * Changes what may end of a token, as often as others change it meanwhile. Only the worker functions may.
 * Errors: `conflict` after several tries, `aws-failed`.
 */
export async function changePermits(
  tokenId: string,
  { inventory }: PermitPorts,
  apply: (record: Permits) => Permits,
): Promise<Permits> {
  for (let tried = 1; ; tried++) {
    const { permits, revision } = await inventory.loadPermits(tokenId);
    const changed = apply(permits);
    if (changed === permits) return permits;
    try {
      await inventory.savePermits(changed, revision);
      return changed;
    } catch (error) {
      if (!(error instanceof KeyturnError && error.code === 'conflict') || tried >= TRIES) throw error;
    }
  }
}
