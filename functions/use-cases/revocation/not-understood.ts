import { isPin } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { SecretDescription } from '../../core/ports/secret-store.ts';
import { standsIn } from '../../core/secret-text/standing-in.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { urgencyOf } from '../../core/revocation/urgency.ts';
import { NOT_UNDERSTOOD } from '../inventory/credential-index.ts';
import { ifUnderstood, sealedProvenance } from '../rotation/provenance.ts';
import { isReadableHere, secretOf } from './holders.ts';
import { behind, type Case, type Refusal } from './target.ts';

/**
 * A text that Keyturn does not understand may be one that a consumer does. Emergencies apart, no credential ends whose very value stands in such a text of another registered secret,
 * under a label that nobody of Keyturn put there. What cannot be read says nothing.
 */
export async function notUnderstoodObjection(one: Case, ports: Ports): Promise<Refusal | undefined> {
  const { token, target, permits } = one;
  if (urgencyOf(token, target, permits) !== undefined) return undefined;
  const others = (await ports.inventory.traced(NOT_UNDERSTOOD)).filter((id) => id !== token.id);
  const value = others.length === 0 ? undefined : await valueOf(one, ports);
  if (!value) return undefined;
  for (const id of others) {
    const other = (await ports.inventory.load(id))?.token;
    const secret = other?.unusable === undefined ? undefined : await secretOf(other, ports);
    if (isReadableHere(secret, ports) && (await holds(secret, value, ports)))
      return {
        ...behind(
          `The credential ${target.handle} stands in the text of the secret ${secret.name}, in which Keyturn does not find its place: somebody may use it there.`,
        ),
        giveBack: true,
      };
  }
  return undefined;
}

/** The value that is to end, while its own version can be read. */
async function valueOf({ token, target, place }: Case, ports: Ports): Promise<Secret | undefined> {
  if (target.versionId === undefined) return undefined;
  const held = await readable(
    ifUnderstood(sealedProvenance({ secretArn: token.secretArn, versionId: target.versionId, place }, ports)),
  );
  return held && (target.fingerprint === undefined || held.fingerprint === target.fingerprint)
    ? held.value
    : undefined;
}

async function holds(
  { arn, versions }: SecretDescription,
  value: Secret,
  ports: Pick<Ports, 'secrets'>,
): Promise<boolean> {
  for (const [versionId, labels] of versions) {
    const text = labels.every(isPin) ? undefined : await readable(ports.secrets.read(arn, versionId));
    if (text && standsIn(text, value)) return true;
  }
  return false;
}

async function readable<T>(reading: Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof KeyturnError && !error.rule.retry) return undefined;
    throw error;
  }
}
