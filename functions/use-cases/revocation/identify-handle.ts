import type { Ports } from '../../core/ports/ports.ts';
import type { Session } from '../../core/issuer/provider.ts';
import type { Credential } from '../../core/token/credential.ts';
import { ifUnderstood, sealedProvenance } from '../rotation/provenance.ts';
import { identifiedBy } from '../rotation/identified.ts';
import type { Work } from '../open-token/context.ts';

/** The versions of a secret that is gone or scheduled for deletion cannot be read. */
function isUnreadable(work: Work): boolean {
  return work.secret.deletedAt !== undefined;
}

/** An adopted value is identified here at the latest. */
export async function handleOf(
  work: Work,
  one: Credential,
  session: Session,
  ports: Ports,
): Promise<string | undefined> {
  if (one.handle !== undefined || one.versionId === undefined || isUnreadable(work)) return one.handle;
  const proof = await ifUnderstood(
    sealedProvenance({ secretArn: work.secret.arn, versionId: one.versionId, place: work.place }, ports),
  );
  return proof?.handle ?? (proof && (await identifiedBy(session, proof))?.handle);
}
