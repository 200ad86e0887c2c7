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
 * A text that Keyturn does not understand may be one that a consumer does. Emergencies apart, no credential
 * ends whose value stands in such a text of another registered secret, under a label that a person put there.
 * Where the value cannot be read any more, it is unknown whether it stands there, and the credential stays
 * active; one that no consumer ever had stands nowhere. A text that cannot be read says nothing.
 */
export async function notUnderstoodObjection(one: Case, ports: Ports): Promise<Refusal | undefined> {
  const { token, target, permits } = one;
  if (urgencyOf(token, target, permits) !== undefined) return undefined;
  const others = (await ports.inventory.traced(NOT_UNDERSTOOD)).filter((id) => id !== token.id);
  if (others.length === 0) return undefined;
  const value = await valueOf(one, ports);
  if (!value && target.neverCurrent === true) return undefined;
  for (const id of others) {
    const other = (await ports.inventory.load(id))?.token;
    const secret = other?.unusable === undefined ? undefined : await secretOf(other, ports);
    if (isReadableHere(secret, ports) && (await mayHold(secret, value, ports)))
      return { ...behind(objection(target.handle, secret.name, value)), giveBack: true };
  }
  return undefined;
}

function objection(handle: string, name: string, value: Secret | undefined): string {
  return value
    ? `The credential ${handle} stands in the text of the secret ${name}, in which Keyturn does not find ` +
        'its place: ' +
        'somebody may use it there.'
    : `The credential ${handle} may stand in the text of the secret ${name}, in which Keyturn does not ` +
        'find the place ' +
        'of a credential; its own value cannot be read any more to look for it.';
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

/** Whether a value stands in a readable text of a secret; any value may, where it is not known. */
async function mayHold(
  { arn, versions }: SecretDescription,
  value: Secret | undefined,
  ports: Pick<Ports, 'secrets'>,
): Promise<boolean> {
  for (const [versionId, labels] of versions) {
    const text = labels.every(isPin) ? undefined : await readable(ports.secrets.read(arn, versionId));
    if (text && (!value || standsIn(text, value))) return true;
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
