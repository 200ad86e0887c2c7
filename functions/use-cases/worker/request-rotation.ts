import type { Command } from '../../core/commands/commands.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { requestTokenOf } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { whyNotReplaced } from '../../core/rotation/replacement.ts';
import { whyNotRotated } from '../../core/token/rotatable.ts';
import { attemptOf, openAttempt } from '../../core/token/lookups.ts';
import { change } from '../inventory/store.ts';
import { startRotation, withNewAttempt } from '../rotation/start-rotation.ts';
import { submittedFor } from '../rotation/submitted-value.ts';

/**
 * A person wants a rotation now; one that is under way already is theirs, unless it comes to nothing: then
 * the next one is. The attempt is named after the message, so that the same message again finds it.
 */
export async function requestRotation(
  message: Pick<Command, 'tokenId' | 'notAfter'>,
  by: string,
  ports: Ports,
): Promise<void> {
  const now = ports.now();
  const id = requestTokenOf(message.tokenId, `asked\n${message.notAfter}`);
  const submitted = await submittedFor(message.tokenId, id, ports);
  let started: string | undefined;
  const { token: saved } = await change(message.tokenId, ports, (token) => {
    started = undefined;
    const obstacle = whyNotRotated(token) ?? whyNotReplaced(token, ports.descriptor(token.provider) ?? {});
    if (obstacle !== undefined) throw new KeyturnError('bad-request', obstacle);
    if (attemptOf(token, id)) return token;
    const asked = { ...token, rotateRequestedAt: now, ...(submitted && { submitted }) };
    if (openAttempt(token)) return asked;
    const opened = withNewAttempt(asked, { wishedAt: now, cause: 'operator', id }, now, by);
    started = opened.attemptId;
    return opened.token;
  });
  if (started !== undefined) await startRotation(saved, started, ports);
}
