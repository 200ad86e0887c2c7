import type { FindingKind } from '../findings/findings.ts';
import { INSPECT_EVERY } from '../policy/timing.ts';
import { DAY, HOUR, MINUTE, type Millis } from '../basics/time.ts';

/** How a state that waits comes to its end. */
export interface Ending {
  /**
   * What ends it by itself, dated in the record or seen at the issuer; words that follow on "it ends when".
   */
  readonly endsBy: string;
  /** How often Keyturn looks whether it is over. */
  readonly looksEvery: Millis;
  /** Who has to act where it does not end by itself. */
  readonly who: 'the owner' | 'the operator';
  /**
   * The command that ends it, as people write it after `npx ` where it is Keyturn's, carried out once what
   * its runbook section names is mended.
   */
  readonly command: string;
}

/**
 * The sweep looks at what is due; an inspection, within the hour, at what Secrets Manager and the issuer
 * show; discovery, once a day, at the account.
 */
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

const SUBMIT = 'keyturn rotate TOKEN --value-stdin';

const ACCEPT = 'keyturn dismiss TOKEN SUBJECT';

const APPLY = 'keyturn apply tokens.yaml';

const FORGET = 'keyturn forget TOKEN CREDENTIAL';

const FORGET_ROTATION = 'keyturn forget TOKEN ROTATION';

const REVIEW = 'keyturn review approve TOKEN';

const STORE_ADMIN = 'aws secretsmanager put-secret-value --secret-id ADMIN --secret-string file://admin.json';

const RETIRE = 'keyturn retire TOKEN';

const PROMOTED = 'a new credential is current';

const TOLD = 'the time for which it is reported is over';

/** Every kind of finding. A kind without its end does not compile. */
export const ENDINGS = {
  'token-expiring': owner(PROMOTED, ROTATE, SWEEP),
  'max-age-near': owner(PROMOTED, ROTATE, SWEEP),
  'token-expired': owner(PROMOTED, ROTATE, SWEEP),
  'token-inactive': owner(`${PROMOTED}, or the issuer accepts the value again`, ROTATE),
  'validity-unknown': operator('the issuer answers again whether it accepts the value', ROTATE),
  'clock-skew': operator(
    'the clocks agreed in the inspections of an hour, or no answer had a date for a day',
    ROTATE,
    INSPECT_EVERY,
  ),
  'max-age-exceeded': owner(PROMOTED, ROTATE, SWEEP),
  'rotation-failed': owner(
    `${PROMOTED}. The next try follows within six hours, or within a day after a credential that could ` +
      'not be stored',
    ROTATE,
    SWEEP,
  ),
  'rotation-stuck': operator(
    'the rotation is recorded or aborted, and the issuer has listed its credentials',
    FORGET_ROTATION,
    SWEEP,
  ),
  'credential-limit-reached': owner(
    'the revocation of an old credential is verified, or it is forgotten',
    FORGET,
    SWEEP,
  ),
  'rotation-deferred': owner(
    'what it waits for is over, or half of `rotateBeforeExpiry` before its end is reached',
    ROTATE,
    SWEEP,
  ),
  'value-due': owner('a person submitted a value', SUBMIT, SWEEP),
  'revocation-due': owner('the issuer rejects the credential', FORGET),
  'revocation-blocked': operator(
    'the revocation guard allows the revocation, or the issuer rejects the credential',
    FORGET,
  ),
  'revocation-ineffective': operator('the issuer rejects the credential', FORGET, SWEEP),
  'previous-credential-in-use': owner(
    'its consumers use the new credential',
    'keyturn revoke TOKEN CREDENTIAL',
    SWEEP,
  ),
  'previous-credential-expiring': owner(
    'it is no longer used, or two days after it expired',
    'keyturn revoke TOKEN CREDENTIAL',
    SWEEP,
  ),
  'replica-out-of-sync': owner(
    'the copy is in sync, or a person accepted it as it is',
    'keyturn dismiss TOKEN replica/REGION',
    30 * MINUTE,
  ),
  'version-kept': owner(
    'the version is current, its credential is revoked, or its label is gone',
    'keyturn revoke TOKEN CREDENTIAL',
  ),
  'delivery-failed': owner(
    'the value has arrived, or another one is current',
    'keyturn consumer deliver TOKEN CONSUMER',
    SWEEP,
  ),
  'credential-orphaned': operator('the credential is revoked and its issuer rejects it', FORGET),
  'credential-unmanaged': operator('the issuer rejects the value', FORGET, DAY),
  'rotation-rolled-back': owner(PROMOTED, ROTATE, SWEEP),
  'rollback-failed': owner(`${PROMOTED}, or the rollback succeeds`, ROTATE, SWEEP),
  'secret-unusable': owner('an inspection finds that the secret can be managed', ROTATE),
  'secret-deleted': owner(
    'the secret is restored, none of its credentials is active any more, or a person detaches it',
    RETIRE,
  ),
  'tag-invalid': owner('an inspection finds the tags corrected', APPLY),
  'policy-unkeepable': owner('an inspection finds a policy that can be kept', APPLY),
  'reader-unrecognized': owner(TOLD, ACCEPT),
  'bulk-read': operator(TOLD, ACCEPT),
  'reader-location-new': owner(TOLD, ACCEPT),
  'read-volume-unusual': owner(TOLD, ACCEPT),
  'access-denied': owner(TOLD, ACCEPT),
  'noncurrent-version-read': owner(TOLD, ACCEPT),
  'out-of-band-change': owner(TOLD, ACCEPT),
  'rotation-disabled': owner('rotation is on again, with the function of its issuer', APPLY),
  'kms-key-unusable': operator(
    'the key is enabled again, or the time for which it is reported is over',
    'aws kms enable-key --key-id KEY',
  ),
  'dormant-token-read': owner(TOLD, ACCEPT),
  'scope-drift': owner(PROMOTED, ROTATE),
  'credential-leaked': owner(
    'what leaked is replaced, and is disabled at its issuer, or its revocation is verified',
    'keyturn revoke TOKEN --all',
    SWEEP,
  ),
  'leak-not-contained': owner(
    'what leaked is replaced, and is disabled at its issuer, or its revocation is verified',
    'keyturn revoke TOKEN --all',
    SWEEP,
  ),
  'leak-reports-rate-limited': operator(
    'no further reports come within the time of the settings',
    'keyturn report-leak',
  ),
  'admin-credential-expiring': operator(
    'an admin credential with a later expiry is in its secret',
    STORE_ADMIN,
  ),
  'admin-credential-unusable': operator('the issuer accepts the admin credential', STORE_ADMIN),
  'issuing-credential-leaked': operator(PROMOTED, ROTATE, SWEEP),
  'admin-credential-leaked': operator('the issuer rejects the admin credential that leaked', STORE_ADMIN),
  'alert-subscription-unhealthy': operator(
    'every subscription is there and confirmed, and a canary has arrived',
    'keyturn alerts confirm',
  ),
  'cloudtrail-events-missing': operator(
    'the trail shows something again',
    'aws cloudtrail start-logging --name TRAIL',
  ),
  'test-alert-sent': operator('its 15 minutes are over, or another test begins', 'keyturn alerts list'),
  'secret-unregistered': operator('discovery finds the secrets registered or ignored', APPLY, DAY),
  'owner-missing': owner('an inspection finds an owner', REVIEW, DAY),
  'token-shared': owner('discovery finds one reader', REVIEW, DAY),
  'credential-duplicated': owner('each of the secrets has a credential of its own', ROTATE, DAY),
  'token-unused': owner('the issuer sees it used', RETIRE, DAY),
  'over-privileged': owner('it may do no more than was approved', REVIEW),
  'credential-unrecognized': operator(
    'the issuer lists them no more, or their secrets are registered',
    APPLY,
    DAY,
  ),
  'review-rejected': owner('a person approves it, or it is retired', RETIRE),
  'review-due': operator('every token was reviewed', 'keyturn review list', DAY),
} as const satisfies Record<FindingKind, Ending>;
