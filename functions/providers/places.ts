import { KeyturnError } from '../core/basics/errors.ts';
import type { Beside, Provider, ProviderTools, Reach, Session } from '../core/issuer/provider.ts';
import { sameReach } from '../core/issuer/reach.ts';
import { Secret } from '../core/basics/secret.ts';

/** A place that a grant names, and how to work there. */
export interface Place {
  readonly reach: Reach;
  /**
   * What stands beside a value that is made there, where that tells it from other places; one or the other of
   * several.
   */
  readonly beside?: readonly Beside[];
  open(tools: ProviderTools): Session;
}

type Places = (...of: Parameters<Provider['reaches']>) => readonly [Place, ...Place[]];

/**
 * `open`, `openAt`, `openBeside` and `reaches` of a provider, from the places that an admin secret names for
 * a secret: its own first, then the former ones.
 */
export function inPlaces(placesOf: Places): Pick<Provider, 'open' | 'openAt' | 'openBeside' | 'reaches'> {
  return {
    open: (admin, secretName, tools) => placesOf(admin, secretName)[0].open(tools),
    openAt: (admin, secretName, reach, tools) =>
      placesOf(admin, secretName)
        .find((place) => sameReach(place.reach, reach))
        ?.open(tools),
    openBeside: (admin, secretName, beside, tools) =>
      placesOf(admin, secretName)
        .find((place) =>
          place.beside?.some((own) => Object.entries(own).every(([name, text]) => beside[name] === text)),
        )
        ?.open(tools),
    reaches: (admin, secretName) => placesOf(admin, secretName).map((place) => place.reach),
  };
}

/** Host and base path of an issuer's root, as `issuerRoot` gives it. */
export function placeAt(root: string, account: string, clientId?: string): Reach {
  const { host, pathname } = new URL(root);
  return {
    host,
    basePath: pathname === '/' ? '' : pathname,
    account,
    ...(clientId !== undefined && { clientId }),
  };
}

/** A reach in one text: the start of the handles of all that is there. */
export function accountOf({ host, basePath, account }: Reach): string {
  return `${host}${basePath}/${account}`;
}

/** Nothing new is made where credentials were made once. Error: `not-granted`. */
export function noneMadeAt(account: string): () => Promise<never> {
  return async () => {
    throw new KeyturnError(
      'not-granted',
      `The grant names ${account} as a former account: nothing new is made there.`,
    );
  };
}

/**
 * What stands for the value of a credential that came without one: a text of ours, so that it can be recorded
 * and is never taken for a value.
 */
export function noValueOf(handle: string): Secret {
  return new Secret(`no value was sent for ${handle}`);
}
