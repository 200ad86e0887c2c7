import type * as z from 'zod';
import { KeyturnError } from '../../core/basics/errors.ts';
import type { Beside, ListedCredential, Probe } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { urlOf, type HttpRequest } from '../request.ts';
import { isAccepted, probing, verdictOn } from '../verdicts.ts';
import type { Bound, Check } from './declaration.ts';
import type { Entry } from './calls.ts';
import { listedCredentialOf } from './handles.ts';
import type { Identify } from './identify.ts';
import { listed } from './list.ts';

/** How a value is asked about. Error: a `TypeError` for a declaration whose check is `by-list`. */
function checkOf<A, P, G>({ is }: Bound<A, P, G>): Check<A, P, G> {
  if (is.check !== 'by-list') return is.check;
  throw new TypeError(
    `${is.descriptor.id} answers no question about a value, so its list has to identify it`,
  );
}

function requestOf<A, P, G>(bound: Bound<A, P, G>, value: Secret, beside: Beside): HttpRequest {
  const { method = 'GET', path, query, headers, body } = checkOf(bound);
  const around = bound.around();
  const content = body?.(value, bound, around, beside);
  const parameters = typeof query === 'function' ? query(bound) : query;
  return {
    method,
    path: path(bound, value),
    headers: headers(value, bound, around),
    repeatable: true,
    ...(parameters && { query: parameters }),
    ...(content && { body: content }),
  };
}

/**
 * The answer to the question; where values are proven and not sent, to the second one, with the proof. Error:
 * `issuer-response-invalid` where the first answer asks for none.
 */
async function answerAbout<A, P, G>(
  bound: Bound<A, P, G>,
  value: Secret,
  beside: Beside = {},
): Promise<HttpAnswer> {
  const request: HttpRequest = { ...requestOf(bound, value, beside), accept: 'any' };
  const first = await bound.sendBare(request, value);
  const { proves } = checkOf(bound);
  if (!proves) return first;
  const { origin, now } = bound.around();
  const { pathname, search } = urlOf(origin, request);
  const proof = proves(first, value, { method: request.method, uri: pathname + search, now });
  if (proof) return bound.sendBare({ ...request, headers: { ...request.headers, ...proof } }, value);
  throw new KeyturnError(
    'issuer-response-invalid',
    `${first.about} without a challenge that a value can be proven by.`,
  );
}

/** Asks about a value with the value alone; where that is not possible, looks for it in the list. */
export async function checked<A, P, G>(
  bound: Bound<A, P, G>,
  value: Secret,
  beside: Beside = {},
): Promise<Probe> {
  const { check, valueTells } = bound.is;
  if (check === 'by-list') return probing(async () => shownAs(await entryOf(bound, value)));
  const probe = await probing(async () =>
    verdictOn(await answerAbout(bound, value, beside), check.verdicts(bound, value)),
  );
  return probe.outcome === 'active' ? { ...probe, ...valueTells?.(value) } : probe;
}

/**
 * What a list says of a value. One that it leaves out is not known to be refused: it may be of another
 * account, or the list may be behind.
 */
function shownAs(entry: Entry | undefined): Probe {
  if (entry?.state === 'active') return { outcome: 'active' };
  return {
    outcome: 'unknown',
    reason: entry
      ? `Its issuer lists the credential with this value as ${entry.state}.`
      : 'Its issuer lists no credential with this value.',
  };
}

/**
 * Only what the account's own list shows; and, where the list does not show values, only one that the issuer
 * takes, since a text with the right looks can be made up by anyone.
 */
export async function identified<A, P, G>(
  bound: Bound<A, P, G>,
  value: Secret,
): Promise<ListedCredential | undefined> {
  const entry = await entryOf(bound, value);
  return entry && { ...listedCredentialOf(bound, entry), ...bound.is.valueTells?.(value) };
}

async function entryOf<A, P, G>(bound: Bound<A, P, G>, value: Secret): Promise<Entry | undefined> {
  const { identify } = bound.is;
  switch (identify.by) {
    case 'answer':
    case 'nothing': {
      const answer = await answerAbout(bound, value);
      const at = identify.by === 'nothing' ? identify.anotherAt : undefined;
      if (isOfAnother(identify.another?.(bound.place), answer, at)) return undefined;
      if (identify.by === 'nothing' && isRefused(identify.refused, answer)) return undefined;
      if (!isTaken(bound, verdictOn(answer, checkOf(bound).verdicts(bound, value)))) return undefined;
      if (identify.by === 'nothing') return undefined;
      const id = answer.json(identify.id);
      return (await listed(bound)).find((entry) => entry.id === id);
    }
    case 'value':
      return (await listed(bound)).find((entry) => holds(bound, entry, value));
    case 'list': {
      const match = identify.match(value, await listed(bound));
      if (bound.is.check === 'by-list') return match;
      return match && isTaken(bound, await checked(bound, value), match) ? match : undefined;
    }
  }
}

/** Whether an entry of the list is the credential with this value, by what the list shows of it. */
export function holds<A, P, G>({ is }: Bound<A, P, G>, entry: Entry, value: Secret): boolean {
  const isOf = is.identify.by === 'value' ? is.identify.isOf : undefined;
  return isOf ? isOf(value, entry) : entry.value?.equals(value) === true;
}

function isOfAnother(another: z.ZodType | undefined, answer: HttpAnswer, at: number | undefined): boolean {
  const isAt = at === undefined ? answer.status < 300 : answer.status === at;
  return another !== undefined && isAt && answer.read(another) !== undefined;
}

function isRefused(
  refused: Extract<Identify<never>, { readonly by: 'nothing' }>['refused'],
  answer: HttpAnswer,
): boolean {
  return answer.status === refused?.status && answer.read(refused.body) !== undefined;
}

/**
 * Of one that is limited to networks it is unknown, from elsewhere, whether it is a good one: it cannot be
 * named. Error: `issuer-response-invalid`.
 */
function isTaken<A, P, G>(bound: Bound<A, P, G>, probe: Probe, match?: Entry): boolean {
  const isConfined = (match?.onlyFrom ?? []).length > 0 || bound.is.isConfined?.(bound) === true;
  return probe.outcome === 'unknown' && isConfined ? false : isAccepted(probe);
}
