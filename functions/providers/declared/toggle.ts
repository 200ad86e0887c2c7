import { KeyturnError } from '../../core/basics/errors.ts';
import { SECOND, type Millis } from '../../core/basics/time.ts';
import type { Toggle } from '../../core/issuer/toggle.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { Entry } from './calls.ts';
import type { DisableAndEnable, Wanted, Whole } from './ending.ts';
import type { Bound } from './declaration.ts';
import { handleOf, idIn } from './handles.ts';
import { listed } from './list.ts';

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
 * Has the issuer bring a credential into a state. Error beside those of requests: `issuer-response-invalid`
 * where nothing says that it is.
 */
export async function switched<A, P, G>(
  bound: Bound<A, P, G>,
  toggle: DisableAndEnable<A, P, G>,
  handle: string,
  wanted: Wanted,
): Promise<void> {
  const { answer, isDone } = await switching(bound, toggle, { handle, wanted });
  if (isDone) return;
  throw new KeyturnError(
    'issuer-response-invalid',
    `${answer.about} and does not say that the credential is ${wanted}: ${handle}.`,
  );
}

export interface Switch {
  readonly handle: string;
  readonly wanted: Wanted;
  /** Statuses that are read like those of a success. */
  readonly accept?: readonly number[];
}

/**
 * Sent once. It is done only where the answer shows this credential in the state that is wanted, or a list
 * does where no answer shows it. Where an id reaches other accounts too, only one that this account's list
 * shows is sent.
 */
export async function switching<A, P, G>(
  bound: Bound<A, P, G>,
  toggle: DisableAndEnable<A, P, G>,
  { handle, wanted, accept }: Switch,
): Promise<{ readonly answer: HttpAnswer; readonly isDone: boolean }> {
  const id = idIn(bound, handle);
  const path = toggle.path(bound, id, wanted);
  const own = bound.is.revoke.onlyOwn && (await ownIn(bound, handle));
  const whole = await wholeOf(bound, toggle, path);
  const body = toggle.body?.(wanted, whole, id, { ...bound, own });
  const answer = await bound.send({
    method: toggle.method,
    path,
    ends: true,
    ...(accept && { accept }),
    ...(toggle.headers && { headers: toggle.headers }),
    ...(body && { body }),
  });
  return {
    answer,
    isDone: answer.status < 300 && (await isShown(bound, toggle, answer, { handle, wanted })),
  };
}

/** Error: `issuer-refused` for one that the account's list does not show. */
async function ownIn<A, P, G>(bound: Bound<A, P, G>, handle: string): Promise<Entry> {
  const own = (await listed(bound)).find((entry) => handleOf(bound, entry) === handle);
  if (own) return own;
  throw new KeyturnError(
    'issuer-refused',
    `The issuer does not list ${handle}, so Keyturn does not disable or enable it.`,
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
  { handle, wanted }: Pick<Switch, 'handle' | 'wanted'>,
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
