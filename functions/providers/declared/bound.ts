import { KeyturnError } from '../../core/basics/errors.ts';
import type { ProviderTools, Reach } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { HttpClient } from '../http.ts';
import { accountOf } from '../places.ts';
import type { HttpRequest } from '../request.ts';
import type { Admission, Around, Bound, Declaration } from './declaration.ts';
import type { At } from './calls.ts';

interface Surroundings<A, P, G> {
  readonly is: Declaration<A, P, G>;
  readonly http: HttpClient;
  /** Where values are checked and admins log in, and how requests are sent there. */
  readonly asked: HttpClient;
  readonly url: string;
  readonly asksAt: string;
  readonly reach: Reach;
  readonly tools: ProviderTools;
  readonly maxDays: number | undefined;
}

/** What the calls of one session share: who sends what where. */
export function boundTo<A, P, G>(at: At<A, P, G>, of: Surroundings<A, P, G>): Bound<A, P, G> {
  const { is, asked, url, asksAt, reach, tools, maxDays } = of;
  const around = (): Around => ({ origin: asksAt, url, now: tools.now(), uuid: tools.uuid });
  return {
    ...at,
    is,
    name: accountOf(reach),
    tools,
    maxDays,
    around,
    send: sendingAsAdmin(at, of),
    sendBare: async (request, value) =>
      asked.send(await signed(is, named(is, request), is.sign && value, around())),
  };
}

/** The request under the name that errors are to call it. */
export function named(
  { called }: Pick<Declaration<never, never, never>, 'called'>,
  request: HttpRequest,
): HttpRequest {
  return called && request.called === undefined ? { ...request, called: called(request) } : request;
}

/** The request with the headers that sign it, where there is a credential to sign it with. */
export async function signed(
  { sign }: Pick<Declaration<never, never, never>, 'sign'>,
  request: HttpRequest,
  credential: Secret | undefined,
  around: Around,
): Promise<HttpRequest> {
  if (!sign || !credential) return request;
  return { ...request, headers: { ...request.headers, ...(await sign(request, credential, around)) } };
}

/**
 * The admin's headers; where they come from a login, that is made at the first request and kept for the
 * session.
 */
function sendingAsAdmin<A, P, G>(
  at: At<A, P, G>,
  of: Surroundings<A, P, G>,
): (request: HttpRequest) => Promise<HttpAnswer> {
  const { is, http, asked, url, asksAt, tools } = of;
  const { as } = is;
  const sent = (request: HttpRequest, headers: HttpRequest['headers']): Promise<HttpAnswer> =>
    http.send({ ...named(is, request), headers: { ...request.headers, ...headers } });
  if (typeof as === 'function')
    return (request) => sent(request, as(at, { origin: asksAt, url, now: tools.now(), uuid: tools.uuid }));
  if ('login' in as) {
    let kept: HttpRequest['headers'];
    return async (request) => {
      if (!kept) {
        const login = as.login(at, { origin: asksAt, url, now: tools.now(), uuid: tools.uuid });
        kept = as.headers((await asked.send({ repeatable: true, ...login })).json(as.token));
      }
      return sent(request, kept);
    };
  }
  const key = as.signsWith(at.admin);
  let isOwn = false;
  return async (request) => {
    if (!isOwn) await requireOwn(at.place, as, (one) => sendSigned(one, asksAt, asked));
    isOwn = true;
    return sendSigned(request, url, http);
  };

  async function sendSigned(one: HttpRequest, origin: string, through: HttpClient): Promise<HttpAnswer> {
    return through.send(
      await signed(is, named(is, one), key, { origin, url, now: tools.now(), uuid: tools.uuid }),
    );
  }
}

type Signing<P> = Pick<
  Extract<Admission<never, P, never>, { readonly whose: HttpRequest }>,
  'whose' | 'own' | 'another'
>;

/** Error: `issuer-response-invalid` where the issuer does not say that the credential is of this account. */
async function requireOwn<P>(
  place: P,
  { whose, own, another }: Signing<P>,
  send: (request: HttpRequest) => Promise<HttpAnswer>,
): Promise<void> {
  const answer = await send(whose);
  if (answer.read(own(place)) === undefined)
    throw new KeyturnError('issuer-response-invalid', `${answer.about}: ${another(place)}.`);
}
