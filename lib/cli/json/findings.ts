import * as z from 'zod';
import { FINDING_KINDS, Severity } from '../../../functions/core/findings/findings.ts';
import { MaybeText, MaybeTime } from './basics.ts';

/** A finding of a token, or of the installation. */
export const FindingJson = z.strictObject({
  kind: FINDING_KINDS,
  subject: z.string(),
  severity: Severity,
  state: z.enum(['open', 'resolved']),
  detail: z.string(),
  openedAt: MaybeTime,
  resolvedAt: MaybeTime,
  acknowledged: z.strictObject({ by: z.string(), at: MaybeTime }).nullable().meta({
    description: 'who acknowledged it, and when; it counts until the finding gets worse or is over',
  }),
  impact: z.string(),
  action: z.string(),
  command: MaybeText.meta({
    description: 'what ends it once its cause is fixed, to be pasted; null where a name of it is not known',
  }),
  runbook: z.string(),
});
export type FindingJson = z.input<typeof FindingJson>;

/** What `keyturn show installation` prints. */
export const InstallationJson = z.strictObject({
  installation: z.string(),
  findings: z.array(FindingJson).readonly(),
});
export type InstallationJson = z.input<typeof InstallationJson>;
