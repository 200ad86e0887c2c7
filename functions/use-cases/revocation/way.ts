import { handleOfValue } from '../../core/issuer/identity.ts';
import { canRevoke, isListed, type ListedSession, type RevokingSession } from '../../core/issuer/provider.ts';
import { revocationRequest } from '../../core/revocation/ask-people.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { ifUnderstood, sealedProvenance } from '../rotation/provenance.ts';
import { refused, type Case, type Refusal } from './target.ts';

/** By what the issuer is told which credential to revoke. */
export type Way =
  | { readonly by: 'handle'; readonly session: ListedSession; readonly handle: string }
  | { readonly by: 'value'; readonly session: RevokingSession; readonly value: Secret };

/**
 * An issuer that knows no handles is told the value itself: the one that the version of the credential holds,
 * if that is the value its handle was made from. A version never changes its value.
 */
export async function wayOf({ token, target, session, place }: Case, ports: Ports): Promise<Way | Refusal> {
  if (isListed(session)) return { by: 'handle', session, handle: target.handle };
  if (session.kind === 'replacing')
    return refused(
      `The issuer ends the credential ${target.handle} only by making another one: make one there by hand.`,
    );
  if (!canRevoke(session)) {
    const link = ports.descriptor(token.provider)?.byPerson?.revocation?.link;
    return refused(revocationRequest(target, link), { byPerson: true });
  }
  const held =
    target.versionId === undefined
      ? undefined
      : await ifUnderstood(
          sealedProvenance({ secretArn: token.secretArn, versionId: target.versionId, place }, ports),
        );
  if (held && handleOfValue(session.account, held.fingerprint) === target.handle)
    return { by: 'value', session, value: held.value };
  return refused(
    `The value of the credential ${target.handle} cannot be read any more, and its issuer revokes by value ` +
      'alone: revoke it there by hand.',
  );
}
