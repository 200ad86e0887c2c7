import { wasSetAside } from '../../functions/core/kept.ts';
import {
  currentOf,
  generationOf,
  openAttempt,
  type Generation,
  type Token,
} from '../../functions/core/token.ts';
import { confirm } from './confirm.ts';
import type { CliCommand, CommandContext } from './command.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { requested, submit, type Verdict } from './request.ts';

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
    `${token.name}: the credential ${nameOf(target)} becomes current again; ${from ? nameOf(from) : 'the one that is current'} becomes the previous one and is revoked after its grace period.`,
  );
  await confirm(token.name, "the token's name", context);
  const asked = `A rollback of ${token.name} to ${nameOf(target)} was asked for.`;
  return submit(
    {
      token,
      wanted: { kind: 'rollback', generationId: target.id },
      asked,
      judge: (now) => rollbackVerdict(target.id, now),
    },
    ports,
    context,
  );
}

/** The credential that a rollback would bring back; the function decides again by the same rule. Errors: {@link CliError} when there is none. */
function targetOf(token: Token): Generation {
  if (openAttempt(token))
    throw new CliError(
      EXIT.refused,
      `A rotation of ${token.name} is under way: wait until it has ended, then roll back.`,
    );
  const restoring = token.generations.find((one) => one.state === 'restoring');
  const previous = token.generations.filter(
    (one) =>
      one.state === 'previous' && one.versionId !== undefined && one.condemned !== true && !wasSetAside(one),
  );
  const target = restoring ?? previous.toSorted((a, b) => (b.supersededAt ?? 0) - (a.supersededAt ?? 0))[0];
  if (target) return target;
  throw new CliError(
    EXIT.refused,
    `${token.name} has no previous credential that is still active: rotate it instead.`,
  );
}

export function nameOf(one: Generation): string {
  return one.handle ?? one.id;
}

function rollbackVerdict(targetId: string, now: Token): Verdict {
  const target = generationOf(now, targetId);
  if (target?.state === 'current')
    return { outcome: 'done', detail: `${now.name} was rolled back: ${nameOf(target)} is current again.` };
  if (!target || target.state === 'revoking' || target.state === 'dead')
    return {
      outcome: 'failed',
      detail: `The previous credential of ${now.name} is being revoked already: rotate it instead.`,
    };
  return {
    outcome: 'asked',
    detail:
      target.state === 'restoring'
        ? 'The rollback is under way.'
        : 'Keyturn has not taken up the request yet.',
  };
}
