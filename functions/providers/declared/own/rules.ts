// What has to hold across the fields of an issuer's file.
import { fieldSchema, type Field } from './grant-form.ts';
import type { Fault } from './fault.ts';
import type { OwnIssuer } from './shape.ts';
import { answerFaults } from './answer-rules.ts';
import { placeFaults } from './place-rules.ts';
import { requestFaults } from './request-rules.ts';
import { EXPIRIES } from './expiries.ts';
import { textsIn } from './placeholders.ts';
import { bodyOf } from './request-rules.ts';

/** All that is wrong across fields which are right by themselves. */
export function faultsAcross(form: OwnIssuer): readonly Fault[] {
  return [
    ...fieldFaults(form),
    ...factFaults(form),
    ...requestFaults(form),
    ...placeFaults(form),
    ...answerFaults(form),
  ];
}

function fieldFaults({ account, grant }: OwnIssuer): Fault[] {
  const both = Object.keys(grant).filter((name) => Object.hasOwn(account.fields, name));
  return [
    ...both.map((name) => ({
      path: ['grant', name],
      message: 'is a field of the account too: choose another name for one of them',
    })),
    ...Object.entries(account.fields).flatMap(([name, field]) => [
      ...(field.is === 'names'
        ? [
            {
              path: ['account', 'fields', name, 'is'],
              message: 'is a list, which names no account: write name, number, uuid or choice',
            },
          ]
        : []),
      ...exampleFault(['account', 'fields', name], field),
    ]),
    ...Object.entries(grant).flatMap(([name, field]) => exampleFault(['grant', name], field)),
  ];
}

function exampleFault(path: readonly string[], field: Field): Fault[] {
  const issue = fieldSchema(field).safeParse(field.example).error?.issues[0];
  return issue ? [{ path: [...path, 'example'], message: `is none: it ${issue.message}` }] : [];
}

function factFaults({ facts, list, create, ids }: OwnIssuer): Fault[] {
  const { lags } = facts;
  const isLagKnown = lags.accepted !== undefined && lags.refused !== undefined;
  const asksExpiry = EXPIRIES.some(({ placeholder }) =>
    textsIn(bodyOf(create.body)).some((text) => text.includes(`{${placeholder}}`)),
  );
  const faults: [boolean, readonly string[], string][] = [
    [
      !isLagKnown && lags.allowed === undefined,
      ['facts', 'lags'],
      'must hold accepted and refused, or allowed: write how long to allow for, like allowed: 1m',
    ],
    [
      isLagKnown && lags.allowed !== undefined,
      ['facts', 'lags', 'allowed'],
      'is for what is not documented, and accepted and refused are here: leave it out',
    ],
    [
      (facts.lastUsedEvery === undefined) !== (list.entry.lastUsedAt === undefined),
      ['facts', 'lastUsedEvery'],
      'must stand together with list.entry.lastUsedAt: write both, or neither',
    ],
    [
      facts.maxDays !== undefined && !asksExpiry,
      ['facts', 'maxDays'],
      'is for issuers that take an expiry, and create.body asks for none: leave it out',
    ],
    [
      asksExpiry && list.entry.expiresAt === undefined,
      ['list', 'entry', 'expiresAt'],
      'is missing, and create.body asks for an expiry: write where the list tells it',
    ],
    [
      ids.return && list.entry.createdAt === undefined,
      ['list', 'entry', 'createdAt'],
      'is missing, and ids.return is true: without the time of creation an id may name another credential',
    ],
    [
      facts.slots.count === 'many' && facts.slots.filledBy !== undefined,
      ['facts', 'slots', 'filledBy'],
      'is for issuers that name a limit: leave it out',
    ],
  ];
  return faults.flatMap(([isWrong, path, message]) => (isWrong ? [{ path, message }] : []));
}
