import type { LifecycleFact } from './events.ts';
import type { Instant } from '../basics/time.ts';

type What = LifecycleFact['what'];

/**
 * Whether a thing can come about more than once to what it is about. `once`: it names an attempt, a request
 * or a moment, and told again it is the same. `each time`: it names a credential, which may be revoked, be
 * valid again and be revoked again; the time is part of its name then.
 */
const COMES_ABOUT = {
  enrolled: 'once',
  'rotation-started': 'once',
  rotated: 'once',
  'rotation-aborted': 'once',
  'rolled-back': 'each time',
  revoked: 'each time',
  'revocation-verified': 'each time',
  detached: 'once',
  retired: 'once',
  reviewed: 'once',
  requested: 'once',
  refused: 'once',
  delivered: 'once',
  moved: 'once',
  released: 'once',
  leaked: 'once',
  disabled: 'each time',
  enabled: 'each time',
  contained: 'once',
  replaced: 'once',
  'consumers-moved': 'once',
  'containment-withdrawn': 'once',
  'replacement-withdrawn': 'once',
  'move-withdrawn': 'once',
  ordered: 'each time',
  accepted: 'once',
  'active-again': 'each time',
  forgotten: 'each time',
} as const satisfies Record<What, 'once' | 'each time'>;

/**
 * The name of a fact about a token's life, made of what it tells, so that telling it twice is telling it
 * once. Apart from those of findings, which have words in common with it.
 */
export function lifeFactId(
  tokenId: string,
  { what, about, at }: { what: What; about: string; at: Instant },
): string {
  return `${tokenId}/life/${what}/${about}${timeOf(what, at)}`;
}

/** What a fact of a token's life is about, as its id has it. */
export function aboutOf({
  id,
  tokenId,
  what,
  at,
}: Pick<LifecycleFact, 'id' | 'tokenId' | 'what' | 'at'>): string {
  const about = id.slice(`${tokenId}/life/${what}/`.length);
  const time = timeOf(what, at);
  return about.endsWith(time) ? about.slice(0, about.length - time.length) : about;
}

function timeOf(what: What, at: Instant): string {
  return COMES_ABOUT[what] === 'once' ? '' : `/${at}`;
}
