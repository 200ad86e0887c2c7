// Which answers may be taken for a verdict, and what the entries of a list must tell.
import type { VerdictForm } from './call-form.ts';
import type { OwnIssuer } from './shape.ts';
import { OTHER_SERVERS } from './other-servers.ts';
import type { Where } from './notation.ts';
import { placeholderOf } from './placeholders.ts';
import type { Fault } from './fault.ts';
import { fits } from './where.ts';

/** What is wrong with what the file takes from answers. */
export function answerFaults(form: OwnIssuer): Fault[] {
  return [
    ...(['check', 'examine'] as const).flatMap((call) => verdictFaults(call, form[call])),
    ...scopeFaults(form),
    ...madeFaults(form),
  ];
}

function verdictFaults(
  call: string,
  { active, inactive }: Pick<OwnIssuer['check'], 'active' | 'inactive'>,
): Fault[] {
  return [
    ...active.flatMap((verdict, index) => oneFault([call, 'active', index], verdict, isForActive)),
    ...inactive.flatMap((verdict, index) => [
      ...oneFault([call, 'inactive', index], verdict, isForInactive),
      ...(active.some((other) => mayBeBoth(verdict, other))
        ? [
            {
              path: [call, 'inactive', index, 'where'],
              message: 'fits an answer that is active too: name a place where the two differ',
            },
          ]
        : []),
    ]),
  ];
}

interface Statuses {
  readonly fits: (status: number) => boolean;
  readonly fix: string;
}

/** A refusal for another reason, such as a scope, shows that the value is known. */
const isForActive: Statuses = {
  fits: (status) => status < 300 || status === 403,
  fix: 'is none of an active credential: write 200 to 299, or 403 for one that may not do this',
};

/** Others are about the request or the way to the issuer. */
const isForInactive: Statuses = {
  fits: (status) => [200, 400, 401, 403, 404].includes(status),
  fix: 'says nothing of a credential: write 200, 400, 401, 403 or 404',
};

function oneFault(path: readonly PropertyKey[], { status, where }: VerdictForm, of: Statuses): Fault[] {
  if (!of.fits(status)) return [{ path: [...path, 'status'], message: of.fix }];
  const server = OTHER_SERVERS.find(({ body }) => fits(body, where, {}));
  return server
    ? [
        {
          path: [...path, 'where'],
          message: `fits what ${server.who} answers too: name more of the issuer's own words`,
        },
      ]
    : [];
}

/** Not where both name one place, and different literals there. */
function mayBeBoth(one: VerdictForm, other: VerdictForm): boolean {
  if (one.status !== other.status) return false;
  return !Object.entries(one.where).some(([pointer, wanted]) => differs(wanted, other.where, pointer));
}

function differs(wanted: Where[string], other: Where, pointer: string): boolean {
  if (!Object.hasOwn(other, pointer)) return false;
  const found = other[pointer];
  return [wanted, found].every(isLiteral) && found !== wanted;
}

function isLiteral(value: unknown): boolean {
  return typeof value !== 'string' || placeholderOf(value) === undefined;
}

function scopeFaults({ list, grant }: OwnIssuer): Fault[] {
  const lists = Object.values(grant).filter(({ is }) => is === 'names');
  if (list.entry.scopes === undefined || lists.length === 1) return [];
  return [
    {
      path: ['list', 'entry', 'scopes'],
      message:
        'needs one field under grant with is: names, which says what was asked for: add it, or leave ' +
        'this out',
    },
  ];
}

function madeFaults({ create }: OwnIssuer): Fault[] {
  if (create.answer.name === undefined || create.answer.entry === undefined) return [];
  return [
    {
      path: ['create', 'answer', 'name'],
      message: 'is in the entry that create.answer.entry names: leave it out',
    },
  ];
}
