import { KeyturnError } from '../../core/basics/errors.ts';
import { handleOfValue } from '../../core/issuer/identity.ts';
import type { PairedSession, Replaced } from '../../core/issuer/provider.ts';
import type { Secret } from '../../core/basics/secret.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Loaded } from '../../core/ports/token-records.ts';
import { NOT_STORED } from '../../core/rotation/lost-creations.ts';
import type { Payload } from '../../core/secret-text/secret-text.ts';
import { change } from '../inventory/store.ts';
import { currentValue } from './current-value.ts';
import { endGrace, giveUpMade } from './give-up.ts';
import { releasing } from './lease-attempt.ts';
import { noteMint } from './note-mint.ts';
import { notedMint } from './noted-value.ts';
import { saysNothingMade, withoutUnmade } from './nothing-made.ts';
import { fingerprintOf } from './provenance.ts';
import type { Step } from './step.ts';
import { store } from './store-pending.ts';

interface Making {
  readonly record: Loaded;
  readonly session: PairedSession;
  readonly previous: Payload;
}

/**
 * Makes a second value beside the current one, and stores it. It is noted once nothing but the creation is
 * left to send: what was never sent left nothing that would have to end. A value that could not be stored is
 * nobody's: it is noted as a creation without an answer, which the end of the attempt accounts for.
 */
export async function makeSecond(
  step: Step,
  { record, session, previous }: Making,
  ports: Ports,
): Promise<void> {
  const main = await mainValue(step, ports);
  const make = await session.prepare(main);
  const at = ports.now();
  const { reach } = session;
  await noteMint(step, record, { at, reach }, ports);
  const { value, fields, expiresAt } = await made(step, make, ports);
  const fingerprint = await fingerprintOf(value, ports);
  const mint = { handle: handleOfValue(session.account, fingerprint), fingerprint, expiresAt };
  try {
    await store(step, { previous, value, fields, mint: { at, reach, ...mint } }, ports);
  } catch (error) {
    return giveUpMade(step, notStored(step, error), ports);
  }
  await change(step.tokenId, ports, releasing(step, notedMint(mint)));
}

/** Error: `credential-limit-reached` where the secret holds no value: then nobody knows the main one. */
async function mainValue(step: Step, ports: Ports): Promise<Secret> {
  const held = await currentValue(step.secret, step.place, ports);
  if (held) return held.value;
  return endGrace(
    step,
    new KeyturnError(
      'credential-limit-reached',
      `No second value of ${step.secret.name} is made, since the secret does not hold the first: store ` +
        'the one that its account has now.',
    ),
    ports,
  );
}

async function made(step: Step, make: () => Promise<Replaced>, ports: Ports): Promise<Replaced> {
  try {
    return await make();
  } catch (error) {
    if (saysNothingMade(error)) await change(step.tokenId, ports, releasing(step, withoutUnmade));
    throw error;
  }
}

function notStored(step: Step, cause: unknown): KeyturnError {
  const why = cause instanceof KeyturnError ? ` ${cause.message}` : '';
  return new KeyturnError(NOT_STORED, `The new value of ${step.secret.name} could not be stored.${why}`, {
    cause,
  });
}
