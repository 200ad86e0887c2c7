import { KeyturnError } from '../../core/basics/errors.ts';
import type { Probe } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { HttpClient } from '../http.ts';
import { probing, verdictOn } from '../verdicts.ts';
import { endOf, login } from './requests.ts';
import { LoginToken, Refused, type Role } from './schema.ts';
import { loginVerdicts } from './verdicts.ts';

/**
 * So often a session logs in with a value that is refused. Vault locks a role after five failed logins within
 * 15 minutes by default, for everybody who has it ("User lockout" of its documentation).
 */
const MOST_REFUSED = 2;

/** Asks about a value by a login with it, and ends the token that this makes. */
export function checking(http: HttpClient, role: Role): (value: Secret) => Promise<Probe> {
  const refused: Secret[] = [];
  return async (value) => {
    if (refused.filter((one) => one.equals(value)).length >= MOST_REFUSED)
      return {
        outcome: 'unknown',
        reason: 'Vault refused this secret ID a moment ago, and locks a role after a few failed logins.',
      };
    return probing(async () => {
      const answer = await http.send({ ...login(role, value), repeatable: true, accept: 'any' });
      if (answer.status === 400 && answer.read(Refused)) refused.push(value);
      await ended(http, role, answer);
      return verdictOn(answer, loginVerdicts(role));
    });
  };
}

/**
 * Whatever becomes of it, the value was accepted: a token that may not revoke itself, or that a failure
 * leaves, ends with its own life.
 */
async function ended(http: HttpClient, role: Role, answer: HttpAnswer): Promise<void> {
  const made = answer.status === 200 ? answer.read(LoginToken) : undefined;
  if (made?.type !== 'service') return;
  try {
    await http.send({ ...endOf(role, made.token), repeatable: false, ends: true, accept: 'any' });
  } catch (error) {
    if (!(error instanceof KeyturnError)) throw error;
  }
}
