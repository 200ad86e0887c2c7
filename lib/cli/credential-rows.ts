import { laggardText } from '../../functions/core/delivery/evidence.ts';
import type { Attempt } from '../../functions/core/attempt.ts';
import { formatInstant, type Instant } from '../../functions/core/time.ts';
import type { Generation } from '../../functions/core/token.ts';
import { actorText } from './actor.ts';
import type { Column, Tone } from './screen.ts';
import type { Row } from './tables.ts';
import { CAUSES, fromNow } from './words.ts';

export const CREDENTIAL_COLUMNS: readonly Column[] = [
  { title: 'HANDLE' },
  { title: 'STATE' },
  { title: 'MADE' },
  { title: 'EXPIRES' },
  { title: 'LAST USED' },
];

/** The state of a credential, as people read it. */
const CREDENTIAL_STATES: Readonly<Record<Generation['state'], readonly [string, Tone | undefined]>> = {
  current: ['current', 'good'],
  previous: ['in grace period', undefined],
  restoring: ['rolling back', 'warn'],
  revoking: ['revoking', 'warn'],
  dead: ['revoked', 'dim'],
};

const ORIGINS: Readonly<Record<Generation['origin'], string>> = {
  minted: 'made by Keyturn',
  adopted: 'was in the secret when it was registered',
  found: 'found in the secret',
};

/** One credential, with what is known of it under its row. */
export function credentialRow(one: Generation, now: Instant): Row {
  const [state, tone] = one.forgotten ? (['forgotten', 'dim'] as const) : CREDENTIAL_STATES[one.state];
  const at = (time: Instant | undefined): string => (time === undefined ? '-' : fromNow(time, now));
  const expires = one.state === 'dead' ? undefined : one.expiresAt;
  const cells = [one.handle ?? '-', state, at(one.bornAt), at(expires), at(one.lastUsedAt)].map((text) => ({
    text,
    tone,
  }));
  return { cells, notes: credentialNotes(one, now) };
}

function credentialNotes(one: Generation, now: Instant): string[] {
  const dates: (readonly [string, Instant | undefined])[] = [
    ['current since', one.state === 'current' ? one.promotedAt : undefined],
    ['replaced', one.supersededAt],
    ['revoke call made', one.revokedAt],
    [
      one.proof === 'absence'
        ? 'verified by the list of the issuer, the weaker check'
        : 'revocation verified',
      one.deadAt,
    ],
  ];
  const facts = [
    ORIGINS[one.origin],
    ...dates.flatMap(([name, at]) => (at === undefined ? [] : [`${name} ${fromNow(at, now)}`])),
  ];
  return [
    `id ${one.id}, ${facts.join(', ')}.`,
    ...(one.condemned && one.state !== 'dead' ? ['It is to be revoked without a grace period.'] : []),
    ...(one.state === 'previous' ? (one.laggards ?? []).map(laggardText) : []),
    ...(one.evidence ? [evidenceText(one.evidence)] : []),
    ...(one.problem ? [one.problem.detail] : []),
    ...(one.forgotten
      ? [
          `Forgotten by ${actorText(one.forgotten.by)} ${fromNow(one.forgotten.at, now)}: ${one.forgotten.reason}`,
        ]
      : []),
  ];
}

function evidenceText({ strength, grounds }: NonNullable<Generation['evidence']>): string {
  return `${strength === 'strong' ? 'Strong' : 'Weak'} evidence: ${grounds.map((ground) => `${ground.by}, ${ground.what}`).join('; ') || 'the grace period alone'}.`;
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
