import { liveCredentials } from '../../../functions/core/token/known-credentials.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { isEnded } from '../../../functions/core/token/retirement.ts';
import { formatInstant } from '../../../functions/core/basics/time.ts';
import { confirm } from '../command-line/confirm.ts';
import type { CliCommand, CliPorts, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { namedToken } from './find-token.ts';
import { NOT_TAKEN_UP, submit, type Verdict } from './request.ts';
import { nameOf } from './rollback.ts';
import { useLines } from './token-users.ts';

/** The longest window that Secrets Manager has. Source: API reference, "DeleteSecret". */
const RECOVERY_DAYS = 30;

export const retire: CliCommand = {
  name: 'retire',
  group: 'Act',
  effect: 'changes',
  summary: 'End a token: no further rotation; every credential is revoked, and the revocation verified',
  usage: 'TOKEN [--delete-secret]',
  examples: [
    ['keyturn retire prod/billing/gitlab', 'shows who used it last, and asks for the name of the token'],
    [
      'keyturn retire prod/billing/gitlab --delete-secret',
      `waits until all are verified, then schedules the secret's deletion in ${RECOVERY_DAYS} days`,
    ],
  ],
  options: {
    'delete-secret': {
      type: 'boolean',
      summary:
        `schedule the secret for deletion in ${RECOVERY_DAYS} days, once every credential is revoked; ` +
        'waits',
    },
  },
  takes: 1,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const ports = await context.ports();
  const token = await namedToken(context, ports);
  requireSomethingToEnd(token);
  for (const sentence of await consequences(token, ports)) context.err.line(sentence);
  await confirm(token.name, "the token's name", context);
  const deletes = context.args.has('delete-secret') && token.deletion === undefined;
  const afterwards = deletes ? { afterwards: () => removed(token, ports) } : {};
  return submit(
    {
      token,
      wanted: { kind: 'end', how: 'retire' },
      asked: `Keyturn was asked to retire ${token.name}.`,
      judge: endVerdict,
      ...afterwards,
    },
    ports,
    context,
  );
}

function requireSomethingToEnd(token: Token): void {
  if (isEnded(token) && token.ending?.kind === 'retire')
    throw new CliError(
      EXIT.refused,
      `${token.name} was retired ${formatInstant(token.ending.endedAt ?? 0)}: nothing of it is left to ` +
        'retire.',
    );
  if (token.detachedAt !== undefined && liveCredentials(token).length === 0)
    throw new CliError(
      EXIT.refused,
      `${token.name} is detached since ${formatInstant(token.detachedAt)}, and every credential of it ` +
        'is revoked.',
    );
}

async function consequences(token: Token, ports: CliPorts): Promise<string[]> {
  const live = liveCredentials(token);
  const recorded =
    live.length === 0
      ? 'It has no active credential.'
      : `These credentials are revoked: ${live.map((one) => `${nameOf(one)} (${one.state})`).join(', ')}.`;
  return [
    ...useLines(token, await ports.inventory.readers(token.id), {
      facts: ports.descriptor(token.provider),
      now: await ports.now(),
    }),
    `${token.name} is not rotated again. ${recorded}`,
    'The current credential is revoked too, and not replaced: a consumer that still uses it is ' +
      'rejected. This cannot be undone.',
  ];
}

function endVerdict(now: Token): Verdict {
  if (now.ending?.kind !== 'retire') return NOT_TAKEN_UP;
  if (now.ending.endedAt !== undefined)
    return { outcome: 'done', detail: `${now.name} is retired: every credential of it is revoked.` };
  const stuck = liveCredentials(now).find((one) => one.problem !== undefined);
  if (stuck?.problem)
    return {
      outcome: 'failed',
      detail: `${stuck.problem.detail} ${now.name} stays retiring, and Keyturn tries again.`,
    };
  return {
    outcome: 'asked',
    detail: `Not revoked yet: ${liveCredentials(now).map(nameOf).join(', ') || 'none; a last check is due'}.`,
  };
}

async function removed(token: Token, ports: CliPorts): Promise<string> {
  await ports.secrets.scheduleDeletion(token.secretArn, RECOVERY_DAYS);
  return (
    `The secret will be deleted in ${RECOVERY_DAYS} days; until then \`aws secretsmanager ` +
    `restore-secret\` brings it back, without a credential that works.`
  );
}
