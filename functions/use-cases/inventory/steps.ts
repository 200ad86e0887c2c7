import { INSTALLATION_RECORD_ID, aboutInstallationRecord } from '../../core/inventory/installation.ts';
import type { FindingFact } from '../../core/findings/events.ts';
import type { InstallationScope } from '../../core/basics/names.ts';
import type { Inventory } from '../../core/ports/inventory.ts';
import type { Instant } from '../../core/basics/time.ts';
import { findingFact, type About, type Tracked } from '../../core/findings/finding-lifecycle.ts';

/** Where to look for a finding. Whoever names it says nothing else that counts. */
export type Where = Pick<FindingFact, 'tokenId' | 'kind' | 'subject'>;

/** The records, as those that tell people of findings read them. */
export interface StepPorts {
  readonly inventory: Pick<Inventory, 'load' | 'loadInstallationRecord'>;
  readonly installation: InstallationScope;
}

/** A finding as its record has it now. */
export interface Step {
  readonly fact: FindingFact;
  /** When it opened, this time. */
  readonly openedAt: Instant;
}

/**
 * The step at which the record of the token, or of the installation, has a finding: sequence, severity,
 * words, owner. Undefined for what no record knows, be it that it was forgotten, 90 days after it was over,
 * or that it never was. Errors: `record-invalid`, `aws-failed`.
 */
export async function stepNow(
  { tokenId, kind, subject }: Where,
  ports: StepPorts,
): Promise<Step | undefined> {
  const known = await recordOf(tokenId, ports);
  const finding = known?.record.findings.find((one) => one.kind === kind && one.subject === subject);
  return known && finding && { fact: findingFact(known.about, finding), openedAt: finding.openedAt };
}

async function recordOf(
  tokenId: string,
  { inventory, installation }: StepPorts,
): Promise<{ record: Tracked; about: About } | undefined> {
  if (tokenId === INSTALLATION_RECORD_ID)
    return {
      record: (await inventory.loadInstallationRecord()).installationRecord,
      about: aboutInstallationRecord(installation.name),
    };
  const token = (await inventory.load(tokenId))?.token;
  return token && { record: token, about: token };
}

/** Whether a person is still to be found for it. */
export function wantsPerson({ severity, change }: FindingFact): boolean {
  return severity === 'critical' && (change === 'opened' || change === 'escalated');
}
