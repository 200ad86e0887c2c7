import type { Command } from '../../core/commands/commands.ts';
import { KeyturnError } from '../../core/basics/errors.ts';
import { answered } from '../../core/incidents/incidents.ts';
import type { Ports } from '../../core/ports/ports.ts';
import { accept } from './dismiss.ts';
import { takeOn } from './acknowledge.ts';
import { recordReview } from './record-review.ts';
import { refuse } from './refuse.ts';
import { requestRevoke } from './request-revoke.ts';
import { requestRotation } from './request-rotation.ts';
import { testAlert } from './test-alert.ts';
import { forget } from '../retirement/forget.ts';
import { hear } from './consumer-reports.ts';
import { inspect } from '../inspection/inspect.ts';
import { examineAdmin, spreadLeak } from '../schedules/admin-credentials.ts';
import { rollback } from '../rollback/rollback.ts';
import { withdraw } from '../rollback/health-rollback.ts';
import { enable } from '../incidents/enable.ts';
import { compromise } from '../incidents/report.ts';
import { confirmHost } from './confirm-host.ts';
import { end, settleOrAbandon } from '../retirement/end-token.ts';
import { respond } from '../incidents/respond.ts';
import { retireOrWatch } from '../inspection/deleted-secret.ts';
import { registeredWork } from '../open-token/open-token.ts';

/**
 * Carries out one command. It says where to look; what is done follows from what is found there, so a command
 * that comes twice, late or out of order changes nothing. `by` is who sent it, as the queue itself recorded.
 * A command past its time is dropped: the sweep sends a new one if it is still needed.
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
    case 'enable':
      return enable(command, by, ports);
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
    case 'test-alert':
      return testAlert(command, by, ports);
  }
}

/**
 * An inspection follows every new current version: what an answer to a leak still has to do is done at once.
 */
async function inspectAndRespond(secretArn: string, by: string, ports: Ports): Promise<void> {
  const seen = await inspect(secretArn, by, ports);
  if (seen && answered(seen.token).length > 0) await respond(seen.token.id, by, ports);
}
