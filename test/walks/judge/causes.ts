import type { Finding, FindingKind } from '../../../functions/core/findings/findings.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { currentOf } from '../../../functions/core/token/lookups.ts';
import { liveCredentials } from '../../../functions/core/token/known-credentials.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import { hasOpen, isPlain, issuedAs, type Scene } from './scene.ts';

/** A record is inspected again within this time, however often it was tried in vain. */
const ASKED_WITHIN = 7 * HOUR;

/** Whether what a finding says is so at this moment; kinds that are not here are not judged. */
export const CAUSES: Partial<Record<FindingKind, (scene: Scene, finding: Finding) => boolean>> = {
  'token-inactive': ({ held, record, fleet }) =>
    held?.live !== true ||
    fleet.scoped.has(held.value) ||
    (record !== undefined && currentOf(record) === undefined),
  'token-expired': ({ record, now }) => (currentExpiry(record) ?? Infinity) <= now,
  'token-expiring': ({ record, now }) =>
    (currentExpiry(record) ?? Infinity) - Math.max(0, ...(record?.policy.warnBefore ?? [])) <= now,
  'revocation-blocked': (scene, { subject }) =>
    isLiveUnder(scene, subject) ||
    isDisabledUnder(scene, subject) ||
    isExpiredUnasked(scene, subject) ||
    isUnaskable(scene, subject),
  'revocation-ineffective': (scene, { subject }) => isLiveUnder(scene, subject),
  'revocation-due': (scene, { subject }) => isLiveUnder(scene, subject) || isUnaskable(scene, subject),
  'previous-credential-in-use': mayBeUsed,
  'previous-credential-expiring': mayBeUsed,
  'credential-orphaned': (scene, { subject }) => isLiveUnder(scene, subject) || isUnaskable(scene, subject),
  'credential-limit-reached': ({ record }) => record !== undefined && liveCredentials(record).length > 1,
  'secret-unusable': (scene, { detail }) =>
    isGoing(scene.managed) ||
    scene.held?.live !== true ||
    !isPlain(scene, scene.held) ||
    !isGranted(scene) ||
    (detail.includes('may have left a credential at') && mayHaveMadeElsewhere(scene)),
  // It tells apart what lives and what nobody can tell of: its value cannot be read, and its issuer does not
  // show it.
  'secret-deleted': (scene, { detail }) =>
    !scene.isRegistered &&
    (scene.record === undefined ||
      liveCredentials(scene.record).some(
        (one) => issuedAs(scene.all, one)?.live !== false || isOpenlyLost(one, detail),
      )),
  'credential-leaked': ({ record }, { subject }) =>
    record?.incidents?.some((one) => one.id === subject) === true,
};

/**
 * What has to be told of, with the kinds of finding of which one has to be open. Asked of secrets that are
 * registered and not let go.
 */
export const DUTIES: Readonly<
  Record<string, { readonly isSo: (scene: Scene) => boolean; readonly by: readonly FindingKind[] }>
> = {
  'its current value is inactive': {
    isSo: ({ held, text, isRegistered }) => isRegistered && text !== '' && held !== undefined && !held.live,
    // Of a value that was made nobody knows where, no refusal tells that it is inactive.
    by: ['token-inactive', 'validity-unknown', 'token-expired', 'secret-unusable', 'rotation-failed'],
  },
  'its value cannot be used as it stands': {
    isSo: (scene) =>
      scene.isRegistered && scene.text !== '' && (scene.held === undefined || !isPlain(scene, scene.held)),
    by: [
      'secret-unusable',
      'token-inactive',
      'rotation-failed',
      'credential-unrecognized',
      'token-expired',
      'credential-limit-reached',
    ],
  },
  'its secret is going or gone, and what it had lives': {
    isSo: ({ record, all, managed, text }) =>
      record !== undefined &&
      isGoing(managed) &&
      text !== '-' &&
      liveCredentials(record).some((one) => issuedAs(all, one)?.live === true),
    by: ['secret-deleted'],
  },
  'an old credential is active past its maximum grace': {
    isSo: ({ record, all, now }) =>
      record !== undefined &&
      record.detachedAt === undefined &&
      record.credentials.some(
        (one) =>
          one.state === 'previous' &&
          one.supersededAt !== undefined &&
          now > one.supersededAt + record.policy.maxGrace &&
          issuedAs(all, one)?.live === true,
      ),
    by: [
      'previous-credential-in-use',
      'revocation-blocked',
      'revocation-due',
      'revocation-ineffective',
      'secret-deleted',
      'version-kept',
    ],
  },
};

/** Whether a finding that has to tell of something does. */
export function isTold({ record }: Scene, by: readonly FindingKind[]): boolean {
  return hasOpen(record, ...by);
}

function currentExpiry(record: Scene['record']): number | undefined {
  return record && currentOf(record)?.expiresAt;
}

function isAccountGone({ managed, fleet }: Scene): boolean {
  return managed.account === undefined || fleet.knobs.gone.has(managed.account);
}

/** Named only after the words that say that it is unknown. */
function isOpenlyLost({ handle, unseen }: Credential, detail: string): boolean {
  const [active = '', lost = ''] = detail.split('it is unknown whether these are active');
  return handle !== undefined && unseen !== undefined && !active.includes(handle) && lost.includes(handle);
}

/** Its grant names an account that is there, and no two grants of its admin secret name the same one. */
function isGranted(scene: Scene): boolean {
  const { managed, fleet } = scene;
  if (isAccountGone(scene)) return false;
  const accounts = fleet.secrets
    .filter((one) => one.admin === managed.admin && one.world.aws === managed.world.aws)
    .flatMap((one) => one.account ?? []);
  return new Set(accounts).size === accounts.length;
}

/**
 * Of an account that is gone, that no grant names, or that the admin secret grants twice, the issuer cannot
 * be asked what became of a credential. No refusal of its value counts either, since nothing there is seen
 * to answer.
 */
function isUnaskable(scene: Scene, subject: string): boolean {
  return !isGranted(scene) || isMadeElsewhere(scene, subject);
}

/** A creation that was never answered was asked for at an account that the grant names no more. */
function mayHaveMadeElsewhere({ record }: Scene): boolean {
  const here = record?.reach?.account;
  const unanswered = record?.attempts
    .filter((one) => one.tidy !== true)
    .flatMap((one) => one.mints)
    .filter((mint) => mint.handle === undefined && mint.unsent !== true);
  return unanswered?.some(({ reach }) => reach !== undefined && reach.account !== here) === true;
}

/** Made at an account that the grant names no more: no list of that account shows what became of it. */
function isMadeElsewhere({ record, atGrant }: Scene, subject: string): boolean {
  const handle = subjectOf(record, subject)?.handle;
  return handle !== undefined && !atGrant.has(handle);
}

/** A subject is a handle, or the id of a generation without one. */
function subjectOf(record: Scene['record'], subject: string): Credential | undefined {
  return record?.credentials.find(
    (credential) => (credential.handle ?? credential.id) === subject && credential.state !== 'ended',
  );
}

function isLiveUnder({ record, all }: Scene, subject: string): boolean {
  const one = subjectOf(record, subject);
  if (!one) return false;
  return one.handle === undefined || issuedAs(all, one)?.live === true;
}

/** Of one that expired while its issuer could not be asked, it is told until somebody has asked. */
function isExpiredUnasked({ fleet, record, now }: Scene, subject: string): boolean {
  const one = subjectOf(record, subject);
  const isUnasked =
    fleet.isStrange ||
    now < fleet.illUntil + ASKED_WITHIN ||
    hasOpen(record, 'secret-unusable', 'secret-deleted');
  return isUnasked && one?.state === 'previous' && (one.expiresAt ?? Infinity) < now;
}

function isDisabledUnder({ record, all }: Scene, subject: string): boolean {
  const one = subjectOf(record, subject);
  return one !== undefined && issuedAs(all, one)?.disabled === true;
}

function mayBeUsed(scene: Scene, { subject }: Finding): boolean {
  return isLiveUnder(scene, subject) || isToldAfterItsDate(scene, subject) || isUnaskable(scene, subject);
}

/** Who was cut off by the date of a credential is told of for two days. */
function isToldAfterItsDate({ record, now }: Scene, subject: string): boolean {
  return (
    record?.credentials.some(
      (one) =>
        (one.handle ?? one.id) === subject && one.expiresAt !== undefined && now <= one.expiresAt + 2 * DAY,
    ) === true
  );
}

function isGoing(managed: Scene['managed']): boolean {
  const secret = managed.world.aws.secretsManager.find(managed.arn);
  return secret === undefined || secret.deletedAt !== undefined;
}
