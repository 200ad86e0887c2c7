import { DAY, SECOND, type Instant } from '../../../core/basics/time.ts';
import { isoSeconds } from '../forms.ts';
import type { Filling } from './placeholders.ts';

interface Asked {
  readonly expiresAt: Instant;
  readonly seconds: number;
}

/** The ways in which a creation asks for an expiry, and what each says of the issuer. */
export const EXPIRIES: readonly {
  readonly placeholder: string;
  readonly step: 'day' | 'second';
  readonly given: 'instant' | 'duration';
  readonly filling: (asked: Asked) => Filling;
}[] = [
  {
    placeholder: 'expiresAt',
    step: 'second',
    given: 'instant',
    filling: ({ expiresAt }) => isoSeconds(expiresAt),
  },
  {
    placeholder: 'expiresAtSeconds',
    step: 'second',
    given: 'instant',
    filling: ({ expiresAt }) => Math.floor(expiresAt / SECOND),
  },
  {
    placeholder: 'expiresAtMillis',
    step: 'second',
    given: 'instant',
    filling: ({ expiresAt }) => expiresAt,
  },
  {
    placeholder: 'expiresOn',
    step: 'day',
    given: 'instant',
    filling: ({ expiresAt }) => new Date(Math.floor(expiresAt / DAY) * DAY).toISOString().slice(0, 10),
  },
  { placeholder: 'lifetimeSeconds', step: 'second', given: 'duration', filling: ({ seconds }) => seconds },
];
