import { EVERYTHING, acceptable } from '../../../functions/core/detection/dismissed-findings.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { confirm } from '../command-line/confirm.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { NOT_TAKEN_UP, requested, submit, type Verdict } from './request.ts';

export const dismiss: CliCommand = {
  name: 'dismiss',
  group: 'Respond',
  effect: 'changes',
  summary: 'Say that what a finding shows is normal for a token; it is not reported again',
  usage: 'TOKEN [SUBJECT]',
  examples: [
    ['keyturn dismiss prod/billing/gitlab role/report', 'one reader, as the finding names it'],
    [
      'keyturn dismiss prod/billing/gitlab replica/us-east-1',
      'the copy in that Region is not needed: old credentials may be revoked although it lacks the ' +
        'current version',
    ],
    [
      'keyturn dismiss prod/billing/gitlab',
      'everything that can be dismissed now; asks for the name of the token first',
    ],
  ],
  options: {},
  takes: 2,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const { ports, token } = await requested(context);
  const subject = context.args.positionals[1] ?? EVERYTHING;
  const wanted = acceptable(token, subject);
  if (wanted.length === 0)
    throw new CliError(
      EXIT.refused,
      `${token.name} has nothing${subject === EVERYTHING ? '' : ` about "${subject}"`} to ` +
        `dismiss.${othersOf(token)}`,
    );
  const named = wanted
    .map((one) => [one.kind, one.subject].filter((part) => part !== '').join(' '))
    .join(', ');
  const effect = wanted.some((one) => one.kind === 'replica-out-of-sync')
    ? ', and old credentials that wait for it may be revoked'
    : '';
  context.err.line(
    `${token.name}: ${named} is normal from now on${effect}. The history records that you said so.`,
  );
  if (subject === EVERYTHING) await confirm(token.name, "the token's name", context);
  return submit(
    {
      token,
      wanted: { kind: 'accept', subject },
      asked: `Keyturn was asked to dismiss ${named} for ${token.name}.`,
      judge: (now) => verdictOf(now, subject),
    },
    ports,
    context,
  );
}

function othersOf(token: Token): string {
  const subjects = acceptable(token, EVERYTHING).map((one) => one.subject || one.kind);
  return subjects.length === 0 ? '' : ` What can be dismissed: ${subjects.join(', ')}.`;
}

function verdictOf(now: Token, subject: string): Verdict {
  if (acceptable(now, subject).length > 0) return NOT_TAKEN_UP;
  return { outcome: 'done', detail: `${now.name}: dismissed.` };
}
