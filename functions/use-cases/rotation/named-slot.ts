import { KeyturnError } from '../../core/basics/errors.ts';
import { chooseSlot, needsSlot } from '../../core/rotation/named-slots.ts';
import { liveCredentials } from '../../core/token/known-credentials.ts';
import type { ChoosingSession } from '../../core/issuer/provider.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { ifUnderstood, provenance } from './provenance.ts';
import type { Step } from './step.ts';

/**
 * The slot that a new credential is for; undefined where slots have no names. Error:
 * `credential-limit-reached` where none of them holds nothing.
 */
export async function chosenSlot(
  step: Step,
  { record, session }: { readonly record: Loaded; readonly session: ChoosingSession },
  ports: Ports,
): Promise<string | undefined> {
  if (session.slots === undefined) return undefined;
  const choice = chooseSlot(record.token, session.slots, {
    attemptId: step.event.requestToken,
    facts: ports.issuers.provider(record.token.provider).descriptor,
    listed: await session.list(),
    named: await namedNow(step, { record, session }, ports),
    now: ports.now(),
  });
  if ('slot' in choice) return choice.slot;
  throw new KeyturnError('credential-limit-reached', choice.none);
}

/** The handles of values that the issuer could not name yet when they were read. */
async function namedNow(
  { secret, place }: Step,
  { record, session }: { readonly record: Loaded; readonly session: ChoosingSession },
  ports: Ports,
): Promise<string[]> {
  const versions = liveCredentials(record.token).flatMap(({ handle, versionId }) =>
    handle === undefined && versionId !== undefined ? [versionId] : [],
  );
  const proofs = await Promise.all(
    versions.map((versionId) =>
      ifUnderstood(provenance({ secretArn: secret.arn, versionId, place }, { session }, ports)),
    ),
  );
  return proofs.flatMap((proof) => proof?.handle ?? []);
}

/**
 * No other token may have the slot, or be about to fill it. The own claim is on record by now, and leads to
 * it, before the others' records are read: of two tokens that claim one slot, at least one sees the other.
 * Error: `credential-limit-reached` names the other token.
 */
export async function requireUnclaimed(step: Step, slot: string | undefined, ports: Ports): Promise<void> {
  if (slot === undefined) return;
  for (const { tokenId } of await ports.inventory.holders(step.registration.provider, slot)) {
    const other = tokenId === step.tokenId ? undefined : await ports.inventory.load(tokenId);
    if (other && needsSlot(other.token, slot))
      throw new KeyturnError(
        'credential-limit-reached',
        `${slot} is used by the token ${other.token.name} too, so nothing is created there for ` +
          `${step.secret.name}: grant it to one token alone.`,
      );
  }
}
