import { KeyturnError } from '../../core/basics/errors.ts';
import type { Toggle } from '../../core/issuer/toggle.ts';
import type { DisableAndEnable, Entry, Wanted, Whole } from './calls.ts';
import type { Bound } from './declaration.ts';
import { handleOf, idIn } from './handles.ts';
import { listed } from './list.ts';
import { SECOND, type Millis } from '../../core/basics/time.ts';
import type { HttpAnswer } from '../http-answer.ts';

/** A list may be behind for a moment: it is read so often, and so far apart. */
const LOOKS = 4;
const LOOK_EVERY: Millis = 2 * SECOND;

/** Disabling and enabling, where the declaration says how. */
export function toggleOf<A, P, G>(bound: Bound<A, P, G>): Toggle | undefined {
  const { toggle } = bound.is;
  return (
    toggle && {
      disable: (handle) => switched(bound, toggle, handle, 'disabled'),
      enable: (handle) => switched(bound, toggle, handle, 'active'),
    }
  );
}

/**
 * Sent once. Only an answer that shows this credential in the state that is wanted is believed, or a list that
 * does where no answer shows it: all else is an error, and nothing is known.
 */
async function switched<A, P, G>(
  bound: Bound<A, P, G>,
  toggle: DisableAndEnable<A, P, G>,
  handle: string,
  wanted: Wanted,
): Promise<void> {
  const id = idIn(bound, handle);
  const path = toggle.path(bound, id, wanted);
  const whole = await wholeOf(bound, toggle, path);
  const body = toggle.body?.(wanted, whole, id, bound);
  const answer = await bound.send({ method: toggle.method, path, ends: true, ...(body && { body }) });
  if (await isShown(bound, toggle, answer, { handle, wanted })) return;
  throw new KeyturnError(
    'issuer-response-invalid',
    `${answer.about} and does not say that the credential is ${wanted}: ${handle}.`,
  );
}

async function wholeOf<A, P, G>(
  bound: Bound<A, P, G>,
  { whole }: DisableAndEnable<A, P, G>,
  path: string,
): Promise<Whole> {
  return whole === undefined ? {} : (await bound.send({ method: 'GET', path })).json(whole);
}

async function isShown<A, P, G>(
  bound: Bound<A, P, G>,
  { entry }: DisableAndEnable<A, P, G>,
  answer: HttpAnswer,
  { handle, wanted }: { readonly handle: string; readonly wanted: Wanted },
): Promise<boolean> {
  const isIt = (one: Entry | undefined): boolean => one?.state === wanted && handleOf(bound, one) === handle;
  if (!('done' in entry)) return isIt(answer.read(entry));
  if (answer.status !== entry.done.status || answer.read(entry.done.body) === undefined) return false;
  for (let look = 1; look <= LOOKS; look++) {
    if ((await listed(bound)).some(isIt)) return true;
    if (look < LOOKS) await bound.tools.sleep(LOOK_EVERY);
  }
  return false;
}
