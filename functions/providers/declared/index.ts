import type { Beside, ListedSession, Provider, Reach } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import { grantFor, readableGrants } from '../grant-of.ts';
import { inPlaces, noneMadeAt, placeAt, type Place } from '../places.ts';
import { canonicalScopes } from '../scopes.ts';
import { asking, askingAll } from '../verdicts.ts';
import { adminReader, grantRule } from './admin.ts';
import { checked, identified } from './check.ts';
import { clientsOf } from './client.ts';
import { created } from './create.ts';
import { chosen, installed } from './install.ts';
import { boundTo, named, signed } from './bound.ts';
import type { Bound, Declaration, Examination } from './declaration.ts';
import { listedCredentialOf } from './handles.ts';
import { listed } from './list.ts';
import { revoked } from './revoke.ts';
import { toggleOf } from './toggle.ts';

/**
 * The provider of an issuer that is given as data. What has to hold for every issuer stands here once:
 * requests go to the host of the admin secret alone, or to the second one that the declaration makes of it; a
 * handle of another account is refused before any call; what was made is recorded before it is judged, and
 * told when it is otherwise than asked; a list is read to an end that is proven; what ends something is sent
 * once, and believed by the issuer's documented word or by its list; a value is refused or accepted by listed
 * answers alone, and all else is unknown.
 */
export function declared<A, P, G>(is: Declaration<A, P, G>): Provider {
  const { descriptor } = is;
  const read = adminReader(is);
  const rule = grantRule(is);
  const clientOf = clientsOf(is);
  return {
    descriptor,
    examine(secret, tools) {
      const { url, admin, grants } = read(secret);
      const origin = is.asksAt?.(url) ?? url;
      const http = clientOf(origin, tools);
      const around = { origin, url, now: tools.now(), uuid: tools.uuid };
      const ask = ({ request, verdicts, signsWith }: Examination) =>
        asking({
          http: { send: async (one) => http.send(await signed(is, named(is, one), signsWith, around)) },
          request,
          verdicts,
        });
      const [first, ...more] = is.examine(admin, readableGrants(rule, grants), around);
      if (first && more.length === 0) return ask(first);
      return askingAll((first ? [first, ...more] : []).map((one) => () => ask(one)));
    },
    adminValues(secret) {
      const { admin, grants } = read(secret);
      return is.adminValues(admin, grants);
    },
    ...inPlaces((secret, secretName) => {
      const { url, admin, grants } = read(secret);
      const grant = grantFor(rule, grants, secretName);
      const at = (place: P, isFormer: boolean): Place => {
        const reach = placeAt(url, is.account(place), is.clientId?.(place));
        return {
          reach,
          ...(reach.clientId !== undefined && { beside: [{ client_id: reach.clientId }] }),
          open: (tools) => {
            const asksAt = is.asksAt?.(url, place) ?? url;
            const bound = boundTo(
              { admin, place, grant },
              {
                is,
                http: clientOf(url, tools),
                asked: clientOf(asksAt, tools),
                url,
                asksAt,
                reach,
                tools,
                maxDays: grant.maxDays,
              },
            );
            return sessionOf(bound, reach, isFormer);
          },
        };
      };
      return [at(grant, false), ...(grant.formerly ?? []).map((place) => at(place, true))];
    }),
  };
}

function sessionOf<A, P, G>(bound: Bound<A, P, G>, reach: Reach, isFormer: boolean): ListedSession {
  const { is, name, grant, maxDays } = bound;
  const { create } = is;
  const toggle = toggleOf(bound);
  const session = {
    account: name,
    reach,
    ...(is.scopes && { scopes: canonicalScopes(is.scopes(grant)) }),
    ...(maxDays !== undefined && { maxDays }),
    probe: (value: Secret, beside?: Beside) => checked(bound, value, beside),
    revoke: (handle: string) => revoked(bound, handle),
    ...(toggle && { toggle }),
    list: async () => (await listed(bound)).map((entry) => listedCredentialOf(bound, entry)),
    identify: (value: Secret) => identified(bound, value),
  };
  if (create.chooses === undefined)
    return {
      kind: 'minting',
      ...session,
      mint: isFormer ? noneMadeAt(name) : (request) => created(bound, create, request),
    };
  const { chooses } = create;
  const client = reach.clientId === undefined ? {} : { client_id: reach.clientId };
  return {
    kind: 'choosing',
    ...session,
    choose: (random) => {
      const value = chosen(chooses, random);
      return { value, fields: { ...client, ...create.beside?.(value) } };
    },
    install: isFormer ? noneMadeAt(name) : (value) => installed(bound, create, value),
  };
}
