import type { ErrorCode } from './errors.ts';
import type { FindingKind } from './findings.ts';
import { INSPECT_EVERY } from './inspections.ts';
import { DAY, HOUR, MINUTE, type Millis } from './time.ts';

/** How a state that waits comes to its end. */
export interface Ending {
  /** What ends it by itself, dated in the record or seen at the issuer; words that follow on "it ends when". */
  readonly endsBy: string;
  /** How often Keyturn looks whether it is over. */
  readonly looksEvery: Millis;
  /** Who has to act where it does not end by itself. */
  readonly who: 'the owner' | 'the operator';
  /** The command that ends it, as people write it after `npx ` where it is Keyturn's, carried out once what its runbook section names is mended. */
  readonly command: string;
}

/** The sweep looks at what is due; an inspection, within the hour, at what Secrets Manager and the issuer show; discovery, once a day, at the account. */
const SWEEP: Millis = 15 * MINUTE;
const INSPECTION: Millis = HOUR;

const owner = (endsBy: string, command: string, looksEvery: Millis = INSPECTION): Ending => ({
  endsBy,
  looksEvery,
  who: 'the owner',
  command,
});
const operator = (endsBy: string, command: string, looksEvery: Millis = INSPECTION): Ending => ({
  endsBy,
  looksEvery,
  who: 'the operator',
  command,
});

const ROTATE = 'keyturn rotate TOKEN';
const ACCEPT = 'keyturn dismiss TOKEN SUBJECT';
const APPLY = 'keyturn apply tokens.yaml';
const FORGET = 'keyturn forget TOKEN CREDENTIAL --reason TEXT';
const REVIEW = 'keyturn review approve TOKEN';
const STORE_ADMIN = 'aws secretsmanager put-secret-value --secret-id ADMIN --secret-string file://admin.json';
const RETIRE = 'keyturn retire TOKEN';
const PROMOTED = 'a new credential is current';
const TOLD = 'the time is over for which it is told of';

/** Every kind of finding. A kind without its end does not compile. */
export const ENDINGS = {
  expiring: owner(PROMOTED, ROTATE, SWEEP),
  ageing: owner(PROMOTED, ROTATE, SWEEP),
  expired: owner(PROMOTED, ROTATE, SWEEP),
  'token-dead': owner(`${PROMOTED}, or the issuer accepts the value again`, ROTATE),
  'token-unknown': operator('the issuer answers again whether it accepts the value', ROTATE),
  'clock-skew': operator(
    'inspections of an hour saw the clocks agree, or no answer told a date for a day',
    ROTATE,
    INSPECT_EVERY,
  ),
  'over-age': owner(PROMOTED, ROTATE, SWEEP),
  'rotation-failed': owner(
    `${PROMOTED}: a next try follows within six hours, after a credential that could not be kept within a day`,
    ROTATE,
    SWEEP,
  ),
  'rotation-stuck': operator(
    'the rotation is recorded or aborted, and the issuer has told what it lists',
    ROTATE,
    SWEEP,
  ),
  'no-slot': owner('an old credential is dead, or forgotten', FORGET, SWEEP),
  held: owner('what it waits for is over, or half of the lead before its end is', ROTATE, SWEEP),
  'revoke-refused': operator(
    'nothing stands against the end of the credential any more, or the issuer refuses it',
    FORGET,
  ),
  'not-dead': operator('the issuer refuses the credential', FORGET, SWEEP),
  laggards: owner('its consumers have moved', 'keyturn revoke TOKEN CREDENTIAL', SWEEP),
  'previous-credential-expiring': owner(
    'nobody uses it any more, or two days after it expired',
    'keyturn revoke TOKEN CREDENTIAL',
    SWEEP,
  ),
  'replica-out-of-sync': owner(
    'the copy is in sync, or a person accepted it as it is',
    'keyturn dismiss TOKEN replica/REGION',
    30 * MINUTE,
  ),
  'version-kept': owner(
    'the version is current, its credential is dead, or its label is gone',
    'keyturn revoke TOKEN CREDENTIAL',
  ),
  'delivery-failed': owner(
    'the value has arrived, or another one is current',
    'keyturn consumer deliver TOKEN CONSUMER',
    SWEEP,
  ),
  stray: operator('the credential is revoked and its issuer refuses it', FORGET),
  unmanaged: operator('the issuer refuses the value, looked at once a day', FORGET, DAY),
  'rolled-back': owner(PROMOTED, ROTATE, SWEEP),
  'rollback-failed': owner(`${PROMOTED}, or the rollback succeeds`, ROTATE, SWEEP),
  'secret-unusable': owner('an inspection finds that the secret can be managed', ROTATE),
  'secret-deleted': owner('the secret is restored, or nothing of it lives any more', RETIRE),
  'tag-invalid': owner('an inspection finds the tags corrected', APPLY),
  'policy-unkeepable': owner('an inspection finds a policy that can be kept', APPLY),
  'unknown-principal': owner(TOLD, ACCEPT),
  'bulk-read': operator(TOLD, ACCEPT),
  'new-network': owner(TOLD, ACCEPT),
  'read-burst': owner(TOLD, ACCEPT),
  'denied-calls': owner(TOLD, ACCEPT),
  'stale-read': owner(TOLD, ACCEPT),
  'changed-outside': owner(TOLD, ACCEPT),
  'rotation-off': owner('rotation is on again, with the function of its provider', APPLY),
  'key-disabled': operator(
    'the key is enabled again, or the time is over for which it is told of',
    'aws kms enable-key --key-id KEY',
  ),
  'woke-up': owner(TOLD, ACCEPT),
  'scope-drift': owner(PROMOTED, ROTATE),
  leaked: owner('what is out is proven dead and replaced', 'keyturn revoke TOKEN CREDENTIAL', SWEEP),
  uncontained: owner('what is out is proven dead and replaced', 'keyturn revoke TOKEN CREDENTIAL', SWEEP),
  'report-flood': operator('no further reports come within the time of the settings', 'keyturn report-leak'),
  'admin-expiring': operator('an admin credential that lives longer is in its secret', STORE_ADMIN),
  'admin-refused': operator('the issuer accepts the admin credential', STORE_ADMIN),
  'admin-leaked': operator(PROMOTED, ROTATE, SWEEP),
  'admin-exposed': operator('the issuer refuses the admin credential that is out', STORE_ADMIN),
  'alert-route-broken': operator(
    'every subscription is there and confirmed, and a canary has arrived',
    'keyturn alerts confirm',
  ),
  'trail-silent': operator('the trail shows something again', 'aws cloudtrail start-logging --name TRAIL'),
  'unmanaged-secret': operator('discovery finds the secrets registered or ignored', APPLY, DAY),
  ownerless: owner('an inspection finds an owner', REVIEW, DAY),
  shared: owner('discovery finds one reader', REVIEW, DAY),
  duplicate: owner('each of the secrets has a credential of its own', ROTATE, DAY),
  unused: owner('the issuer sees it used', RETIRE, DAY),
  'over-privileged': owner('it may do no more than was approved', REVIEW),
  'unknown-credential': operator(
    'the issuer lists them no more, or their secrets are registered',
    APPLY,
    DAY,
  ),
  'access-refused': owner('a person approves of it, or it is ended', RETIRE),
  'review-due': operator('every token was reviewed', 'keyturn review list', DAY),
} as const satisfies Record<FindingKind, Ending>;

/** Refusals that no state keeps: they are the answer to a call, and what follows from them is a finding of another name. */
type Answered =
  | 'attempt-over'
  | 'attempt-busy'
  | 'conflict'
  | 'not-found'
  | 'bad-request'
  | 'provider-unknown'
  | 'record-malformed'
  | 'tag-missing'
  | 'tag-invalid'
  | 'version-unknown'
  | 'not-visible-yet';

/** For every other code: the kind of finding under which a state that waits for its cause is told of, and so how it ends. A code without its finding does not compile. */
export const TOLD_AS = {
  'not-rotatable': 'secret-unusable',
  'rotation-off': 'rotation-off',
  'secret-malformed': 'secret-unusable',
  'secret-unreadable': 'secret-unusable',
  'admin-malformed': 'rotation-failed',
  'admin-missing': 'rotation-failed',
  'admin-refused': 'admin-refused',
  'host-unconfirmed': 'rotation-failed',
  'not-granted': 'rotation-failed',
  'delivery-off': 'delivery-failed',
  'delivery-malformed': 'delivery-failed',
  'delivery-unproven': 'delivery-failed',
  'issuer-unreachable': 'token-unknown',
  'issuer-throttled': 'token-unknown',
  'issuer-refused': 'rotation-failed',
  'issuer-answer': 'rotation-failed',
  'no-slot': 'no-slot',
  'principal-shared': 'rotation-failed',
  'not-alive-yet': 'rotation-failed',
  'value-dead': 'rotation-failed',
  'not-stored': 'rotation-failed',
  'aws-failed': 'rotation-failed',
} as const satisfies Record<Exclude<ErrorCode, Answered>, FindingKind>;
