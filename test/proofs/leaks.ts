import type { Command } from '../../functions/core/commands/commands.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import { DAY, HOUR, MINUTE, type Millis } from '../../functions/core/basics/time.ts';
import { credentialOf } from '../../functions/core/token/lookups.ts';
import type { Credential } from '../../functions/core/token/credential.ts';
import type { Incident } from '../../functions/core/token/incident.ts';
import { providerOf } from '../../functions/providers/registry.ts';
import type { Subject } from '../faults/run.ts';
import { drive, recordOf, type Home } from './home.ts';

type Report = Omit<
  Extract<Command, { kind: 'compromise' }>,
  'kind' | 'tokenId' | 'notAfter' | 'reportedAt' | 'source'
> & { readonly reportedAt?: number };

/**
 * Reports a leak as a person or a scanner would, and lets the run that answers it come to its end. Resolves
 * to whether that run went well.
 */
export function report(home: Pick<Home, 'world' | 'arn'>, given: Report = {}): Promise<boolean> {
  const now = home.world.clock.now();
  return drive(home.world, () =>
    home.world.command({
      kind: 'compromise',
      tokenId: tokenIdOf(home.arn),
      notAfter: now + 40 * MINUTE,
      reportedAt: now,
      source: 'a test',
      ...given,
    }),
  );
}

/** The incident that exposes a generation. */
export async function incidentOf(
  home: Pick<Home, 'world' | 'arn'>,
  credentialId: string,
): Promise<{ incident: Incident | undefined; credential: Credential | undefined }> {
  const token = await recordOf(home);
  const credential = credentialOf(token, credentialId);
  const isOf = (incident: Incident): boolean =>
    incident.exposed.some(
      (one) => one.id === credentialId || (one.handle !== undefined && one.handle === credential?.handle),
    );
  return { incident: token.incidents?.find(isOf), credential };
}

/**
 * What a leaked credential is as soon as it is contained: where its issuer can disable it, that is all at
 * first.
 */
export function containedAs({ id }: Subject): 'disabled' | 'ended' {
  return providerOf(id).descriptor.disables === true ? 'disabled' : 'ended';
}

/** After this at the latest the revocation of what leaked is verified. */
export function endsWithin(subject: Subject): Millis {
  return 2 * HOUR + (containedAs(subject) === 'disabled' ? DAY : 0);
}

/** The state of a credential in the words of {@link containedAs}. */
export function stateOf(one: Credential | undefined): string | undefined {
  return one?.state === 'revoking' && one.disabledAt !== undefined ? 'disabled' : one?.state;
}
