import type { Command } from '../../core/commands/commands.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { enableable, withEnabled, withReportTakenBack } from '../../core/incidents/enabling.ts';
import { toggleOf } from '../../core/issuer/provider.ts';
import { acceptedWithin } from '../../core/issuer/issuer-facts.ts';
import { withoutExposure } from '../../core/revocation/permits.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { SECOND, type Millis } from '../../core/basics/time.ts';
import { credentialOf } from '../../core/token/lookups.ts';
import type { Credential } from '../../core/token/credential.ts';
import { sessionOf } from '../evidence/place.ts';
import { lookAt } from '../evidence/sightings.ts';
import { change, load } from '../inventory/store.ts';
import type { Work } from '../open-token/context.ts';
import { registeredWork } from '../open-token/open-token.ts';
import { changePermits } from '../revocation/permits.ts';

type Enable = Extract<Command, { kind: 'enable' }>;

/** The issuer is asked so often whether it accepts what it enabled. */
const POLL: Millis = 5 * SECOND;

/**
 * A person says that a report was wrong: what was disabled for it is enabled again, and shown to be active.
 * What lets it end is taken back first, the record next; only then its issuer is asked. So a run that is cut
 * off leaves a credential that nothing ends, and the same request goes on with it. Errors: `not-found`,
 * `bad-request`, those of the issuer.
 */
export async function enable(command: Enable, by: string, ports: Ports): Promise<void> {
  const { tokenId, credentialId, reason } = command;
  const known = await load(tokenId, ports);
  if (isEnabled(credentialOf(known.token, credentialId))) return;
  const meant = enableable(known.token, credentialId);
  const work = await registeredWork(tokenId, by, ports);
  const session = await sessionOf(work, meant, ports);
  const toggle = session && toggleOf(session);
  if (!toggle || meant.handle === undefined)
    throw new KeyturnError(
      'bad-request',
      `Keyturn cannot enable the credential ${meant.handle ?? meant.id} of ${known.token.name}: enable it ` +
        'at its issuer.',
    );
  await changePermits(tokenId, ports, (record) => withoutExposure(record, meant));
  const wish = { credentialId, by, reason, now: ports.now() };
  const record = await change(work.record, ports, (token) => withReportTakenBack(token, wish));
  await toggle.enable(meant.handle);
  await requireActive({ ...work, record }, meant, ports);
  await change(record, ports, (token) => withEnabled(token, { ...wish, now: ports.now() }));
}

/** The same request came before. */
function isEnabled(one: Credential | undefined): boolean {
  return one?.enabledAt !== undefined && one.disabledAt === undefined && one.state !== 'ended';
}

/** Its value is accepted; where that cannot be asked, its list shows it as active. */
async function requireActive(work: Work, one: Credential, ports: Ports): Promise<void> {
  const session = await sessionOf(work, one, ports);
  const until = ports.now() + acceptedWithin(ports.descriptor(work.record.token.provider));
  for (;;) {
    const { probe, listed } = await lookAt(work, one, session, ports);
    const isListed = typeof listed === 'object' && listed.state === 'active';
    if (probe === 'active' || (probe === undefined && isListed)) return;
    if (ports.now() >= until || ports.timeLeft() < 2 * POLL) break;
    await ports.sleep(POLL);
  }
  throw new KeyturnError(
    'issuer-response-invalid',
    `The issuer said that the credential ${one.handle ?? one.id} is enabled, and does not accept it. Run ` +
      `\`keyturn enable\` again, or look at it there.`,
  );
}
