import { FINDING_KINDS, type Finding, type FindingKind } from '../../../functions/core/findings/findings.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { ackInstallation, isInstallation } from './installation.ts';
import { suggestion } from '../command-line/nearest.ts';
import { NOT_TAKEN_UP, requested, submit, type Verdict } from './request.ts';

export const ack: CliCommand = {
  name: 'ack',
  group: 'Respond',
  effect: 'changes',
  summary:
    'Acknowledge the findings of a token, or of the installation: reminders stop, and the other ' +
    'recipients are notified',
  usage: 'TOKEN|installation [FINDING]',
  examples: [
    ['keyturn ack prod/billing/gitlab', 'every open finding'],
    ['keyturn ack prod/billing/gitlab token-inactive', 'one finding'],
    ['keyturn ack installation alert-subscription-unhealthy', 'a finding of the installation itself'],
  ],
  options: {},
  takes: 2,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const kind = kindOf(context.args.positionals[1]);
  if (isInstallation(context)) return ackInstallation(kind, context);
  const { ports, token } = await requested(context);
  const open = meant(token, kind);
  if (open.length === 0)
    throw new CliError(
      EXIT.refused,
      `${token.name} has no open finding${kind === undefined ? '' : ` ${kind}`}.`,
    );
  const kinds = [...new Set(open.map((one) => one.kind))].join(', ');
  const asked = `${kinds} of ${token.name}: acknowledged by you.`;
  return submit(
    {
      token,
      wanted: { kind: 'acknowledge', ...(kind !== undefined && { finding: kind }) },
      asked,
      judge: (now) => verdictOf(now, kind),
    },
    ports,
    context,
  );
}

/** The kind that is meant; undefined for all. Errors: {@link CliError} for one that there is not. */
function kindOf(text: string | undefined): FindingKind | undefined {
  if (text === undefined) return undefined;
  const kind = FINDING_KINDS.safeParse(text);
  if (kind.success) return kind.data;
  throw new CliError(
    EXIT.usage,
    'There is no finding ' +
      `"${text}".${suggestion(text, FINDING_KINDS.options) || ' `keyturn show` lists the open ones.'}`,
  );
}

function meant(token: Token, kind: FindingKind | undefined): readonly Finding[] {
  return token.findings.filter((one) => one.state === 'open' && (kind === undefined || one.kind === kind));
}

function verdictOf(now: Token, kind: FindingKind | undefined): Verdict {
  const left = meant(now, kind).filter((one) => one.acknowledged === undefined);
  return left.length === 0
    ? { outcome: 'done', detail: `The open findings of ${now.name} are acknowledged.` }
    : NOT_TAKEN_UP;
}
