import * as z from 'zod';
import type { Reach } from './provider.ts';
import { kept } from '../basics/record.ts';

/** Whether two reaches are the same place; nothing that is recorded about one holds for another. */
export function sameReach(a: Reach, b: Reach): boolean {
  return (
    a.host === b.host && a.basePath === b.basePath && a.account === b.account && a.clientId === b.clientId
  );
}

/** {@link Reach} as a record and the seal of a value keep it. */
export const MadeAt = kept({
  host: z.string(),
  basePath: z.string(),
  account: z.string(),
  clientId: z.string().optional(),
});
export type MadeAt = z.infer<typeof MadeAt>;

/** One place in one text for sentences, such as `gitlab.example.com/projects/42`. */
export function placeText({ host, basePath, account }: Reach): string {
  return `${host}${basePath}/${account}`;
}

/** The same place as a list, in which the order of fields is no matter: what a seal covers. */
export function sealedReach(reach: Reach | undefined): readonly (string | null)[] | null {
  return reach === undefined ? null : [reach.host, reach.basePath, reach.account, reach.clientId ?? null];
}

/**
 * Whether a credential was made at another place than this one. One whose place is unknown is taken for one
 * of this place: it takes a slot there.
 */
export function isMadeElsewhere(
  one: { readonly reach?: Reach | undefined },
  here: Reach | undefined,
): boolean {
  return one.reach !== undefined && here !== undefined && !sameReach(one.reach, here);
}

/**
 * Whether values of two places are asked about in the same way: at one host, and, where they go under a
 * client id, under the same. The account itself is no part of the question.
 */
export function asksAlike(one: Reach, other: Reach): boolean {
  return one.host === other.host && one.basePath === other.basePath && one.clientId === other.clientId;
}
