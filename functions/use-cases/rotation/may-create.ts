import { KeyturnError } from '../../core/basics/errors.ts';
import {
  NOT_STORED,
  lostMintText,
  nextMintAt,
  storable,
  wantsStoreTest,
} from '../../core/rotation/lost-creations.ts';
import { adminSecretOf } from '../../core/basics/names.ts';
import { lengthOf } from '../../core/secret-text/storable.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { Secret } from '../../core/basics/secret.ts';
import { MOST_LIVE, limitText, ownCredentials, slotsLeft } from '../../core/rotation/slots.ts';
import type { Token } from '../../core/token/token.ts';
import { fingerprintOf } from './provenance.ts';
import { versionWith } from '../inventory/registration.ts';
import { change, reasonOf } from '../inventory/store.ts';
import { attemptIn, type Step } from './step.ts';
import { endGrace, giveUpMade } from './give-up.ts';
import { releasing } from './lease-attempt.ts';

/** One attempt creates at most this often; more would hide a fault behind a pile of lost credentials. */
const MOST_MINTS = 3;

/** Nothing is made where the last credential could not be kept and nothing shows that its cause is over. */
export async function requireKept(step: Step, token: Token, ports: Ports): Promise<void> {
  const made = attemptIn(token, step).mints.find((mint) => mint.handle !== undefined && mint.trial !== true);
  if (made)
    await giveUpMade(
      step,
      new KeyturnError(
        NOT_STORED,
        `The rotation function of ${step.secret.name} ended before it had stored the credential that ` +
          'it made.',
      ),
      ports,
    );
  if (token.lostMint === undefined) return;
  const next = nextMintAt(token);
  const isClosed =
    next > ports.now() || (wantsStoreTest(token) && (await testStore(step, ports)) === 'refused');
  if (isClosed)
    await endGrace(
      step,
      new KeyturnError(NOT_STORED, lostMintText(step.secret.name, token.lostMint, next)),
      ports,
    );
}

/**
 * All that storing needs is tried with a text that means nothing: the keys of the seals, and a version of the
 * secret. A version that is made while a rotation runs ends that rotation (Secrets Manager User Guide, "Log
 * entries", RotationAbandoned): this one has done its part, and the next one makes the credential. The first
 * version of a secret would become AWSCURRENT by itself (API reference, "PutSecretValue"), so that there
 * nothing is tried. Error: `rotation-aborted`.
 */
async function testStore(step: Step, ports: Ports): Promise<'refused' | 'untested'> {
  const current = versionWith(step.secret, 'AWSCURRENT');
  const text = current === undefined ? undefined : await ports.secrets.read(step.secret.arn, current);
  try {
    await fingerprintOf(new Secret('-'), ports);
    if (text === undefined) return 'untested';
    await ports.secrets.tryStore(step.secret.arn, ports.uuid(), lengthOf(text));
  } catch (error) {
    ports.log.warn('the secret takes no version', { tokenId: step.tokenId, reason: reasonOf(error) });
    return 'refused';
  }
  await change(step.tokenId, ports, (one) =>
    storable(releasing(step, (attempt) => ({ ...attempt, inactive: true, halted: true }))(one), ports.now()),
  );
  throw new KeyturnError(
    'rotation-aborted',
    `The rotation ${step.event.requestToken} of ${step.secret.name} has shown that the secret takes a ` +
      'version again; the next one makes the credential.',
  );
}

export async function requireRoom(step: Step, token: Token, ports: Ports): Promise<void> {
  const attempt = attemptIn(token, step);
  if (attempt.mints.length >= MOST_MINTS)
    await endGrace(
      step,
      new KeyturnError(
        'new-credential-rejected',
        `${MOST_MINTS} credentials were made for ${step.secret.name} and none could be stored.`,
      ),
      ports,
    );
  // There is one at any time: the next takes its place.
  if (step.session.kind === 'replacing') return;
  // Nothing is stored yet, so whatever this attempt created before may still be active, lost, until the
  // attempt is settled.
  const { descriptor } = ports.issuers.provider(token.provider);
  const onTrial = adminSecretOf(token.name) === undefined ? 0 : 1;
  const mayLive =
    ownCredentials(token, descriptor, ports.now()).length +
    onTrial +
    (step.session.kind === 'minting' || step.session.kind === 'paired' ? attempt.mints.length : 0);
  if (
    mayLive >= MOST_LIVE ||
    slotsLeft({ ...token, reach: step.session.reach }, descriptor, ports.now()) <= 0
  )
    throw new KeyturnError(
      'credential-limit-reached',
      `No further credential of ${step.secret.name} is made: ${limitText(descriptor)}.`,
    );
}
