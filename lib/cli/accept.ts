import { EVERYTHING, acceptable } from '../../functions/core/detection/accept.ts';
import type { Token } from '../../functions/core/token.ts';
import { confirm } from './confirm.ts';
import type { CliCommand, CommandContext } from './command.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { CONFIRMED_OPTIONS, requested, submit, type Verdict } from './request.ts';

export const accept: CliCommand = {
  name: 'accept',
  effect: 'changes',
  summary: 'Say that what stands out about a token is normal, and teach its habits',
  usage: 'keyturn accept TOKEN [SUBJECT] [--yes] [--wait [--timeout LENGTH]] [--json]',
  examples: [
    ['keyturn accept prod/billing/gitlab role/report', 'one reader, as the finding names it'],
    ['keyturn accept prod/billing/gitlab replica/us-east-1', 'nobody needs the copy in that Region: old credentials may be revoked although it has not got the current version'],
    ['keyturn accept prod/billing/gitlab', 'all that stands out now; asks for the name of the token first'],
  ],
  options: CONFIRMED_OPTIONS,
  takes: 2,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const { ports, token } = await requested(context);
  const subject = context.args.positionals[1] ?? EVERYTHING;
  const wanted = acceptable(token, subject);
  if (wanted.length === 0) throw new CliError(EXIT.refused, `${token.name} has nothing${subject === EVERYTHING ? '' : ` about "${subject}"`} to accept.${othersOf(token)}`);
  const named = wanted.map((one) => [one.kind, one.subject].filter((part) => part !== '').join(' ')).join(', ');
  context.err.line(`${token.name}: ${named} will be normal from now on${wanted.some((one) => one.kind === 'replica-out-of-sync') ? ', and what waits for it may be revoked' : ''}; the history keeps that you said so.`);
  if (subject === EVERYTHING) await confirm(token.name, "the token's name", context);
  return submit({ token, wanted: { kind: 'accept', subject }, asked: `It was asked to accept ${named} for ${token.name}.`, judge: (now) => verdictOf(now, subject) }, ports, context);
}

function othersOf(token: Token): string {
  const subjects = acceptable(token, EVERYTHING).map((one) => one.subject || one.kind);
  return subjects.length === 0 ? '' : ` What stands out: ${subjects.join(', ')}.`;
}

function verdictOf(now: Token, subject: string): Verdict {
  if (acceptable(now, subject).length > 0) return { outcome: 'asked', detail: 'No function has taken it up yet.' };
  return { outcome: 'done', detail: `What stood out about ${now.name} is accepted.` };
}
