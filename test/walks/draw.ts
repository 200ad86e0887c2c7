import { Dice } from '../soak/dice.ts';
import { SUBJECTS } from '../faults/run.ts';
import {
  CONSUMERS,
  GATEWAYS,
  LABEL_MOVES,
  PUTS,
  type Ask,
  type Move,
  type Setup,
  type Walk,
} from './moves.ts';

const MOST_SECRETS = 3;
const FAULTS = ['dies-before', 'dies-after', 'lost-answer', 'reset', 'timeout', 'out-of-time'] as const;

/** The tags of a policy, each with values from its whole range, those that contradict others included. */
const TAG_RANGES: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'keyturn:rotate-every': ['1h', '3h', '12h', '2d', '30d'],
  'keyturn:max-age': ['6h', '2d', '30d', '90d'],
  'keyturn:rotate-before-expiry': ['1h', '7d', '80d'],
  'keyturn:min-grace': ['0m', '30m', '6h', '3d'],
  'keyturn:max-grace': ['1h', '12h', '7d'],
  'keyturn:unused-for': ['0m', '5m', '2h', '1d'],
  'keyturn:cache-ttl': ['0m', '5m', '12h'],
  'keyturn:evidence': ['last-used', 'time', 'consumers', 'all'],
  'keyturn:on-max-grace': ['keep', 'revoke'],
  'keyturn:on-inactive': ['notify', 'rotate'],
  'keyturn:on-max-age': ['warn', 'page', 'revoke'],
  'keyturn:containment-deadline': ['15m', '6h'],
  'keyturn:on-containment-deadline': ['page', 'revoke'],
  'keyturn:disable-wait': ['0s', '2h', '1d'],
  'keyturn:jitter': ['0m', '1h'],
  'keyturn:max-lifetime': ['1d', '10d', '80d'],
};

/** A walk of so many moves. One seed is one walk. */
export function drawWalk(seed: number, length: number): Walk {
  const dice = new Dice(seed);
  // What follows from one seed should not resemble what follows from the next.
  for (let at = 0; at < 5; at++) dice.roll();
  const setup = drawSetup(dice);
  return { setup, moves: Array.from({ length }, () => drawMove(dice)) };
}

function drawSetup(dice: Dice): Setup {
  const [first, ...rest] = SUBJECTS.map(({ id }) => id);
  const secrets = Array.from({ length: dice.whole(1, MOST_SECRETS) }, () => ({
    value: dice.happens(0.8) ? ('by-hand' as const) : ('empty' as const),
    consumer: dice.oneOf(CONSUMERS),
  }));
  return {
    provider: dice.oneOf([first ?? 'gitlab', ...rest, 'gitlab']),
    secrets,
    pendingLabel: dice.oneOf(['at-completion', 'stays', 'at-move']),
    stale: dice.happens(0.2) ? dice.oneOf([1_000, 10_000, 60_000]) : 0,
    reusesIds: dice.happens(0.2),
    disorder: dice.happens(0.3),
    neighbor: dice.oneOf(['none', 'none', 'account', 'installation']),
  };
}

/** Half of all moves are waits: most of what is wrong shows itself only with time. */
function drawMove(dice: Dice): Move {
  const secret = dice.whole(0, MOST_SECRETS);
  if (dice.happens(0.5)) return { kind: 'wait', minutes: drawMinutes(dice) };
  if (dice.happens(0.12)) return { kind: 'fault', after: dice.whole(0, 60), fault: dice.oneOf(FAULTS) };
  if (dice.happens(0.3)) return { kind: 'ask', secret, what: drawAsk(dice) };
  return dice.happens(0.65) ? drawDeed(dice, secret) : drawWeather(dice, secret);
}

function drawMinutes(dice: Dice): number {
  const length = dice.roll();
  if (length < 0.4) return dice.whole(1, 40);
  if (length < 0.8) return dice.whole(40, 300);
  return length < 0.95 ? dice.whole(300, 1_440) : dice.whole(1_440, 4_320);
}

function drawAsk(dice: Dice): Ask {
  return dice.oneOf([
    'rotate',
    'rotate',
    'rotate',
    'rollback',
    'rollback',
    'leaked',
    'leaked',
    'console-rotates',
    'console-rotates',
    'approve',
    'inspect',
    'switch-on',
    'end',
    'detach',
  ]);
}

/** What people do to secrets. */
function drawDeed(dice: Dice, secret: number): Move {
  const kind = dice.oneOf([
    'copy',
    'copy',
    'label',
    'label',
    'put',
    'put',
    'put',
    'revoke',
    'delete',
    'restore',
    'remake',
    'policy',
    'policy',
    'replica',
  ] as const);
  switch (kind) {
    case 'copy':
      return { kind, secret, how: dice.oneOf(['granted', 'without-grant', 'other-admin', 'neighbor']) };
    case 'label':
      return { kind, secret, how: dice.oneOf(LABEL_MOVES) };
    case 'put':
      return { kind, secret, what: dice.oneOf(PUTS) };
    case 'revoke':
      return { kind, secret, which: dice.oneOf(['current', 'previous']) };
    case 'delete':
      return { kind, secret, how: dice.oneOf(['scheduled', 'scheduled', 'forced']) };
    case 'restore':
      return { kind, secret };
    case 'remake':
      return { kind, secret, value: dice.oneOf(['same', 'other', 'none']) };
    case 'policy':
      return { kind, secret, tags: drawTags(dice) };
    case 'replica':
      return { kind, secret, status: dice.oneOf(['Failed', 'InSync', 'none']) };
  }
}

function drawTags(dice: Dice): Record<string, string> {
  const keys = Object.keys(TAG_RANGES);
  const drawn = Array.from({ length: dice.whole(1, 3) }, () => keys[dice.whole(0, keys.length - 1)] ?? '');
  return Object.fromEntries(drawn.map((key) => [key, dice.oneOf(TAG_RANGES[key] ?? ['0m'])]));
}

/** What happens at the issuer, and to what is granted there. */
function drawWeather(dice: Dice, secret: number): Move {
  const kind = dice.oneOf([
    'grant',
    'grant',
    'host',
    'revoke-by-hand',
    'revoke-by-hand',
    'scope',
    'gone',
    'lists',
    'lists',
    'names',
    'gateway',
    'gateway',
  ] as const);
  switch (kind) {
    case 'grant':
      return { kind, secret, to: dice.oneOf(['another', 'own', 'nothing']) };
    case 'host':
      return { kind, to: dice.oneOf(['strange', 'own']) };
    case 'revoke-by-hand':
      return { kind, secret, which: dice.oneOf(['current', 'other']) };
    case 'scope':
    case 'gone':
      return { kind, secret };
    case 'lists':
      return { kind, secret, how: dice.oneOf(['omit', 'delay', 'whole']) };
    case 'names':
      return { kind, how: dice.oneOf(['prefix', 'shorten', 'whole']) };
    case 'gateway':
      return { kind, how: dice.oneOf(GATEWAYS), minutes: dice.whole(5, 600) };
  }
}
