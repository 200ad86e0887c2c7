import { wasSetAside } from '../../../functions/core/token/kept-versions.ts';
import { currentOf, credentialOf, openAttempt } from '../../../functions/core/token/lookups.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { confirm } from '../command-line/confirm.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { NOT_TAKEN_UP, requested, submit, type Verdict } from './request.ts';

export const rollback: CliCommand = {
  name: 'rollback',
  group: 'Act',
  effect: 'changes',
  summary: 'Make the previous credential current again, while it is still active',
  usage: 'TOKEN',
  examples: [
    ['keyturn rollback prod/billing/gitlab', 'asks for the name of the token first'],
    ['keyturn rollback prod/billing/gitlab --yes --wait', 'in a script'],
  ],
  options: {},
  takes: 1,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const { ports, token } = await requested(context);
  const target = targetOf(token);
  const from = currentOf(token);
  context.err.line(
    `${token.name}: the credential ${nameOf(target)} becomes current again; ` +
      `${from ? nameOf(from) : 'the one that is current'} becomes the previous one and is revoked after ` +
      'its grace period.',
  );
  await confirm(token.name, "the token's name", context);
  const asked = `A rollback of ${token.name} to ${nameOf(target)} was asked for.`;
  return submit(
    {
      token,
      wanted: { kind: 'rollback', credentialId: target.id },
      asked,
      judge: (now) => rollbackVerdict(target.id, now),
    },
    ports,
    context,
  );
}

/**
 * The credential that a rollback would bring back; the function decides again by the same rule. Errors:
 * {@link CliError} when there is none.
 */
function targetOf(token: Token): Credential {
  if (openAttempt(token))
    throw new CliError(
      EXIT.refused,
      `A rotation of ${token.name} is under way: wait until it has ended, then roll back.`,
    );
  const restoring = token.credentials.find((one) => one.state === 'rolling-back');
  const previous = token.credentials.filter(
    (one) =>
      one.state === 'previous' &&
      one.versionId !== undefined &&
      one.withoutGrace !== true &&
      !wasSetAside(one),
  );
  const target = restoring ?? previous.toSorted((a, b) => (b.supersededAt ?? 0) - (a.supersededAt ?? 0))[0];
  if (target) return target;
  throw new CliError(
    EXIT.refused,
    `${token.name} has no previous credential that is still active: rotate it instead.`,
  );
}

export function nameOf(one: Credential): string {
  return one.handle ?? one.id;
}

function rollbackVerdict(targetId: string, now: Token): Verdict {
  const target = credentialOf(now, targetId);
  if (target?.state === 'current')
    return { outcome: 'done', detail: `${now.name} was rolled back: ${nameOf(target)} is current again.` };
  if (!target || target.state === 'revoking' || target.state === 'ended')
    return {
      outcome: 'failed',
      detail: `The previous credential of ${now.name} is being revoked already: rotate it instead.`,
    };
  return target.state === 'rolling-back'
    ? { outcome: 'asked', detail: 'The rollback is under way.' }
    : NOT_TAKEN_UP;
}
