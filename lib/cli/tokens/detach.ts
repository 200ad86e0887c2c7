import { isRetiring } from '../../../functions/core/token/retirement.ts';
import { liveCredentials } from '../../../functions/core/token/known-credentials.ts';
import { openAttempt } from '../../../functions/core/token/lookups.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { confirm } from '../command-line/confirm.ts';
import type { CliCommand, CliPorts, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { attachedTokens } from './find-token.ts';
import { NOT_TAKEN_UP, REQUEST_LIFE, requested, submit, type Verdict } from './request.ts';
import { nameOf } from './rollback.ts';
import { counted } from '../output/counted.ts';
import type { DetachAllJson } from '../json/tokens.ts';

export const detach: CliCommand = {
  name: 'detach',
  group: 'Act',
  effect: 'changes',
  summary: 'Stop managing a token: rotation is disabled, nothing is revoked, its credentials stay active',
  usage: 'TOKEN | --all',
  examples: [
    [
      'keyturn detach prod/billing/gitlab',
      'one token; it is managed again once its rotation is enabled again',
    ],
    ['keyturn detach --all', 'before an uninstall; lists the credentials that stay active'],
  ],
  options: { all: { type: 'boolean', summary: 'every token of the installation' } },
  takes: 1,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  if (context.args.has('all')) return runAll(context);
  const { ports, token } = await requested(context);
  requireIdle(token);
  context.err.line(
    `${token.name}: its rotation is disabled, and Keyturn stops managing it. ${stayingActive(token)}`,
  );
  await confirm(token.name, "the token's name", context);
  return submit(
    {
      token,
      wanted: { kind: 'end', how: 'detach' },
      asked: `Keyturn was asked to detach ${token.name}.`,
      judge: detachVerdict,
    },
    ports,
    context,
  );
}

function stayingActive(token: Token): string {
  const live = liveCredentials(token).map(nameOf);
  return live.length === 0
    ? 'It has no active credential.'
    : `These credentials stay active until you revoke them at the issuer: ${live.join(', ')}.`;
}

function requireIdle(token: Token): void {
  const why = busyWith(token);
  if (why !== undefined) throw new CliError(EXIT.refused, `${token.name} cannot be detached: ${why}.`);
}

/** What would be left half done. */
function busyWith(token: Token): string | undefined {
  if (isRetiring(token)) return 'it is being retired, and its credentials are being revoked';
  if (openAttempt(token)) return 'a rotation is under way, so wait until it has ended';
  return liveCredentials(token).some((one) => one.state === 'revoking')
    ? 'an old credential is being revoked, so wait until that is verified'
    : undefined;
}

function detachVerdict(now: Token): Verdict {
  if (now.ending?.kind === 'detach' && now.ending.endedAt !== undefined)
    return { outcome: 'done', detail: `${now.name} is detached. ${stayingActive(now)}` };
  return NOT_TAKEN_UP;
}

/** Sends to each that is idle; the others are named, and the command is run again when they are. */
async function runAll(context: CommandContext): Promise<ExitCode> {
  if (context.args.positionals.length > 0) throw new CliError(EXIT.usage, 'Write either a token or --all.');
  const ports = await context.ports();
  const all = await attachedTokens(ports);
  const busy = all.filter((token) => busyWith(token) !== undefined);
  const idle = all.filter((token) => !busy.includes(token));
  for (const token of idle) context.err.line(`${token.name}: ${stayingActive(token)}`);
  for (const token of busy) context.err.line(`${token.name} is left out: ${busyWith(token) ?? ''}.`, 'warn');
  if (idle.length > 0) await confirm(ports.installation, "the installation's name", context);
  await sendAll(idle, ports);
  const views = [
    ...idle.map((token) => viewOf(token, 'asked')),
    ...busy.map((token) => viewOf(token, 'left out')),
  ];
  if (context.args.has('json')) context.out.json({ tokens: views });
  else
    context.out.line(
      `${counted(idle.length, 'token')} asked to be detached, ${busy.length} left out. \`keyturn ` +
        `status\` shows those that are not detached yet.`,
    );
  return busy.length === 0 ? EXIT.ok : EXIT.refused;
}

async function sendAll(tokens: readonly Token[], ports: CliPorts): Promise<void> {
  const notAfter = (await ports.now()) + REQUEST_LIFE;
  const byProvider = Map.groupBy(tokens, (token) => token.provider);
  for (const [provider, group] of byProvider)
    await ports.commands.send(
      provider,
      group.map((token) => ({ kind: 'end', how: 'detach', tokenId: token.id, notAfter })),
    );
}

function viewOf(token: Token, outcome: 'asked' | 'left out'): DetachAllJson['tokens'][number] {
  return {
    name: token.name,
    id: token.id,
    outcome,
    active: liveCredentials(token).map(nameOf),
    why: busyWith(token) ?? null,
  };
}
