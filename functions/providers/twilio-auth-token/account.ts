import type * as z from 'zod';
import { KeyturnError } from '../../core/basics/errors.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Shown as ShownValue } from '../../core/issuer/provider.ts';
import { asUser } from '../declared/forms.ts';
import type { HttpClient } from '../http.ts';
import { pathOf, type HttpRequest } from '../request.ts';
import { probing } from '../verdicts.ts';
import { Shown, Unauthenticated, type Account } from './schema.ts';

/** An account, and a main API key of its own. */
export interface Known extends z.infer<typeof Account> {
  readonly http: HttpClient;
}

/** The question about an account. Source: twilio_api_v2010.json, FetchAccount. */
export function accountRequest(sid: string, headers: NonNullable<HttpRequest['headers']>): HttpRequest {
  return { method: 'GET', path: pathOf`/2010-04-01/Accounts/${sid}.json`, headers };
}

/**
 * The primary auth token, as the account shows it to the admin key. Only a key of its own sees a main
 * account, and the calls that make and end tokens are about the account of their key. Error:
 * `issuer-response-invalid` where the token is not shown, or the account is not active, or none of its own.
 */
export async function primaryOf({ account, user, token, http }: Known): Promise<Secret> {
  const answer = await http.send(accountRequest(account, asUser(user, token)));
  const shown = answer.json(Shown);
  const isOwn = shown.sid === account && shown.isMain && shown.status === 'active';
  if (isOwn && shown.primary) return shown.primary;
  throw new KeyturnError(
    'issuer-response-invalid',
    `${answer.about}, and not with an active main account that shows its primary auth token.`,
  );
}

/**
 * What Twilio says of a value. It refuses one that ended in the same words as one of a suspended account, so
 * that a refusal counts where the account is active and has another primary token.
 */
export function ask(known: Known, value: Secret): Promise<ShownValue> {
  const { account: sid, http } = known;
  return probing(async (): Promise<ShownValue> => {
    const answer = await http.send({ ...accountRequest(sid, asUser(sid, value)), accept: 'any' });
    if (answer.status === 200 && answer.read(Shown)?.sid === sid)
      return { outcome: 'active', account: `Accounts/${sid}`, called: sid };
    if (answer.status !== 401 || answer.read(Unauthenticated) === undefined)
      return {
        outcome: 'unknown',
        reason: `${answer.about} with something that says neither yes nor no to the value.`,
      };
    if (!(await primaryOf(known)).equals(value)) return { outcome: 'inactive' };
    return {
      outcome: 'unknown',
      reason: `${answer.about}, and the account names this very value as its primary auth token.`,
    };
  });
}
