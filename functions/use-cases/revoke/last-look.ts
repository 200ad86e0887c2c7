import type { Ports, SecretDescription } from '../../core/ports.ts';
import { urgencyOf } from '../../core/urgency.ts';
import { sealedProvenance } from '../provenance.ts';
import { versionWith } from '../registered.ts';
import { refused, type Case, type LastLook, type Refusal, type Target } from './target.ts';

/**
 * Before the end of a credential that was ever AWSCURRENT, the value that AWSCURRENT names now is shown to work, after the claim. Not asked for in an emergency,
 * nor of what no consumer ever had.
 */
export async function lastLook(one: Case, secret: SecretDescription | undefined, ports: Ports): Promise<LastLook | Refusal | undefined> {
  const { token, target, session, place, permits } = one;
  if (urgencyOf(token, target, permits) !== undefined || isUnused(target)) return undefined;
  const current = secret && versionWith(secret, 'AWSCURRENT');
  if (!secret || current === undefined) return refused(`Nothing has taken the place of the credential ${target.handle}: the secret has no current version.`);
  const held = await sealedProvenance({ secretArn: secret.arn, versionId: current, place }, ports);
  if (!held) return refused(`Nothing has taken the place of the credential ${target.handle}: the current version ${current} holds no credential.`);
  const { outcome } = await session.probe(held.value);
  const looked: LastLook = { at: ports.now(), outcome };
  if (outcome === 'alive') return looked;
  if (outcome === 'refused') return refused(`The issuer refuses the value that AWSCURRENT names: the credential ${target.handle} may be the last one that works.`, { looked });
  return refused(`Whether the value that AWSCURRENT names works could not be asked, and the credential ${target.handle} may be the last one that does.`, { stale: true, looked });
}

function isUnused({ neverCurrent, promotedAt, supersededAt }: Target): boolean {
  return neverCurrent === true && promotedAt === undefined && supersededAt === undefined;
}
