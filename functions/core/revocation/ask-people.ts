import { formatInstant } from '../basics/time.ts';
import { placeText } from '../issuer/reach.ts';
import type { Credential } from '../token/credential.ts';

/**
 * What a person is asked who alone can revoke a credential: where, and which one it is, since its issuer
 * shows people no handle of ours. `link`: the page of the issuer.
 */
export function revocationRequest(one: Credential, link: string | undefined): string {
  const at = link === undefined ? '' : ` at ${link}`;
  const account = one.reach === undefined ? '' : ` for the account ${placeText(one.reach)}`;
  return (
    `Only a person can revoke the credential ${one.handle ?? one.id}: do so${at}${account}. ` +
    `${whenCurrent(one)}Keyturn asks every hour whether the issuer rejects it.`
  );
}

function whenCurrent({ neverCurrent, promotedAt, issuedAt, supersededAt }: Credential): string {
  const since = promotedAt ?? issuedAt;
  if (since === undefined) return '';
  if (neverCurrent === true) return `It was first seen ${formatInstant(since)}, and was never current. `;
  const until = supersededAt === undefined ? '' : ` until ${formatInstant(supersededAt)}`;
  return `It was current from ${formatInstant(since)}${until}. `;
}
