// Answers as an issuer's file says that they are, so that each of its requests is made by the same code as in
// a function, and none is sent.
import type { OwnIssuer } from '../../../functions/providers/declared/own/form.ts';
import { placeholderOf } from '../../../functions/providers/declared/own/placeholders.ts';
import { MINUTE, SECOND, type Instant } from '../../../functions/core/basics/time.ts';

/** What is done at an issuer, in this order. */
export const STEPS = ['examine', 'create', 'check', 'list', 'revoke'] as const;
export type Step = (typeof STEPS)[number];

/** What stands for the value of a new credential. */
export const PRETENDED_VALUE = '<value>';

const IDS = { name: 'id-1', number: 1, uuid: '00000000-0000-4000-8000-000000000001' } as const;

interface Pretence {
  readonly form: OwnIssuer;
  readonly marker: string;
  readonly now: Instant;
  readonly step: () => Step;
}

type Pair = readonly [pointer: string, value: unknown];

/** Answers every request of a step, as the form says. */
export function pretendedIssuer(pretence: Pretence): (request: Request) => Response {
  const { form } = pretence;
  let isRevoked = false;
  const listed = (request: Request): Response =>
    Response.json(listBody(pretence, isRevoked || isLater(request, form) ? [] : [entryOf(pretence)]));
  return (request) => {
    switch (pretence.step()) {
      case 'examine':
        return answer(form.examine.active[0], form, []);
      case 'create':
        return request.method === 'POST' ? Response.json(createdBody(pretence)) : listed(request);
      case 'check':
        return answer(form.check.active[0], form, credentialPair(form));
      case 'list':
        return listed(request);
      case 'revoke':
        if (request.method === 'GET') return listed(request);
        isRevoked = true;
        return new Response(form.revoke.done === 204 ? null : '{}', { status: form.revoke.done });
    }
  };
}

function answer(
  verdict: OwnIssuer['check']['active'][number] | undefined,
  form: OwnIssuer,
  more: readonly Pair[],
): Response {
  const { status = 200, where = {} } = verdict ?? {};
  return Response.json(bodyOf([...wherePairs(where, form), ...more]), { status });
}

function credentialPair({ check, ids }: OwnIssuer): Pair[] {
  return check.credential === undefined ? [] : [[check.credential, IDS[ids.is]]];
}

function createdBody(pretence: Pretence): unknown {
  const { form, marker } = pretence;
  const { id, value, name, entry, where } = form.create.answer;
  return bodyOf([
    ...(entry === undefined ? [] : entryPairs(pretence).map(([at, part]): Pair => [entry + at, part])),
    ...(name === undefined ? [] : [[name, marker] satisfies Pair]),
    ...wherePairs(where ?? {}, form),
    [id, IDS[form.ids.is]],
    [value, PRETENDED_VALUE],
  ]);
}

function entryOf(pretence: Pretence): unknown {
  return bodyOf(entryPairs(pretence));
}

function entryPairs({ form, marker, now }: Pretence): Pair[] {
  const { id, name, createdAt, expiresAt, lastUsedAt, scopes, ofAccount } = form.list.entry;
  const names = Object.values(form.grant).find(({ is }) => is === 'names');
  const times = [createdAt && { ...createdAt, when: now }, expiresAt && { ...expiresAt, when: now + MINUTE }];
  return [
    [id, IDS[form.ids.is]],
    [name, marker],
    ...times.flatMap((time): Pair[] => (time ? [[time.at, written(time.when, time.as)]] : [])),
    ...(lastUsedAt ? [[lastUsedAt.at, null] satisfies Pair] : []),
    ...(scopes === undefined ? [] : [[scopes, names?.example ?? []] satisfies Pair]),
    ...wherePairs(ofAccount ?? {}, form),
  ];
}

function written(at: Instant, as: 'iso' | 'seconds' | 'millis'): string | number {
  switch (as) {
    case 'iso':
      return new Date(at).toISOString();
    case 'seconds':
      return Math.floor(at / SECOND);
    case 'millis':
      return at;
  }
}

function listBody({ form }: Pretence, entries: readonly unknown[]): unknown {
  const { pages } = form.list;
  const total = 'total' in pages ? pages.total : undefined;
  if (form.list.entries === '') return entries;
  return bodyOf([
    [form.list.entries, entries],
    ...(total === undefined ? [] : [[total, entries.length] satisfies Pair]),
  ]);
}

/** A page after the first. */
function isLater(request: Request, { list: { pages } }: OwnIssuer): boolean {
  if (pages.is !== 'page' && pages.is !== 'offset') return false;
  return new URL(request.url).searchParams.get(pages.parameter) !== (pages.is === 'page' ? '1' : '0');
}

function wherePairs(where: OwnIssuer['check']['active'][number]['where'], form: OwnIssuer): Pair[] {
  return Object.entries(where).map(([pointer, wanted]) => {
    const name = typeof wanted === 'string' ? placeholderOf(wanted) : undefined;
    const field = name === undefined ? undefined : form.account.fields[name.replace('account.', '')];
    return [pointer, field === undefined ? wanted : field.example];
  });
}

/** The JSON in which each value stands at its pointer. */
function bodyOf(pairs: readonly Pair[]): unknown {
  const body: Record<string, unknown> = {};
  for (const [pointer, value] of pairs) {
    const steps = pointer.split('/').slice(1);
    put(
      body,
      steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')),
      value,
    );
  }
  return body;
}

function put(holder: object, [step = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) return void Reflect.set(holder, step, value);
  const inner: unknown = Reflect.get(holder, step);
  const next = typeof inner === 'object' && inner !== null ? inner : {};
  Reflect.set(holder, step, next);
  put(next, rest, value);
}
