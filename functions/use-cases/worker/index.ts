import type { Command } from '../../core/commands/commands.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { INSTALLATION_RECORD_ID, aboutInstallationRecord } from '../../core/inventory/installation.ts';
import { answered } from '../../core/incidents/incidents.ts';
import { withReview } from '../../core/token/reviews.ts';
import { whyNotRotated } from '../../core/token/rotatable.ts';
import { tokenIdOf } from '../../core/basics/names.ts';
import { telling } from '../../core/token/telling.ts';
import { withCredential } from '../../core/token/transitions.ts';
import { requestTokenOf } from '../../core/basics/names.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { attemptOf, credentialOf, openAttempt } from '../../core/token/lookups.ts';
import type { Token } from '../../core/token/token.ts';
import { acknowledged } from '../../core/findings/finding-lifecycle.ts';
import { changeInstallationRecord } from '../inventory/installation.ts';
import { startRotation, withNewAttempt } from '../rotation/start-rotation.ts';
import { permit } from '../revocation/permits.ts';
import { change, load } from '../inventory/store.ts';
import { accept } from './dismiss.ts';
import { forget } from '../retirement/forget.ts';
import { hear } from './consumer-reports.ts';
import { inspect } from '../inspection/inspect.ts';
import { examineAdmin, spreadLeak } from '../schedules/admin-credentials.ts';
import { retire } from '../revocation/retire-credential.ts';
import { rollback } from '../rollback/rollback.ts';
import { withdraw } from '../rollback/health-rollback.ts';
import { explain } from '../rotation/enroll.ts';
import { compromise } from '../incidents/report.ts';
import { confirmHost } from './confirm-host.ts';
import { end, settleOrAbandon } from '../retirement/end-token.ts';
import { respond } from '../incidents/respond.ts';
import { retireOrWatch } from '../inspection/deleted-secret.ts';
import { permitAbout } from '../revocation/grant-permit.ts';
import { registeredWork } from '../open-token/open-token.ts';

/**
 * Carries out one command. It says where to look; what is done follows from what is found there, so a command that comes twice, late or out of order changes nothing.
 * `by` is who sent it, as the queue itself recorded. A command past its time is dropped: the sweep sends a new one if it is still needed.
 */
export async function worker(command: Command, by: string, ports: Ports): Promise<void> {
  if (command.notAfter < ports.now()) {
    ports.log.info('a command came too late and was dropped', {
      kind: command.kind,
      tokenId: command.tokenId,
    });
    return;
  }
  try {
    await carryOut(command, by, ports);
    await spreadLeak(command.tokenId, ports);
  } catch (error) {
    if (!(error instanceof KeyturnError) || error.rule.retry) throw error;
    await refuse(command, error, by, ports);
  }
}

async function carryOut(command: Command, by: string, ports: Ports): Promise<void> {
  switch (command.kind) {
    case 'inspect':
      return inspectAndRespond(command.secretArn, by, ports);
    case 'examine':
      return examineAdmin(command.tokenId, ports);
    case 'settle':
      return settleOrAbandon(command, by, ports);
    case 'retire':
      return retireOrWatch(command, by, ports);
    case 'rollback':
      await rollback(await registeredWork(command.tokenId, by, ports), command.credentialId, ports);
      return respond(command.tokenId, by, ports);
    case 'withdraw':
      await withdraw(await registeredWork(command.tokenId, by, ports), command, ports);
      return respond(command.tokenId, by, ports);
    case 'rotate':
      return requestRotation(command, by, ports);
    case 'revoke':
      return requestRevoke(command, by, ports);
    case 'forget':
      return forget(command, by, ports);
    case 'compromise':
      return compromise(command, by, ports);
    case 'acknowledge':
      return takeOn(command, by, ports);
    case 'moved':
    case 'redeliver':
    case 'using':
    case 'released':
      return hear(command, by, ports);
    case 'end':
      return end(command, by, ports);
    case 'review':
      return recordReview(command, by, ports);
    case 'accept':
      return accept(command, by, ports);
    case 'confirm-host':
      return confirmHost(command, by, ports);
  }
}

/** A person has taken on what is open: reminders stop, and the others hear of it. */
async function takeOn(
  { tokenId, finding }: Extract<Command, { kind: 'acknowledge' }>,
  by: string,
  ports: Ports,
): Promise<void> {
  const seen = { by, now: ports.now() };
  if (tokenId !== INSTALLATION_RECORD_ID)
    return void (await change(tokenId, ports, (token) => acknowledged(token, token, finding, seen)));
  await changeInstallationRecord(ports, (installationRecord) =>
    acknowledged(installationRecord, aboutInstallationRecord(ports.installation.name), finding, seen),
  );
}

async function recordReview(
  { tokenId, notAfter, decision, reason, scopes }: Extract<Command, { kind: 'review' }>,
  by: string,
  ports: Ports,
): Promise<void> {
  const review = {
    at: ports.now(),
    request: notAfter,
    by,
    decision,
    ...(reason === undefined ? {} : { reason }),
    ...(scopes && { scopes }),
  };
  await change(tokenId, ports, (token) => withReview(token, review));
}

/** An inspection follows every new current version: what an answer to a leak still has to do is done at once. */
async function inspectAndRespond(secretArn: string, by: string, ports: Ports): Promise<void> {
  const seen = await inspect(secretArn, by, ports);
  if (seen && answered(seen.token).length > 0) await respond(seen.token.id, by, ports);
}

/** What will not pass by itself becomes a finding, or the answer to the person who asked; repeating the command would help nobody. */
async function refuse(command: Command, why: KeyturnError, by: string, ports: Ports): Promise<void> {
  ports.log.warn(why.message, { kind: command.kind, tokenId: command.tokenId, code: why.code });
  const record = await ports.inventory.load(command.tokenId);
  if (isFromPerson(command)) {
    if (record)
      await change(record, ports, (token) =>
        telling(token, {
          what: 'refused',
          about: `${command.kind}/${ports.now()}`,
          detail: why.message,
          by,
          at: ports.now(),
        }),
      );
    return;
  }
  const secretArn = command.kind === 'inspect' ? command.secretArn : record?.token.secretArn;
  if (secretArn === undefined) return;
  if (why.code === 'not-found') return void (await inspect(secretArn, by, ports));
  await explain(await ports.secrets.describe(secretArn), why, ports);
  if (command.kind === 'inspect')
    await change(tokenIdOf(secretArn), ports, (token) => ({ ...token, inspectedAt: ports.now() }));
}

function isFromPerson(command: Command): boolean {
  return !(
    command.kind === 'inspect' ||
    command.kind === 'examine' ||
    command.kind === 'settle' ||
    command.kind === 'retire' ||
    command.kind === 'withdraw'
  );
}

/**
 * A person wants a rotation now; one that is under way already is theirs, unless it comes to nothing: then the next one is.
 * The attempt is named after the message, so that the same message again finds it.
 */
async function requestRotation(
  message: Pick<Command, 'tokenId' | 'notAfter'>,
  by: string,
  ports: Ports,
): Promise<void> {
  const now = ports.now();
  const id = requestTokenOf(message.tokenId, `asked\n${message.notAfter}`);
  let started: string | undefined;
  const { token: saved } = await change(message.tokenId, ports, (token) => {
    started = undefined;
    const obstacle = whyNotRotated(token);
    if (obstacle !== undefined) throw new KeyturnError('bad-request', obstacle);
    if (attemptOf(token, id)) return token;
    if (openAttempt(token)) return { ...token, rotateRequestedAt: now };
    const opened = withNewAttempt(
      { ...token, rotateRequestedAt: now },
      { wishedAt: now, cause: 'operator', id },
      now,
      by,
    );
    started = opened.attemptId;
    return opened.token;
  });
  if (started !== undefined) await startRotation(saved, started, ports);
}

/** A person wants a credential dead. The current one is replaced first; it then dies without grace. */
async function requestRevoke(
  command: Extract<Command, { kind: 'revoke' }>,
  by: string,
  ports: Ports,
): Promise<void> {
  await permitRevoke(command, by, ports);
  const { token: saved } = await change(command.tokenId, ports, (token) =>
    withoutGrace(token, command.credentialId, { now: ports.now(), by }),
  );
  const state = credentialOf(saved, command.credentialId)?.state;
  if (state === 'current') return requestRotation(command, by, ports);
  if (state === 'previous' || state === 'revoking')
    return retire(await registeredWork(command.tokenId, by, ports), command.credentialId, ports);
}

/** Written down before the record says so: the record alone lets nothing end. */
async function permitRevoke(
  { tokenId, credentialId }: Extract<Command, { kind: 'revoke' }>,
  by: string,
  ports: Ports,
): Promise<void> {
  const one = credentialOf((await load(tokenId, ports)).token, credentialId);
  if (one && one.state !== 'ended')
    await permit(tokenId, [permitAbout(one, 'revoke', { at: ports.now(), by })], ports);
}

function withoutGrace(token: Token, id: string, seen: { now: number; by: string }): Token {
  const one = credentialOf(token, id);
  if (!one)
    throw new KeyturnError(
      'not-found',
      `${token.name} has no credential ${id} on record: \`keyturn show\` lists them.`,
    );
  if (one.askedBy !== undefined || one.state === 'ended') return token;
  const marked = withCredential(token, id, (same) => ({
    ...same,
    withoutGrace: true,
    askedBy: seen.by,
    reason: `${seen.by} asked for it`,
    lookAt: undefined,
  }));
  return telling(marked, {
    what: 'requested',
    about: `revoke/${id}/${seen.now}`,
    detail: `revoke of ${one.handle ?? id}`,
    by: seen.by,
    at: seen.now,
  });
}
