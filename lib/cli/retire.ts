import { liveGenerations, type Token } from '../../functions/core/token.ts';
import { isEnded } from '../../functions/core/ending.ts';
import { formatInstant } from '../../functions/core/time.ts';
import { confirm } from './confirm.ts';
import type { CliCommand, CliPorts, CommandContext } from './command.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { namedToken } from './find-token.ts';
import { CONFIRMED_OPTIONS, patienceOf, submit, type Verdict } from './request.ts';
import { nameOf } from './rollback.ts';
import { useLines } from './use.ts';

/** The longest window that Secrets Manager has. Source: API reference, "DeleteSecret". */
const RECOVERY_DAYS = 30;

export const retire: CliCommand = {
  name: 'retire',
  effect: 'changes',
  summary: 'End a token: no rotation any more, and every credential of it killed and proven dead',
  usage: 'keyturn retire TOKEN [--delete-secret] [--yes] [--wait [--timeout LENGTH]] [--json]',
  examples: [
    ['keyturn retire prod/billing/gitlab', 'shows who used it last, and asks for the name of the token'],
    ['keyturn retire prod/billing/gitlab --delete-secret', `waits for the proof, then schedules the secret's deletion in ${RECOVERY_DAYS} days`],
  ],
  options: { 'delete-secret': { type: 'boolean', summary: `schedule the secret for deletion in ${RECOVERY_DAYS} days, once all is proven dead; waits` }, ...CONFIRMED_OPTIONS },
  takes: 1,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  patienceOf(context);
  const ports = await context.ports();
  const token = await namedToken(context, ports);
  requireSomethingToEnd(token);
  for (const sentence of await consequences(token, ports)) context.err.line(sentence);
  await confirm(token.name, "the token's name", context);
  const deletes = context.args.has('delete-secret') && token.deletion === undefined;
  const afterwards = deletes ? { afterwards: () => removed(token, ports) } : {};
  return submit({ token, wanted: { kind: 'end', how: 'retire' }, asked: `The end of ${token.name} was asked for.`, judge: endVerdict, ...afterwards }, ports, context);
}

function requireSomethingToEnd(token: Token): void {
  if (isEnded(token) && token.ending?.kind === 'retire') throw new CliError(EXIT.refused, `${token.name} was retired ${formatInstant(token.ending.endedAt ?? 0)}: nothing of it is left to end.`);
  if (token.detachedAt !== undefined && liveGenerations(token).length === 0) throw new CliError(EXIT.refused, `${token.name} is detached since ${formatInstant(token.detachedAt)}, and no credential of it lives.`);
}

async function consequences(token: Token, ports: CliPorts): Promise<string[]> {
  const live = liveGenerations(token);
  const doomed = live.length === 0 ? 'It has no credential that lives.' : `These credentials of it are killed: ${live.map((one) => `${nameOf(one)} (${one.state})`).join(', ')}.`;
  return [
    ...useLines(token, await ports.inventory.readers(token.id), { facts: ports.descriptor(token.provider), now: await ports.now() }),
    `${token.name} is not rotated any more. ${doomed}`,
    'The current one is killed too, without a successor: whoever still uses it is refused from then on. This cannot be undone.',
  ];
}

function endVerdict(now: Token): Verdict {
  if (now.ending?.kind !== 'retire') return { outcome: 'asked', detail: 'No function has taken it up yet.' };
  if (now.ending.endedAt !== undefined) return { outcome: 'done', detail: `${now.name} is retired: every credential of it is proven dead.` };
  const stuck = liveGenerations(now).find((one) => one.problem !== undefined);
  if (stuck?.problem) return { outcome: 'failed', detail: `${stuck.problem.detail} ${now.name} stays on its way to its end, and Keyturn tries again.` };
  return { outcome: 'asked', detail: `Still alive: ${liveGenerations(now).map(nameOf).join(', ') || 'nothing; a last look is due'}.` };
}

async function removed(token: Token, ports: CliPorts): Promise<string> {
  await ports.secrets.scheduleDeletion(token.secretArn, RECOVERY_DAYS);
  return `The secret will be deleted in ${RECOVERY_DAYS} days; until then \`aws secretsmanager restore-secret\` brings it back, without a credential that works.`;
}
