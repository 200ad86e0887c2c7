import { withCredential } from '../../core/token/transitions.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import type { ListedCredential } from '../../core/issuer/provider.ts';
import { liveCredentials } from '../../core/token/known-credentials.ts';
import { ifUnderstood, provenance } from '../rotation/provenance.ts';
import { change } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';

/**
 * A value the issuer could not name when it was adopted, as one that had not propagated yet, is asked about
 * again.
 */
export async function identifyNameless(
  work: Work,
  listed: readonly ListedCredential[],
  ports: Ports,
): Promise<Loaded> {
  let record = work.record;
  const nameless = liveCredentials(record.token).filter(
    (one) => one.handle === undefined && one.versionId !== undefined,
  );
  for (const one of nameless) {
    const proof = await ifUnderstood(
      provenance(
        { secretArn: work.secret.arn, versionId: one.id, place: work.place },
        { session: work.session, listed },
        ports,
      ),
    );
    const handle = proof?.handle;
    if (!proof || handle === undefined) continue;
    const { origin, expiresAt, createdAt, reach } = proof;
    record = await change(record, ports, (token) =>
      withCredential(token, one.id, (same) => ({
        ...same,
        handle,
        createdAt,
        origin,
        expiresAt: same.expiresAt ?? expiresAt,
        // The value may have been taken for one of another account, which the grant named at that time.
        ...(reach && { reach }),
        ...(same.problem?.kind === 'credential-unmanaged' && { problem: undefined, lookAt: undefined }),
      })),
    );
  }
  return record;
}
