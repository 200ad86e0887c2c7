import { FINDING_KINDS, type Finding, type FindingKind } from '../../functions/core/findings.ts';
import type { Token } from '../../functions/core/token.ts';
import type { CliCommand, CommandContext } from './command.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { ackInstallation, isInstallation } from './installation.ts';
import { suggestion } from './nearest.ts';
import { REQUEST_OPTIONS, requested, submit, type Verdict } from './request.ts';

export const ack: CliCommand = {
  name: 'ack',
  effect: 'changes',
  summary: 'Say that you have taken on what is wrong with a token, or with the installation itself: reminders stop, and the others hear of it',
  usage: 'keyturn ack TOKEN|installation [KIND] [--wait [--timeout LENGTH]] [--json]',
  examples: [
    ['keyturn ack prod/billing/gitlab', 'everything that is open'],
    ['keyturn ack prod/billing/gitlab token-dead', 'one kind of finding'],
    ['keyturn ack installation alert-route-broken', 'what is wrong that belongs to no token'],
  ],
  options: REQUEST_OPTIONS,
  takes: 2,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const kind = kindOf(context.args.positionals[1]);
  if (isInstallation(context)) return ackInstallation(kind, context);
  const { ports, token } = await requested(context);
  const open = meant(token, kind);
  if (open.length === 0) throw new CliError(EXIT.refused, `${token.name} has no open finding${kind === undefined ? '' : ` ${kind}`}.`);
  const asked = `${[...new Set(open.map((one) => one.kind))].join(', ')} of ${token.name}: you have taken it on.`;
  return submit({ token, wanted: { kind: 'acknowledge', ...(kind !== undefined && { finding: kind }) }, asked, judge: (now) => verdictOf(now, kind) }, ports, context);
}

/** The kind that is meant; undefined for all. Errors: {@link CliError} for one that there is not. */
function kindOf(text: string | undefined): FindingKind | undefined {
  if (text === undefined) return undefined;
  const kind = FINDING_KINDS.safeParse(text);
  if (kind.success) return kind.data;
  throw new CliError(EXIT.usage, `There is no kind of finding "${text}".${suggestion(text, FINDING_KINDS.options) || ' `keyturn show` lists those that are open.'}`);
}

function meant(token: Token, kind: FindingKind | undefined): readonly Finding[] {
  return token.findings.filter((one) => one.state === 'open' && (kind === undefined || one.kind === kind));
}

function verdictOf(now: Token, kind: FindingKind | undefined): Verdict {
  const left = meant(now, kind).filter((one) => one.acknowledged === undefined);
  return left.length === 0 ? { outcome: 'done', detail: `What is open of ${now.name} is acknowledged.` } : { outcome: 'asked', detail: 'No function has taken it up yet.' };
}
