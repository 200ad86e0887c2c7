import { listOf } from '../../core/issuer/provider.ts';
import type { Attempt } from '../../core/token/attempt.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { isSetAside, setAsideOf } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import { currentOf, credentialOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import type { Token } from '../../core/token/token.ts';
import { credentialFrom } from '../rotation/visible-credentials.ts';
import { ifUnderstood, provenance, sealedProvenance, type Provenance } from '../rotation/provenance.ts';
import type { SecretWork } from '../open-token/context.ts';

/**
 * A value that somebody else put into a pending version. No rotation can use it: it was neither made nor
 * tested by one. It is not Keyturn's to end either, so its version is set aside under a label of its own, and
 * a finding asks its owner.
 */
export async function stagedValue(
  work: SecretWork,
  seen: { token: Token; attempt: Attempt },
  ports: Ports,
): Promise<Credential | undefined> {
  const { token, attempt } = seen;
  const version = { secretArn: work.secret.arn, versionId: attempt.id, place: work.place };
  const proof = await understood(version, ports);
  if (proof === 'nothing' || (proof !== 'unclear' && (await isOurs(work, { token, attempt, proof }, ports))))
    return undefined;
  const now = ports.now();
  const kept = { label: setAsideOf(attempt.id), since: now };
  if (proof === 'unclear')
    return {
      id: attempt.id,
      versionId: attempt.id,
      origin: 'adopted',
      state: 'previous',
      supersededAt: now,
      kept,
    };
  return { ...credentialFrom(proof, { versionId: attempt.id, isCurrent: false, now }), kept };
}

type Version = Parameters<typeof sealedProvenance>[0];

async function understood(version: Version, ports: Ports): Promise<Provenance | 'nothing' | 'unclear'> {
  try {
    return (await sealedProvenance(version, ports)) ?? 'nothing';
  } catch (error) {
    if (error instanceof KeyturnError && error.code === 'secret-invalid') return 'unclear';
    throw error;
  }
}

/**
 * Under our seal, noted before it was stored, a copy of the current value, or made under our marker for this
 * very version, where a text can carry no seal.
 */
async function isOurs(
  work: SecretWork,
  seen: { token: Token; attempt: Attempt; proof: Provenance },
  ports: Ports,
): Promise<boolean> {
  const { token, attempt, proof } = seen;
  if (proof.origin === 'minted' || proof.fingerprint === currentOf(token)?.fingerprint) return true;
  if (attempt.mints.some((mint) => mint.fingerprint === proof.fingerprint)) return true;
  return proof.payload.form === 'plain' && (await isMarked(work, attempt.id, ports));
}

async function isMarked(work: SecretWork, versionId: string, ports: Ports): Promise<boolean> {
  try {
    const session = await work.open();
    const proof = await ifUnderstood(
      provenance(
        { secretArn: work.secret.arn, versionId, place: work.place },
        { session, listed: await listOf(session) },
        ports,
      ),
    );
    return proof?.origin === 'minted';
  } catch (error) {
    if (!(error instanceof KeyturnError) || error.rule.retry) throw error;
    return false;
  }
}

/** Puts the label on; doing it again changes nothing. */
export async function setAside(
  secret: SecretDescription,
  versionId: string,
  ports: Pick<Ports, 'secrets'>,
): Promise<void> {
  const label = setAsideOf(versionId);
  if (!secret.versions.get(versionId)?.includes(label))
    await ports.secrets.moveLabel(secret.arn, label, { from: undefined, to: versionId });
}

/** Takes the label off versions that became current, or whose credential is inactive. */
export async function clearSetAside(
  secret: SecretDescription,
  token: Token,
  ports: Pick<Ports, 'secrets'>,
): Promise<void> {
  for (const [versionId, labels] of secret.versions) {
    const state = credentialOf(token, versionId)?.state;
    const label = state === 'current' || state === 'ended' ? labels.find(isSetAside) : undefined;
    if (label !== undefined) await withoutLabel(secret.arn, { label, versionId }, ports);
  }
}

async function withoutLabel(
  secretArn: string,
  { label, versionId }: { label: string; versionId: string },
  ports: Pick<Ports, 'secrets'>,
): Promise<void> {
  try {
    await ports.secrets.moveLabel(secretArn, label, { from: versionId, to: undefined });
  } catch (error) {
    if (!(error instanceof KeyturnError && (error.code === 'conflict' || error.code === 'not-found')))
      throw error;
  }
}
