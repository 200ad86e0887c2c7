import * as z from 'zod';
import { JSON_SCHEMA_VERSION } from '../output/screen.ts';
import { ConsumersJson, UndeploymentJson } from './consumers.ts';
import { InstallationJson } from './findings.ts';
import { IssuerTestJson } from './issuer-test.ts';
import { IssuerJson, IssuersJson } from './issuers.ts';
import { LeaksJson } from './leaks.ts';
import { ApplyJson, ManifestJson } from './manifest.ts';
import { AlertsTestJson, ConfirmedJson, DoctorJson, RedriveJson, SubscriptionsJson } from './operations.ts';
import {
  AdvancedJson,
  CompletionJson,
  FaultJson,
  GrantedJson,
  HelpJson,
  SandboxJson,
  VersionJson,
} from './program.ts';
import { RequestJson } from './requests.ts';
import { DecidedJson, ReviewsJson } from './reviews.ts';
import { DetachAllJson, HistoryJson, RefreshJson, ShowJson, StatusJson } from './tokens.ts';

/**
 * What each command prints with `--json`, without the version in front. A command without its row does not
 * pass the tests.
 */
export const JSON_OF: Readonly<Record<string, readonly [z.ZodObject, ...z.ZodObject[]]>> = {
  sandbox: [SandboxJson],
  'sandbox start': [SandboxJson],
  'sandbox advance': [AdvancedJson],
  'sandbox grant': [GrantedJson],
  'sandbox fault': [FaultJson],
  validate: [ManifestJson],
  plan: [ManifestJson],
  apply: [ApplyJson],
  status: [StatusJson],
  show: [ShowJson, InstallationJson],
  history: [HistoryJson],
  rotate: [RequestJson],
  rollback: [RequestJson],
  revoke: [RequestJson],
  refresh: [RefreshJson],
  retire: [RequestJson],
  detach: [RequestJson, DetachAllJson],
  enable: [RequestJson],
  forget: [RequestJson],
  'report-leak': [LeaksJson],
  ack: [RequestJson],
  dismiss: [RequestJson],
  'review list': [ReviewsJson, DecidedJson],
  'review approve': [RequestJson],
  'review reject': [RequestJson],
  'consumer list': [ConsumersJson],
  'consumer deliver': [RequestJson],
  'consumer confirm': [RequestJson],
  'consumer record-deployment': [RequestJson],
  'consumer record-undeployment': [UndeploymentJson],
  doctor: [DoctorJson],
  'alerts list': [SubscriptionsJson],
  'alerts confirm': [ConfirmedJson],
  'alerts test': [AlertsTestJson],
  redrive: [RedriveJson],
  'confirm-host': [RequestJson],
  'issuer list': [IssuersJson],
  'issuer show': [IssuerJson],
  'issuer test': [IssuerTestJson],
  completion: [CompletionJson],
  help: [HelpJson],
  version: [VersionJson],
};

const Version = z.literal(JSON_SCHEMA_VERSION).meta({
  description: 'raised when a member goes away, or changes its meaning',
});

/** The whole object that a command prints; undefined for a name that is no command. */
export function printedBy(command: string): z.ZodType | undefined {
  const [first, ...others] = (Object.hasOwn(JSON_OF, command) ? JSON_OF[command] : undefined) ?? [];
  if (!first) return undefined;
  const enveloped = (one: z.ZodObject): z.ZodObject => one.extend({ schema: Version });
  return others.length === 0 ? enveloped(first) : z.union([first, ...others].map(enveloped));
}
