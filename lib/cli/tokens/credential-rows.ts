import { pendingConsumerText } from '../../../functions/core/delivery/evidence.ts';
import type { Attempt } from '../../../functions/core/token/attempt.ts';
import { isDisabled } from '../../../functions/core/token/disabled.ts';
import { formatInstant, type Instant } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { actorText } from './actor.ts';
import { untilText } from './disabled-text.ts';
import type { Column, Tone } from '../output/screen.ts';
import type { Row } from '../output/tables.ts';
import { CAUSES, fromNow } from '../output/words.ts';

export const CREDENTIAL_COLUMNS: readonly Column[] = [
  { title: 'HANDLE' },
  { title: 'STATE' },
  { title: 'MADE' },
  { title: 'EXPIRES' },
  { title: 'LAST USED' },
];

/** The state of a credential, as people read it. */
const CREDENTIAL_STATES: Readonly<Record<Credential['state'], readonly [string, Tone | undefined]>> = {
  current: ['current', 'good'],
  previous: ['in grace period', undefined],
  'rolling-back': ['rolling back', 'warn'],
  revoking: ['revoking', 'warn'],
  ended: ['revoked', 'dim'],
};

function stateOf(one: Credential): readonly [string, Tone | undefined] {
  if (one.forgotten) return ['forgotten', 'dim'];
  if (isDisabled(one) && one.revokedAt === undefined) return ['disabled', 'warn'];
  return CREDENTIAL_STATES[one.state];
}

const ORIGINS: Readonly<Record<Credential['origin'], string>> = {
  minted: 'made by Keyturn',
  adopted: 'was in the secret when it was registered',
  found: 'found in the secret',
};

/** One credential, with what is known of it under its row. */
export function credentialRow(token: Token, one: Credential, now: Instant): Row {
  const [state, tone] = stateOf(one);
  const at = (time: Instant | undefined): string => (time === undefined ? '-' : fromNow(time, now));
  const expires = one.state === 'ended' ? undefined : one.expiresAt;
  const cells = [one.handle ?? '-', state, at(one.issuedAt), at(expires), at(one.lastUsedAt)].map((text) => ({
    text,
    tone,
  }));
  return { cells, notes: credentialNotes(token, one, now) };
}

function credentialNotes(token: Token, one: Credential, now: Instant): string[] {
  const dates: (readonly [string, Instant | undefined])[] = [
    ['current since', one.state === 'current' ? one.promotedAt : undefined],
    ['replaced', one.supersededAt],
    ['disabled at its issuer', one.disabledAt],
    ['revoke call made', one.revokedAt],
    [
      one.proof === 'absence'
        ? 'verified by the list of the issuer, the weaker check'
        : 'revocation verified',
      one.endedAt,
    ],
  ];
  const facts = [
    ORIGINS[one.origin],
    ...dates.flatMap(([name, at]) => (at === undefined ? [] : [`${name} ${fromNow(at, now)}`])),
  ];
  return [
    `id ${one.id}, ${facts.join(', ')}.`,
    ...endNotes(token, one, now),
    ...(one.state === 'previous' ? (one.pendingConsumers ?? []).map(pendingConsumerText) : []),
    ...(one.evidence ? [evidenceText(one.evidence)] : []),
    ...(one.problem ? [one.problem.detail] : []),
    ...(one.forgotten
      ? [
          `Forgotten by ${actorText(one.forgotten.by)} ${fromNow(one.forgotten.at, now)}: ` +
            one.forgotten.reason,
        ]
      : []),
  ];
}

function endNotes(token: Token, one: Credential, now: Instant): string[] {
  if (!one.withoutGrace || one.state === 'ended') return [];
  const until = untilText(token, one, now);
  if (until === undefined) return ['It is to be revoked without a grace period.'];
  return [`${until} If the report is wrong, run \`keyturn enable\` before.`];
}

function evidenceText({ strength, grounds }: NonNullable<Credential['evidence']>): string {
  return (
    `${strength === 'strong' ? 'Strong' : 'Weak'} evidence: ` +
    `${grounds.map((ground) => `${ground.by}, ${ground.what}`).join('; ') || 'the grace period alone'}.`
  );
}

export const ROTATION_COLUMNS: readonly Column[] = [
  { title: 'STATE' },
  { title: 'BEGUN' },
  { title: 'ENDED' },
  { title: 'WHY' },
  { title: 'ID' },
];

const ROTATION_STATES: Readonly<Record<Attempt['state'], readonly [string, Tone | undefined]>> = {
  open: ['under way', 'warn'],
  promoting: ['becoming current', 'warn'],
  promoted: ['done', undefined],
  aborting: ['being aborted', 'warn'],
  aborted: ['aborted', 'bad'],
};

/** One rotation. */
export function rotationRow(one: Attempt, now: Instant): Row {
  const [state, tone] = ROTATION_STATES[one.state];
  const ended = one.endedAt === undefined ? `by ${formatInstant(one.deadline)}` : fromNow(one.endedAt, now);
  return {
    cells: [state, fromNow(one.openedAt, now), ended, CAUSES[one.cause], one.id].map((text) => ({
      text,
      tone,
    })),
    notes: [],
  };
}
