import type { ConsumersJson, UndeploymentJson } from './consumers.ts';
import type { InstallationJson } from './findings.ts';
import type { IssuerTestJson } from './issuer-test.ts';
import type { IssuerJson, IssuersJson } from './issuers.ts';
import type { LeaksJson } from './leaks.ts';
import type { ApplyJson, ManifestJson } from './manifest.ts';
import type {
  AlertsTestJson,
  ConfirmedJson,
  DoctorJson,
  RedriveJson,
  SubscriptionsJson,
} from './operations.ts';
import type {
  AdvancedJson,
  CompletionJson,
  FaultJson,
  GrantedJson,
  HelpJson,
  SandboxJson,
  VersionJson,
} from './program.ts';
import type { RequestJson } from './requests.ts';
import type { DecidedJson, ReviewsJson } from './reviews.ts';
import type { DetachAllJson, HistoryJson, RefreshJson, ShowJson, StatusJson } from './tokens.ts';

/**
 * All that a command can print with `--json`: an object without a schema does not compile. Types alone, so
 * that no command loads the schemas of others.
 */
export type Printed =
  | AdvancedJson
  | AlertsTestJson
  | ApplyJson
  | CompletionJson
  | ConfirmedJson
  | ConsumersJson
  | DecidedJson
  | DetachAllJson
  | DoctorJson
  | FaultJson
  | GrantedJson
  | HelpJson
  | HistoryJson
  | InstallationJson
  | IssuerJson
  | IssuersJson
  | IssuerTestJson
  | LeaksJson
  | ManifestJson
  | RedriveJson
  | RefreshJson
  | RequestJson
  | ReviewsJson
  | SandboxJson
  | ShowJson
  | StatusJson
  | SubscriptionsJson
  | UndeploymentJson
  | VersionJson;
