import type { Command } from '../../core/commands/commands.ts';
import { isDelivered } from '../../core/consumers/consumer-kinds.ts';
import { askedAgain, consumerOf, withConsumer } from '../../core/delivery/deliveries.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { lookedAtAgain } from '../../core/token/transitions.ts';
import { telling } from '../../core/token/telling.ts';
import type { Ports } from '../../core/ports/ports.ts';
import type { Consumer, ServiceUse } from '../../core/consumers/consumer-state.ts';
import { currentOf, credentialOf } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { change } from '../inventory/store.ts';

type Said = Extract<Command, { kind: 'moved' | 'redeliver' | 'using' | 'released' }>;

/** Versions of one service that a record keeps; of those that were released, the latest. */
const MOST_USES = 40;

/**
 * Notes what a person or a pipeline says of a consumer. It names the credential it is about, so that coming
 * late or twice changes nothing. Errors: `not-found` names the consumer that is not declared; `bad-request`
 * for a credential that is not the current one any more, for a consumer that nothing is delivered to, or too
 * many running versions.
 */
export async function hear(said: Said, by: string, ports: Ports): Promise<void> {
  const now = ports.now();
  await change(said.tokenId, ports, (token) => {
    switch (said.kind) {
      case 'moved':
        return withMove(token, said, { by, now });
      case 'redeliver':
        return withRedelivery(token, said, { by, now });
      case 'using':
        return withUse(token, said, { by, now });
      case 'released':
        return withRelease(token, said, { by, now });
    }
  });
}

interface Hearing {
  readonly by: string;
  readonly now: number;
}

function withMove(token: Token, said: Extract<Said, { kind: 'moved' }>, { by, now }: Hearing): Token {
  const consumer = declaredIn(token, said.consumer);
  if (currentOf(token)?.id !== said.credentialId) throw notCurrent(token, said.credentialId);
  if (consumer.acknowledged?.credentialId === said.credentialId) return token;
  const noted = withConsumer(token, said.consumer, (same) => ({
    ...same,
    acknowledged: { credentialId: said.credentialId, at: now, by },
  }));
  return telling(lookedAtAgain(noted), {
    what: 'moved',
    about: `${said.consumer}/${said.credentialId}`,
    detail: `${said.consumer} has moved to version ${said.credentialId}`,
    by,
    at: now,
  });
}

function withRedelivery(
  token: Token,
  said: Extract<Said, { kind: 'redeliver' }>,
  { by, now }: Hearing,
): Token {
  const consumer = declaredIn(token, said.consumer);
  if (!isDelivered(consumer.kind))
    throw new KeyturnError(
      'bad-request',
      `Nothing is brought to ${said.consumer}, a consumer of the kind ${consumer.kind}.`,
    );
  if (currentOf(token)?.id !== said.credentialId)
    throw new KeyturnError(
      'bad-request',
      `The credential ${said.credentialId} of ${token.name} is not the current one any more, and the ` +
        'one that is comes by itself.',
    );
  const asked = askedAgain(consumer, token, { request: said.notAfter, at: now });
  if (asked === consumer) return token;
  return telling(
    withConsumer(token, said.consumer, () => asked),
    {
      what: 'requested',
      about: `redeliver/${said.consumer}/${said.notAfter}`,
      detail: `version ${said.credentialId} to be brought to ${said.consumer} again`,
      by,
      at: now,
    },
  );
}

function declaredIn(token: Token, name: string): Consumer {
  const consumer = consumerOf(token, name);
  if (consumer) return consumer;
  throw new KeyturnError(
    'not-found',
    `${token.name} has no consumer "${name}": \`keyturn show\` lists those that its tags declare.`,
  );
}

function withUse(token: Token, said: Extract<Said, { kind: 'using' }>, { by, now }: Hearing): Token {
  const { version, credentialId } = said;
  const consumer = serviceOf(token, said.service);
  const known = consumer.uses?.find((one) => one.version === version);
  if (known?.credentialId === credentialId && known.releasedAt === undefined) return token;
  // A pipeline deploys what is current; what was noted late is still what that version uses.
  const credential = credentialOf(token, credentialId);
  if (!credential || credential.state === 'ended')
    throw new KeyturnError(
      'bad-request',
      `${token.name} has no active credential ${credentialId}: note the version again with the current one.`,
    );
  const uses = keep([
    ...(consumer.uses ?? []).filter((one) => one.version !== version),
    { version, credentialId, notedAt: now, by },
  ]);
  if (uses.filter((one) => one.releasedAt === undefined).length > MOST_USES)
    throw new KeyturnError(
      'bad-request',
      `${said.service} has ${MOST_USES} versions that were never released: release those that are gone.`,
    );
  return lookedAtAgain(withConsumer(token, consumer.name, (same) => ({ ...same, uses })));
}

/** A version that was never noted is released already. */
function withRelease(token: Token, said: Extract<Said, { kind: 'released' }>, { by, now }: Hearing): Token {
  const consumer = serviceOf(token, said.service);
  const running = consumer.uses?.some((one) => one.version === said.version && one.releasedAt === undefined);
  if (!running) return token;
  const uses = (consumer.uses ?? []).map((one) =>
    one.version === said.version && one.releasedAt === undefined ? { ...one, releasedAt: now } : one,
  );
  const noted = withConsumer(token, consumer.name, (same) => ({ ...same, uses }));
  return telling(lookedAtAgain(noted), {
    what: 'released',
    about: `${said.service}/${said.version}`,
    detail: `version ${said.version} of ${said.service} is gone`,
    by,
    at: now,
  });
}

function serviceOf(token: Token, service: string): Consumer {
  const found = token.consumers?.find((one) => one.kind === 'service' && one.target === service);
  if (found) return found;
  throw new KeyturnError(
    'not-found',
    `${token.name} has no consumer of the kind service with the target "${service}": declare it, for ` +
      `example with the tag keyturn:consumer:${service.toLowerCase()}=service:${service}.`,
  );
}

function notCurrent(token: Token, credentialId: string): KeyturnError {
  return new KeyturnError(
    'bad-request',
    `The credential ${credentialId} of ${token.name} is not the current one any more: say again that ` +
      'the consumer has moved once it uses the one that is.',
  );
}

/** Running versions are kept all; of the others, the latest. */
function keep(uses: readonly ServiceUse[]): ServiceUse[] {
  const released = uses.filter((one) => one.releasedAt !== undefined).slice(-MOST_USES);
  return uses.filter((one) => one.releasedAt === undefined || released.includes(one));
}
