import type { Ports } from '../../core/ports/ports.ts';
import type { Probe, Reach, Session } from '../../core/issuer/provider.ts';
import { placeText } from '../../core/issuer/reach.ts';
import type { Token } from '../../core/token/token.ts';
import type { Provenance } from '../rotation/provenance.ts';
import { probeOf } from '../rotation/probe-of.ts';

/** A token as its issuer is opened for it, and the places that its record knows. */
export type Asker = Pick<Token, 'provider' | 'name' | 'admin' | 'credentials'>;

/** What was said of a value, and where; no session where no issuer could be asked. */
export interface Asked {
  readonly probe: Probe;
  readonly session: Session | undefined;
}

/**
 * Asks about a value without a note of where it was made. What stands beside it says whose it is, where the
 * provider has such fields: then it is asked about there alone. An acceptance is the place's own word; a
 * rejection counts only where nothing says, or leaves open, that another place made the value. Else it is
 * unknown: what another place rejects is not inactive.
 */
export async function askWhose(
  token: Asker,
  held: Provenance,
  here: Session,
  ports: Pick<Ports, 'issuers'>,
): Promise<Asked> {
  const { beside } = held.payload;
  const names = Object.keys(beside);
  const session = names.length === 0 ? here : await ports.issuers.openBeside(token, beside);
  if (!session)
    return {
      session,
      probe: {
        outcome: 'unknown',
        reason:
          `What stands beside the value (${names.join(', ')}) names another account than the grant of ` +
          `${token.name} does: correct it, or the grant.`,
      },
    };
  const probe = await probeOf(session, held);
  const isOpen = probe.outcome === 'inactive' && !isItsOwnNo(token, session.reach, names.length > 0);
  return {
    session,
    probe: isOpen
      ? {
          outcome: 'unknown',
          reason:
            `The value is refused at ${placeText(session.reach)}, and nothing says that it was made ` +
            'there: another place may accept it.',
        }
      : probe,
  };
}

/**
 * Where values are asked about under a name, the refusal is about that name and value together; and a host
 * knows its own values alone.
 */
function isItsOwnNo({ credentials }: Asker, there: Reach, isTold: boolean): boolean {
  const isOtherHost = credentials.some(
    ({ reach }) => reach !== undefined && (reach.host !== there.host || reach.basePath !== there.basePath),
  );
  return !isOtherHost && (isTold || there.clientId === undefined);
}
