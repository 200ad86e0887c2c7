import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { closedUntil } from '../../functions/core/basics/calendar.ts';
import { parseWindow } from '../../functions/core/basics/weekly-windows.ts';
import { Severity } from '../../functions/core/findings/findings.ts';
import { parseDigestTime } from '../../functions/core/alerts/notification-times.ts';
import { MINUTE, parseDuration } from '../../functions/core/basics/time.ts';
import { LONGEST_SWEEP } from '../../functions/core/policy/policy.ts';
import { DeliveryGrant } from '../../functions/core/delivery/consumer-grants.ts';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { policySettings, refuseUnkept } from './policy-settings.ts';
import { correctionFor, namesAt } from './unknown-setting.ts';

const PROVIDER_IDS = DESCRIPTORS.map((descriptor) => descriptor.id);

const ProviderId = z.string().refine((id) => PROVIDER_IDS.includes(id), {
  error: (issue) =>
    `names an unknown provider ${JSON.stringify(issue.input)}: use one of ${PROVIDER_IDS.join(', ')}`,
});

/** A whole number of minutes, written like `15m` or `1h`; Scheduler knows nothing finer. */
function interval(range: { least: number; most: number }) {
  const wanted = `write a whole number of minutes or hours from ${range.least}m to ${range.most / 60}h, like 15m or 1h`;
  return z.string({ error: wanted }).refine((text) => isWithin(minutesOf(text), range), {
    error: (issue) => `is ${JSON.stringify(issue.input)}: ${wanted}`,
  });
}

function isWithin(count: number, range: { least: number; most: number }): boolean {
  return Number.isInteger(count) && count >= range.least && count <= range.most;
}

/** The length of an interval of the settings, in minutes. */
export function minutesOf(interval: string): number {
  return (parseDuration(interval) ?? 0) / MINUTE;
}

function text(pattern: RegExp, fix: string) {
  return z
    .string({ error: fix })
    .regex(pattern, { error: (issue) => `is ${JSON.stringify(issue.input)}: ${fix}` });
}

function httpsUrl(example: string) {
  const fix = `write an https URL without credentials, like ${example}`;
  return text(/^https:\/\/[^\s/@?#]+(\/[^\s@]*)?$/, fix);
}

const Host = text(
  /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/,
  'write a host name in small letters without https:// and path, like gitlab.example.com',
);
const KmsKeyArn = text(
  /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
  'write the ARN of a KMS key (not of an alias), like arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
);

function count(least: number, most: number) {
  const wanted = `write a whole number from ${least} to ${most}`;
  return z.int({ error: wanted }).min(least, wanted).max(most, wanted);
}

/** Lambda works a queue off with no fewer than two at once (AWS Lambda Developer Guide, "Maximum concurrency"). */
const Bearing = z.strictObject({
  maxConcurrentRotations: count(1, 1_000).optional(),
  maxConcurrency: count(2, 1_000).optional(),
});

const LOG_DAYS = Object.values(RetentionDays).filter(
  (days) => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

const DIGEST_FIX = 'write a time of day and a time zone, like 08:00 Europe/Berlin, or off';
const QUIET_FIX = 'write days, hours and a time zone, like daily 20:00-08:00 Europe/Berlin';

function hasEnd(texts: readonly string[]): boolean {
  return (
    closedUntil(
      texts.map((text) => parseWindow(text)).filter((window) => window !== undefined),
      0,
    ) !== undefined
  );
}

const Email = text(/^[^\s@]+@[^\s@]+$/, 'write an e-mail address');
const Owner = text(/^\S(.*\S)?$/, 'write the name of an owner, as in the tag keyturn:owner');

/** Addresses that hear of one owner's tokens only. */
const Route = z.strictObject({
  owner: Owner,
  emails: z.array(Email).min(1, 'is empty: name an address'),
  least: Severity.default('info'),
});

/** The workspace has to be authorised for Amazon Q Developer in chat applications once, in its console. */
const Slack = z.strictObject({
  workspaceId: text(/^T[A-Z0-9]{6,}$/, 'write the id of a Slack workspace, like T0123ABCDEF'),
  channelId: text(/^[CG][A-Z0-9]{6,}$/, 'write the id of a Slack channel, like C0123ABCDEF'),
});

const REMIND_FIX = 'write a length of time from 15m to 7d, like 4h, or off';

const Alerts = z
  .strictObject({
    /** Each address gets a mail from AWS first and has to confirm. */
    emails: z.array(Email).default([]),
    /** When what is not critical is told, in one message a day for each owner; `off` for one message each. */
    digest: z
      .string({ error: DIGEST_FIX })
      .refine((text) => text === 'off' || parseDigestTime(text) !== undefined, {
        error: (issue) => `is ${JSON.stringify(issue.input)}: ${DIGEST_FIX}`,
      })
      .default('08:00 UTC'),
    /** Hours in which only what is critical is told. */
    quiet: z
      .array(
        z.string({ error: QUIET_FIX }).refine((text) => parseWindow(text) !== undefined, {
          error: (issue) => `is ${JSON.stringify(issue.input)}: ${QUIET_FIX}`,
        }),
      )
      .refine(hasEnd, 'has no hour outside: make the quiet hours fewer')
      .default([]),
    routes: z.array(Route).default([]),
    /** Whose addresses hear of tokens of an owner without a route. */
    fallbackOwner: Owner.optional(),
    /** After how long people are reminded of what is critical and that nobody has acknowledged. */
    escalateAfter: z
      .string({ error: REMIND_FIX })
      .refine((text) => text === 'off' || isWithin(minutesOf(text), { least: 15, most: 7 * 1440 }), {
        error: (issue) => `is ${JSON.stringify(issue.input)}: ${REMIND_FIX}`,
      })
      .default('4h'),
    /** Who hears of it then, besides those who heard before. */
    escalateTo: z.array(Email).default([]),
    /** A topic in the form that Amazon Q Developer in chat applications takes, and a Slack channel that listens to it. */
    chat: z.strictObject({ slack: Slack.optional() }).optional(),
    /** Whether CloudWatch alarms watch Keyturn itself; false where something else does. */
    alarms: z.boolean({ error: 'write true or false' }).default(true),
  })
  .refine(
    ({ routes, fallbackOwner }) =>
      fallbackOwner === undefined || routes.some(({ owner }) => owner === fallbackOwner),
    { path: ['fallbackOwner'], error: 'is wrong: name an owner that has a route' },
  );

const Pager = z.strictObject({
  /** Name of the secret that holds the PagerDuty routing key as its whole text. */
  secretName: text(
    /^[A-Za-z0-9/_+=.@-]{1,512}$/,
    'write the name (not the ARN) of the secret that holds the routing key',
  ),
  url: httpsUrl('https://events.pagerduty.com/v2/enqueue').default('https://events.pagerduty.com/v2/enqueue'),
});

/** More of them than this at once, and a person has to say that they are real. */
const Flood = z.strictObject({
  most: z
    .int({ error: 'write a whole number from 1 to 1000' })
    .min(1, 'write a whole number from 1 to 1000')
    .max(1_000, 'write a whole number from 1 to 1000')
    .default(10),
  within: interval({ least: 1, most: 1440 }).default('10m'),
});

const SecretName = text(/^[A-Za-z0-9/_+=.@-]{1,512}$/, 'write the name (not the ARN) of a secret');

/** GitHub's secret scanning: alerts come by a webhook, values are read by REST. */
const Github = z.strictObject({
  /** Name of the secret with the text that GitHub signs deliveries with. */
  webhookSecret: SecretName,
  /** Name of the secret with a token that may read secret scanning alerts. */
  tokenSecret: SecretName,
  apiUrl: httpsUrl('https://github.example.com/api/v3').default('https://api.github.com'),
});

const Leaks = z.strictObject({
  /** Sources of events "Credential Leaked" on the account's bus that are believed. */
  sources: z
    .array(
      text(
        /^[A-Za-z0-9._/-]{1,100}$/,
        'write the source of an EventBridge event, like com.example.scanner',
      ).refine((source) => !source.startsWith('aws.'), {
        error: 'names a service of AWS: write the source of your own scanner',
      }),
    )
    .default([]),
  flood: Flood.prefault({}),
  /** Opens a public function URL for the webhook. */
  github: Github.optional(),
});

const Detection = z.strictObject({
  /** Whether CloudTrail's events are watched; it takes a trail that logs management events, reads included. */
  trail: z.boolean({ error: 'write true or false' }).default(false),
});

const Days = text(/^[1-9]\d{0,3}d$/, 'write a number of days, like 90d');
const NamePrefix = text(
  /^[A-Za-z0-9/_+=.@-]{1,512}$/,
  'write the beginning of names of secrets, like prod/legacy/',
);

/** What counts as wrong about the estate as a whole; looked over once a day. */
const Discovery = z.strictObject({
  owners: z.array(text(/\S/, 'write the name of an owner')).default([]),
  prefixes: z.array(NamePrefix).default([]),
  ignore: z.array(NamePrefix).default([]),
  unusedAfter: Days.default('90d'),
  reviewEvery: Days.optional(),
});

/** Where functions that talk to issuers run, for issuers inside a private network. The subnets need a way to AWS: NAT or VPC endpoints. */
const Vpc = z.strictObject({
  subnetIds: z
    .array(text(/^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/, 'write the id of a subnet, like subnet-0a1b2c3d'))
    .min(1, 'is empty: name at least one subnet'),
  securityGroupIds: z
    .array(text(/^sg-([0-9a-f]{8}|[0-9a-f]{17})$/, 'write the id of a security group, like sg-0a1b2c3d'))
    .min(1, 'is empty: name at least one security group'),
});

/** Tokens that follow tokens of other accounts or Regions. */
const Staging = z.strictObject({
  /** Buses of other installations, which are told what becomes of the tokens here; a rule has five targets at most. */
  forwardTo: z
    .array(
      text(
        /^arn:[a-z-]+:events:[a-z0-9-]+:\d{12}:event-bus\/keyturn-[a-z0-9-]+$/,
        'write the ARN of a bus of Keyturn, like arn:aws:events:eu-central-1:111122223333:event-bus/keyturn-main',
      ),
    )
    .max(5, 'names more than five buses: one rule of EventBridge has no more targets')
    .default([]),
  /** Accounts whose installations may tell this one what becomes of their tokens. */
  acceptFrom: z.array(text(/^\d{12}$/, 'write the twelve digits of an account')).default([]),
});

const Retention = z.strictObject({
  logDays: z
    .enum(RetentionDays, { error: `write a number of days that CloudWatch knows: ${LOG_DAYS.join(', ')}` })
    .default(RetentionDays.THREE_MONTHS),
  /** What happens to the table and both keys when the stack is deleted. */
  state: z.enum(['retain', 'destroy'], { error: 'write "retain" or "destroy"' }).default('retain'),
});

/** Keys that an earlier deployment left behind: with them a new one reads the old table and knows its own seals. */
const Reuse = z.strictObject({ dataKeyArn: KmsKeyArn.optional(), hmacKeyArn: KmsKeyArn.optional() });

/** Which tokens may have which services deployed anew: the cluster in full, so that nobody's services are reached by the way. */
const EcsGrants = z.array(
  DeliveryGrant.refine(({ target }) => /^[\w.-]+\/./.test(target), {
    path: ['target'],
    error: 'write a cluster and a service, like prod/billing-api or prod/billing-*',
  }),
);
/** And which functions invoked. Keyturn's own are nobody's consumers. */
const LambdaGrants = z.array(
  DeliveryGrant.refine(({ target }) => !mayNameKeyturn(target), {
    path: ['target'],
    error: 'names functions of Keyturn itself: write the name of a consumer, or more of it before the *',
  }),
);

function mayNameKeyturn(target: string): boolean {
  const start = target.replace(/\*$/, '');
  return start.startsWith('keyturn-') || (target.endsWith('*') && 'keyturn-'.startsWith(start));
}

/** Who gets new values, or word of them; nothing is deployed for it unless somebody is named. */
const Delivery = z.strictObject({
  kinds: z
    .array(
      z.enum(['event', 'webhook', 'github', 'gitlab-variable', 'kubernetes'], {
        error:
          'write event, webhook, github, gitlab-variable or kubernetes; for ECS services and functions write grants',
      }),
    )
    .default([]),
  ecs: EcsGrants.default([]),
  lambda: LambdaGrants.default([]),
  /** Hosts that values may be sent to; without them, those that the delivery secrets name. */
  hosts: z.array(Host).default([]),
});

/** Every setting of a deployment. All have defaults: an empty file, or none, deploys. */
export const Settings = z
  .strictObject({
    /** Tells installations in one account apart; part of every name, marker and tag. */
    installation: text(
      /^[a-z][a-z0-9-]{0,15}$/,
      'write 1 to 16 small letters, digits and hyphens, beginning with a letter',
    ).default('main'),
    providers: z
      .array(ProviderId)
      .min(1, 'is empty: name at least one provider')
      .refine((ids) => new Set(ids).size === ids.length, 'names a provider twice: remove one')
      .default(PROVIDER_IDS),
    /** Hosts a provider may talk to, by provider; without an entry, the vendor's own. What operators confirmed comes on top. */
    allowedHosts: z
      .partialRecord(ProviderId, z.array(Host).min(1, 'is empty: name a host or remove the provider'))
      .default({}),
    policies: policySettings(ProviderId).default({}),
    delivery: Delivery.prefault({}),
    alerts: Alerts.prefault({}),
    pager: Pager.optional(),
    leaks: Leaks.prefault({}),
    detection: Detection.prefault({}),
    /** Whether there is a dashboard in CloudWatch. */
    dashboard: z.boolean({ error: 'write true or false' }).default(true),
    discovery: Discovery.prefault({}),
    sweepInterval: interval({ least: 1, most: LONGEST_SWEEP / MINUTE }).default('15m'),
    /** No old credential dies before a pass that began after the decision: with a long interval they live on for that long. */
    reconcileInterval: interval({ least: 5, most: 240 }).default('1h'),
    /** Rotations under way at once, of all issuers; the others wait. */
    maxConcurrentRotations: count(1, 1_000).default(100),
    /** What an issuer bears, where what its provider says does not suit. */
    issuers: z.partialRecord(ProviderId, Bearing).default({}),
    vpc: Vpc.optional(),
    /** Path of a PEM file, relative to the settings file, with the certificates of a private authority that signs issuers. */
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

/** Fills defaults and checks; what it returns may be given to it again. Errors: {@link SettingsError} for the first wrong field; `source` says where it stands. */
export function parseSettings(input: unknown, source = 'settings'): Settings {
  const parsed = Settings.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new SettingsError(issue ? `${source}: ${sentenceOf(issue)}.` : `${source}: is not valid.`);
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  const field = z.core.toDotPath(issue.path);
  const at = field === '' ? '' : `${field} `;
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${at}has an unknown setting "${issue.keys[0]}": ${correctionFor(issue.keys[0] ?? '', settingsAt(issue.path), issue.path.length === 0)}`;
    case 'invalid_key':
      return `${at}${issue.issues[0]?.message ?? 'is not allowed here'}`;
    case 'invalid_type':
      return issue.message.startsWith('Invalid input')
        ? `${at}must be ${aOrAn(issue.expected)}`
        : `${at}is wrong: ${issue.message}`;
    case 'custom':
    case 'too_small':
    case 'too_big':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_element':
    case 'invalid_value':
      return `${at}${/^(is|names|has|contradicts) /.test(issue.message) ? '' : 'is wrong: '}${issue.message}`;
  }
}

/** The names of the settings at a place; none where people choose them. */
function settingsAt(path: readonly PropertyKey[]): string[] {
  return namesAt(z.toJSONSchema(Settings, { io: 'input', unrepresentable: 'any' }), path);
}

function aOrAn(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}
