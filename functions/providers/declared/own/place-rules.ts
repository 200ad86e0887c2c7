// Every request about an account names it: else a grant would reach credentials of other accounts.
import type { OwnIssuer } from './shape.ts';
import { placeholdersIn, textsIn } from './placeholders.ts';
import { bodyOf } from './request-rules.ts';
import type { Fault } from './fault.ts';

/** What is wrong with how the requests name the account. */
export function placeFaults({ account, create, list }: OwnIssuer): Fault[] {
  const inCreate = namesIn([create.path, ...textsIn(create.query), ...textsIn(bodyOf(create.body))]);
  const inList = namesIn([list.path, ...textsIn(list.query), ...textsIn(list.entry.ofAccount)]);
  const segments = account.name.split('/');
  return Object.keys(account.fields).flatMap((field) => {
    const name = `account.${field}`;
    const times = segments.filter((segment) => segment === `{${name}}`).length;
    const faults: [boolean, readonly string[], string][] = [
      [
        times !== 1,
        ['account', 'name'],
        `must hold {${name}} once, between slashes: two accounts may not have one name`,
      ],
      [!inCreate.includes(name), ['create'], `must name the account: put {${name}} into path, query or body`],
      [
        !inList.includes(name),
        ['list'],
        `must name the account: put {${name}} into path or query, or into entry.ofAccount`,
      ],
    ];
    return faults.flatMap(([isWrong, path, message]) => (isWrong ? [{ path, message }] : []));
  });
}

function namesIn(texts: readonly string[]): string[] {
  return texts.flatMap(placeholdersIn);
}

/**
 * Whether a revocation reaches credentials of its account alone: else ids are looked up in the list first.
 */
export function isRevokedInPlace({ account, revoke }: OwnIssuer): boolean {
  const named = placeholdersIn(revoke.path);
  const fields = Object.keys(account.fields);
  return fields.length > 0 && fields.every((field) => named.includes(`account.${field}`));
}
