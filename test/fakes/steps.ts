import type { FindingFact } from '../../functions/core/findings/events.ts';
import { INSTALLATION_RECORD_ID } from '../../functions/core/inventory/installation.ts';
import type { Finding } from '../../functions/core/findings/findings.ts';
import { findingFact } from '../../functions/core/findings/finding-lifecycle.ts';
import type { MemoryInventory } from './memory-inventory.ts';
import { T0, aToken } from './tokens.ts';

export const HERE = { account: '111122223333', region: 'eu-west-1', name: 'main' };

/** What alerts of it are written for. */
export const CONTEXT = { installation: HERE, runbookUrl: undefined };

/**
 * Brings the record of a fact's token to the step that the fact names, and resolves to the fact as the
 * record has it. Sequences count from T0, as they do from the time.
 */
export async function onRecord(inventory: MemoryInventory, fact: FindingFact): Promise<FindingFact> {
  const { tokenId: id, name, issuer, owner, environment } = fact;
  const found = await inventory.load(id);
  const before = found?.token ?? aToken({ id });
  const known = before.findings.find((one) => one.kind === fact.kind && one.subject === fact.subject);
  const finding = findingOf(fact, known);
  const token = {
    ...before,
    name,
    provider: issuer,
    owner,
    environment,
    findings: [...before.findings.filter((one) => one !== known), finding],
  };
  if (id === INSTALLATION_RECORD_ID) throw new TypeError('the record of the installation is no token');
  await inventory.save(token, found?.revision ?? 0);
  return findingFact(token, finding);
}

function findingOf(
  { kind, subject, severity, detail, at, sequence, change, outlook }: FindingFact,
  known: Finding | undefined,
): Finding {
  const isNew = known === undefined || change === 'opened';
  return {
    kind,
    subject,
    severity,
    detail,
    openedAt: isNew ? at : known.openedAt,
    seenAt: at,
    sequence: T0 + sequence,
    state: change === 'resolved' ? 'resolved' : 'open',
    ...(change === 'resolved' && { resolvedAt: at }),
    ...(change === 'escalated' && { escalatedAt: at }),
    ...(change === 'acknowledged' && { acknowledged: { at, by: 'role/ops' } }),
    ...(outlook && { outlook }),
  };
}
