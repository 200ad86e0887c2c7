import type { Millis } from '../../../functions/core/basics/time.ts';
import type { IssuedCredential, Issuer } from '../issuers/simulator.ts';
import type { Player } from './consumers.ts';
import { use } from './reader.ts';

/** Who looks at the issuers for the story; neither a consumer nor Keyturn. */
const AUDITOR = 'story-auditor/1';

/** The credentials of one token as its issuer has them. */
export interface Holdings {
  readonly secret: string;
  readonly live: readonly IssuedCredential[];
  readonly retired: readonly { readonly handle: string; readonly isRefused: boolean }[];
}

/** Whether an issuer refuses a value when somebody uses it. */
export async function isRefused(issuer: Issuer, value: string): Promise<boolean> {
  const status = await use(issuer, value, AUDITOR);
  return status === 401 || status === 403;
}

/** Asks an issuer for all credentials of a token, and tries every retired value. */
export async function holdingsOf(issuer: Issuer, secret: string): Promise<Holdings> {
  const all = await issuer.credentials(secret);
  const retired = all.filter((one) => !one.live);
  const tried = retired.map(async ({ handle, value }) => ({
    handle,
    isRefused: await isRefused(issuer, value),
  }));
  return { secret, live: all.filter((one) => one.live), retired: await Promise.all(tried) };
}

/** Calls of a consumer as its issuer logged them. */
export interface Calls {
  readonly agent: string;
  readonly calls: number;
  readonly failures: number;
  /** How many it should have made in the time. */
  readonly expected: number;
}

/** Counts what each consumer did, from the issuers' logs and nothing else. */
export function callsOf(issuers: readonly Issuer[], players: readonly Player[], time: Millis): Calls[] {
  const log = issuers.flatMap((issuer) => issuer.log());
  return players.map(({ agent, usesEvery }) => {
    const mine = log.filter((entry) => entry.agent === agent);
    return {
      agent,
      calls: mine.length,
      failures: mine.filter((entry) => entry.status >= 400).length,
      expected: Math.floor(time / usesEvery),
    };
  });
}
