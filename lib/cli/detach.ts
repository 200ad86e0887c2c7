import { isRetiring } from '../../functions/core/ending.ts';
import { liveGenerations, openAttempt, type Token } from '../../functions/core/token.ts';
import { confirm } from './confirm.ts';
import type { CliCommand, CliPorts, CommandContext } from './command.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { attachedTokens } from './find-token.ts';
import { CONFIRMED_OPTIONS, REQUEST_LIFE, requested, submit, type Verdict } from './request.ts';
import { nameOf } from './rollback.ts';
import { counted } from './words.ts';

export const detach: CliCommand = {
  name: 'detach',
  effect: 'changes',
  summary: 'Let go of a token: rotation off, nothing killed; its credentials stay alive',
  usage: 'keyturn detach TOKEN | --all [--yes] [--wait [--timeout LENGTH]] [--json]',
  examples: [
    ['keyturn detach prod/billing/gitlab', 'that one; it comes back when its rotation is switched on again'],
    ['keyturn detach --all', 'before an uninstall; says what stays alive at which issuer'],
  ],
  options: { all: { type: 'boolean', summary: 'every token of the installation' }, ...CONFIRMED_OPTIONS },
  takes: 1,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  if (context.args.has('all')) return runAll(context);
  const { ports, token } = await requested(context);
  requireIdle(token);
  context.err.line(`${token.name}: its rotation is switched off, and Keyturn does nothing with it any more. ${stayingAlive(token)}`);
  await confirm(token.name, "the token's name", context);
  return submit({ token, wanted: { kind: 'end', how: 'detach' }, asked: `Letting go of ${token.name} was asked for.`, judge: detachVerdict }, ports, context);
}

function stayingAlive(token: Token): string {
  const live = liveGenerations(token).map(nameOf);
  return live.length === 0 ? 'No credential of it lives.' : `These credentials stay alive until somebody revokes them at the issuer: ${live.join(', ')}.`;
}

function requireIdle(token: Token): void {
  const why = busyWith(token);
  if (why !== undefined) throw new CliError(EXIT.refused, `${token.name} cannot be let go: ${why}.`);
}

/** What would be left half done. */
function busyWith(token: Token): string | undefined {
  if (isRetiring(token)) return 'a person ended it, and its credentials are being killed';
  if (openAttempt(token)) return 'a rotation is under way, so wait until it has ended';
  return liveGenerations(token).some((one) => one.state === 'revoking') ? 'an old credential is being killed, so wait until it is proven dead' : undefined;
}

function detachVerdict(now: Token): Verdict {
  if (now.ending?.kind === 'detach' && now.ending.endedAt !== undefined) return { outcome: 'done', detail: `${now.name} is let go. ${stayingAlive(now)}` };
  return { outcome: 'asked', detail: 'No function has taken it up yet.' };
}

/** Sends to each that is idle; the others are named, and the command is run again when they are. */
async function runAll(context: CommandContext): Promise<ExitCode> {
  if (context.args.positionals.length > 0) throw new CliError(EXIT.usage, 'Write either a token or --all.');
  const ports = await context.ports();
  const all = await attachedTokens(ports);
  const busy = all.filter((token) => busyWith(token) !== undefined);
  const idle = all.filter((token) => !busy.includes(token));
  for (const token of idle) context.err.line(`${token.name}: ${stayingAlive(token)}`);
  for (const token of busy) context.err.line(`${token.name} is left out: ${busyWith(token) ?? ''}.`, 'warn');
  if (idle.length > 0) await confirm(ports.installation, "the installation's name", context);
  await sendAll(idle, ports);
  const views = [...idle.map((token) => viewOf(token, 'asked')), ...busy.map((token) => viewOf(token, 'left out'))];
  if (context.args.has('json')) context.out.json(views);
  else context.out.line(`${counted(idle.length, 'token')} asked to be let go, ${busy.length} left out. \`keyturn status\` shows those that are not yet.`);
  return busy.length === 0 ? EXIT.ok : EXIT.refused;
}

async function sendAll(tokens: readonly Token[], ports: CliPorts): Promise<void> {
  const notAfter = (await ports.now()) + REQUEST_LIFE;
  const byProvider = Map.groupBy(tokens, (token) => token.provider);
  for (const [provider, group] of byProvider) await ports.commands.send(provider, group.map((token) => ({ kind: 'end', how: 'detach', tokenId: token.id, notAfter })));
}

function viewOf(token: Token, outcome: 'asked' | 'left out'): { name: string; id: string; outcome: string; alive: readonly string[]; why: string | null } {
  return { name: token.name, id: token.id, outcome, alive: liveGenerations(token).map(nameOf), why: busyWith(token) ?? null };
}
