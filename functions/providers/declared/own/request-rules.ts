// Which placeholders stand where, and which must.
import { nearest } from '../../../core/basics/nearest.ts';
import type { BodyForm } from './call-form.ts';
import { EXPIRIES } from './expiries.ts';
import type { OwnIssuer } from './shape.ts';
import { hasOtherBraces, placeholderOf, placeholdersIn, textsIn } from './placeholders.ts';
import type { Fault } from './fault.ts';

/** A text of a request, where it stands, and the placeholders that make sense there. */
interface Spot {
  readonly path: readonly PropertyKey[];
  readonly texts: readonly string[];
  readonly allowed: readonly string[];
}

/** What a body holds, whichever its form. */
export function bodyOf(body: BodyForm | undefined): unknown {
  if (body === undefined) return undefined;
  return 'json' in body ? body.json : body.form;
}

/** What is wrong with the placeholders of the requests. */
export function requestFaults(form: OwnIssuer): Fault[] {
  return [...spotsOf(form).flatMap(faultsAt), ...missingFaults(form)];
}

function spotsOf(form: OwnIssuer): Spot[] {
  const { create, list, revoke, check, examine, account } = form;
  const accounts = Object.keys(account.fields).map((name) => `account.${name}`);
  const options = Object.entries(form.grant);
  const plain = options.filter(([, { is }]) => is !== 'names').map(([name]) => `grant.${name}`);
  const all = options.map(([name]) => `grant.${name}`);
  const expiries = EXPIRIES.map(({ placeholder }) => placeholder);
  const common = [...accounts, ...plain];
  const spot = (path: string, texts: readonly string[], allowed: readonly string[]): Spot => ({
    path: path.split('.'),
    texts,
    allowed,
  });
  return [
    spot('account.name', [account.name], accounts),
    spot('examine.path', [examine.path], []),
    spot('examine.query', textsIn(examine.query), []),
    spot('create.path', [create.path], common),
    spot('create.query', textsIn(create.query), common),
    spot('create.body', textsIn(bodyOf(create.body)), [...accounts, ...all, 'marker', ...expiries]),
    spot('create.answer.where', textsIn(create.answer.where), accounts),
    spot('list.path', [list.path], common),
    spot('list.query', textsIn(list.query), common),
    spot('list.entry.ofAccount', textsIn(list.entry.ofAccount), accounts),
    ...list.entry.states.map(({ where }, index) => ({
      path: ['list', 'entry', 'states', index, 'where'],
      texts: textsIn(where),
      allowed: [],
    })),
    spot('revoke.path', [revoke.path], [...common, 'id']),
    spot('revoke.body', textsIn(bodyOf(revoke.body)), ['id']),
    spot('check.path', [check.path], common),
    spot('check.query', textsIn(check.query), []),
    spot('check.body', textsIn(bodyOf(check.body)), [...common, 'value']),
    ...verdictSpots('check', [...check.active], 'active', accounts),
    ...verdictSpots('check', [...check.inactive], 'inactive', []),
    ...verdictSpots('examine', [...examine.active], 'active', []),
    ...verdictSpots('examine', [...examine.inactive], 'inactive', []),
  ];
}

function verdictSpots(
  call: 'check' | 'examine',
  verdicts: OwnIssuer['check']['active'],
  kind: 'active' | 'inactive',
  allowed: readonly string[],
): Spot[] {
  return verdicts.map(({ where }, index) => ({
    path: [call, kind, index, 'where'],
    texts: textsIn(where),
    allowed,
  }));
}

function faultsAt({ path, texts, allowed }: Spot): Fault[] {
  const fault = texts.map((text) => faultOf(text, { path, allowed })).find((one) => one !== undefined);
  return fault === undefined ? [] : [{ path, message: fault }];
}

function faultOf(text: string, { path, allowed }: Omit<Spot, 'texts'>): string | undefined {
  if (hasOtherBraces(text))
    return 'has a brace that is no placeholder: write placeholders like {marker} alone';
  const strange = placeholdersIn(text).find((name) => !allowed.includes(name));
  if (strange !== undefined) {
    const [near] = nearest(strange, allowed, 1);
    return `has the placeholder {${strange}}, which means nothing here: ${
      near === undefined ? thereAre(allowed) : `write {${near}}`
    }`;
  }
  const isInWords = placeholdersIn(text).length > 0 && placeholderOf(text) === undefined;
  if (path.at(-1) === 'where' || path.at(-1) === 'ofAccount')
    return isInWords
      ? 'has a placeholder within a text: write it alone, since it is compared whole'
      : undefined;
  return undefined;
}

function thereAre(allowed: readonly string[]): string {
  return allowed.length === 0 ? 'take it out' : `there are ${allowed.map((name) => `{${name}}`).join(', ')}`;
}

function missingFaults({ create, revoke, check, grant }: OwnIssuer): Fault[] {
  const created = textsIn(bodyOf(create.body));
  const revoked = [revoke.path, ...textsIn(bodyOf(revoke.body))];
  const checked = textsIn(bodyOf(check.body));
  const expiries = EXPIRIES.filter(({ placeholder }) =>
    created.some((text) => text.includes(`{${placeholder}}`)),
  );
  const lists = Object.keys(grant).filter((name) => grant[name]?.is === 'names');
  const isList = (text: string): boolean =>
    placeholderOf(text) === undefined && lists.some((name) => text.includes(`{grant.${name}}`));
  const isWhole = [...EXPIRIES.map(({ placeholder }) => placeholder), 'marker'].every((name) =>
    created.every((text) => !text.includes(`{${name}}`) || text === `{${name}}`),
  );
  const faults: [boolean, readonly string[], string][] = [
    [
      !created.includes('{marker}'),
      ['create', 'body'],
      'must hold {marker} as the whole of the name: by it a credential is found whose creation was ' +
        'not answered',
    ],
    [
      !isWhole,
      ['create', 'body'],
      'has {marker} or the expiry within a text: write each alone, since the issuer shows it whole',
    ],
    [expiries.length > 1, ['create', 'body'], 'asks for the expiry in two ways: keep one of them'],
    [
      'form' in create.body && created.some((text) => lists.some((name) => text.includes(`{grant.${name}}`))),
      ['create', 'body', 'form'],
      'has a list in a form: write json, or make the field a name',
    ],
    [created.some(isList), ['create', 'body'], 'has a list within a text: write its placeholder alone'],
    [
      !revoked.some((text) => placeholdersIn(text).includes('id')),
      ['revoke'],
      'must name what it ends: put {id} into path or body',
    ],
    [
      revoke.method === 'DELETE' && revoke.body !== undefined,
      ['revoke', 'body'],
      'is not sent with DELETE: leave it out, or write another method',
    ],
    [
      check.method === 'GET' && check.body !== undefined,
      ['check', 'body'],
      'is not sent with GET: leave it out, or write method: POST',
    ],
    [
      (check.auth.is === 'body') !== checked.some((text) => placeholdersIn(text).includes('value')),
      ['check', 'body'],
      'must hold {value} where check.auth is body, and nowhere else: the value is sent once',
    ],
  ];
  return faults.flatMap(([isWrong, path, message]) => (isWrong ? [{ path, message }] : []));
}
