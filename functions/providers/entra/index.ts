import type * as z from 'zod';
import type { Secret } from '../../core/basics/secret.ts';
import type { Around } from '../declared/declaration.ts';
import { UUID, BearerToken, asBearer, isoSeconds } from '../declared/forms.ts';
import { declared } from '../declared/index.ts';
import { onePage } from '../declared/paging.ts';
import { pathOf, type HttpRequest } from '../request.ts';
import type { Verdict } from '../verdicts.ts';
import { loginsAt } from './clouds.ts';
import { descriptor } from './descriptor.ts';
import { SAFE } from './safe.ts';
import { Admin, Application, Grant, MadePassword, NewEntry, Passwords, refusalOf } from './schema.ts';

type Admin = z.infer<typeof Admin>;
type Application = z.infer<typeof Application>;

const FLOW = 'learn.microsoft.com, "OAuth 2.0 client credentials flow on the Microsoft identity platform"';

/** An application is addressed by its client id (learn.microsoft.com, "application: addPassword"). */
const under = ({ application }: Application): string =>
  `/v1.0/applications(appId='${pathOf`${application}`}')`;
const loginPath = ({ tenant }: Admin): string => pathOf`/${tenant}/oauth2/v2.0/token`;

/**
 * Asks for a token of Microsoft Graph. Each application may have one, with no permission in it: nobody has to
 * consent to that (FLOW, "Controlling tokens without the roles claim").
 */
function tokenForm(client: string, secret: Secret, { url }: Around) {
  return {
    form: {
      client_id: client,
      client_secret: secret,
      scope: `${url}/.default`,
      grant_type: 'client_credentials',
    },
  };
}

function loginOf(admin: Admin, around: Around): HttpRequest {
  return {
    method: 'POST',
    path: loginPath(admin),
    headers: {},
    body: tokenForm(admin.clientId, admin.clientSecret, around),
    repeatable: true,
  };
}

/**
 * Not listed, so unknown: an application that the tenant does not know or has disabled, which may come back,
 * and what a policy does not let in.
 */
function verdictsFor(client: string): readonly Verdict[] {
  return [
    { outcome: 'active', status: 200, body: BearerToken.transform(() => ({})), source: FLOW },
    {
      outcome: 'inactive',
      status: 401,
      body: refusalOf(client),
      source:
        'answers of login.microsoftonline.com to a wrong and to an expired client secret, as users report ' +
        'them (dotnet/sign, issue 849; liprec/vsts-release-aas, issue 119)',
    },
  ];
}

export const entra = declared({
  descriptor,
  admin: Admin,
  place: Application,
  grant: Grant,
  atOrigin: true,
  account: ({ application }: Application) => `applications/${application}`,
  clientId: ({ application }) => application,
  handlePrefix: 'passwords/',
  id: UUID,
  asksAt: loginsAt,
  safe: SAFE,
  as: { login: ({ admin }, around) => loginOf(admin, around), token: BearerToken, headers: asBearer },
  create: {
    path: ({ place }) => `${under(place)}/addPassword`,
    body: ({ name, expiresAt }) => ({
      json: { passwordCredential: { displayName: name, endDateTime: isoSeconds(expiresAt) } },
    }),
    made: MadePassword,
    entry: NewEntry,
    told: 'answer',
  },
  // All passwords of an application are one property of it.
  list: {
    path: ({ place }) => under(place),
    query: { $select: 'appId,passwordCredentials' },
    answer: Passwords,
    noAccount: ({ application }) =>
      `Microsoft Graph knows no application ${application} in this tenant: correct application in the grant.`,
    pages: onePage,
  },
  // "No password credential found with keyId" is a 400.
  revoke: {
    method: 'POST',
    path: ({ place }) => `${under(place)}/removePassword`,
    body: (id) => ({ json: { keyId: id } }),
    done: { status: 204 },
    gone: [400],
    proof: 'answer',
  },
  check: {
    method: 'POST',
    path: ({ admin }) => loginPath(admin),
    headers: () => ({}),
    body: (value, { place }, around) => tokenForm(place.application, value, around),
    verdicts: ({ place }) => verdictsFor(place.application),
  },
  // The hint is three characters: it tells one from others only where each has one, and no two the same.
  identify: {
    by: 'list',
    match: (value, passwords) => {
      const [one, another] = passwords.filter(
        ({ mask }) => mask === undefined || mask === value.reveal().slice(0, 3),
      );
      return another || one?.mask === undefined ? undefined : one;
    },
  },
  examine: (admin, _grants, around) => [
    { request: loginOf(admin, around), verdicts: verdictsFor(admin.clientId) },
  ],
  adminValues: ({ clientSecret }) => [clientSecret],
});
