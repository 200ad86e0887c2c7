import * as z from 'zod';
import { takesNamesOfOthers } from '../../functions/core/basics/resource-names.ts';
import { MINUTE } from '../../functions/core/basics/time.ts';
import { LONGEST_SWEEP } from '../../functions/core/policy/policy.ts';
import { Alerts, Pager } from './settings/alerts.ts';
import { Delivery } from './settings/delivery.ts';
import { Detection, Discovery } from './settings/inventory.ts';
import { IssuerId, Issuers } from './settings/issuers.ts';
import { Leaks } from './settings/leaks.ts';
import { Staging, Vpc } from './settings/network.ts';
import { KmsKeyArn, YesOrNo, count, httpsUrl, interval, text } from './settings/notation.ts';
import { policySettings, refuseUnkept } from './settings/policies.ts';
import { Retention, Reuse } from './settings/retention.ts';
import { sentenceOf } from './settings/sentences.ts';

/** Every setting of a deployment. The issuers have to be named; all else has a default. */
export const Settings = z
  .strictObject({
    /** Tells installations in one account apart; part of every name, marker and tag. */
    installation: text(
      /^[a-z][a-z0-9-]{0,15}$/,
      'write 1 to 16 small letters, digits and hyphens, beginning with a letter',
    )
      .refine((name) => !takesNamesOfOthers(name), {
        error: ({ input }) =>
          `is ${JSON.stringify(input)}: write it without -rotate or -worker, with which the names of ` +
          'rotation functions and worker queues begin',
      })
      .default('main'),
    issuers: Issuers,
    /**
     * Whether each issuer has a nested stack of its own: for more issuers than one stack holds. Decided
     * before the first deployment: CloudFormation makes a name in one stack before it frees it in another.
     */
    nestedStacks: YesOrNo.default(false),
    policies: policySettings(IssuerId).default({}),
    delivery: Delivery.prefault({}),
    alerts: Alerts.prefault({}),
    pager: Pager.optional(),
    leaks: Leaks.prefault({}),
    detection: Detection.prefault({}),
    /** Whether there is a dashboard in CloudWatch. */
    dashboard: YesOrNo.default(true),
    discovery: Discovery.prefault({}),
    sweepInterval: interval({ min: 1, max: LONGEST_SWEEP / MINUTE }).default('15m'),
    /**
     * No old credential is revoked before a pass that began after the decision: with a long interval they
     * stay active for that long.
     */
    reconcileInterval: interval({ min: 5, max: 240 }).default('1h'),
    /** Rotations under way at once, of all issuers; the others wait. */
    maxConcurrentRotations: count(1, 1_000).default(100),
    vpc: Vpc.optional(),
    /**
     * Path of a PEM file, relative to the settings file, with the certificates of a private authority that
     * signs issuers.
     */
    caBundleFile: text(/\S/, 'write the path of a PEM file').optional(),
    /** Customer managed keys under which token, admin or pager secrets are stored. */
    secretKmsKeyArns: z.array(KmsKeyArn).default([]),
    staging: Staging.prefault({}),
    retention: Retention.prefault({}),
    reuse: Reuse.prefault({}),
    /** The page whose sections alerts and alarms link to. */
    runbookUrl: httpsUrl('https://wiki.example.com/keyturn').optional(),
  })
  .superRefine(refuseUnkept);
export type Settings = z.output<typeof Settings>;
export type SettingsInput = z.input<typeof Settings>;

/** A setting is wrong. The message is one sentence that names the field and the fix. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * Fills defaults and checks; what it returns may be given to it again. Errors: {@link SettingsError} for the
 * first wrong field; `source` says where it stands.
 */
export function parseSettings(input: unknown, source = 'settings'): Settings {
  const parsed = Settings.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new SettingsError(
    issue ? `${source}: ${sentenceOf(issue, settingsSchema())}.` : `${source}: is not valid.`,
  );
}

/** What can be written, as JSON Schema. */
export function settingsSchema(): unknown {
  return z.toJSONSchema(Settings, { io: 'input', unrepresentable: 'any' });
}
