import { formatInstant } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CliCommand, CliPorts, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { namedToken } from '../tokens/find-token.ts';
import { REQUEST_LIFE } from '../tokens/request.ts';
import type { RequestJson } from '../json/requests.ts';

export const reviewApprove: CliCommand = {
  name: 'review approve',
  group: 'Respond',
  effect: 'changes',
  summary: 'Approve a token with the scopes that it has now',
  usage: 'TOKEN',
  examples: [
    ['keyturn review approve prod/billing/gitlab', 'a later scope that was not approved is a finding'],
  ],
  options: {},
  takes: 1,
  run: (context) => decide(context, { decision: 'approved' }),
};

export const reviewReject: CliCommand = {
  name: 'review reject',
  group: 'Respond',
  effect: 'changes',
  summary: 'Record that a token should not exist; a finding stays open until it is retired or approved',
  usage: 'TOKEN --reason TEXT',
  examples: [
    ['keyturn review reject prod/billing/gitlab --reason "its service is gone"', 'its owner is notified'],
  ],
  options: { reason: { type: 'string', hint: 'TEXT', summary: 'why it is rejected' } },
  takes: 1,
  run: reject,
};

type Decision = { readonly decision: 'approved' | 'refused'; readonly reason?: string | undefined };

function reject(context: CommandContext): Promise<ExitCode> {
  const reason = context.args.value('reason');
  if (reason === undefined)
    throw new CliError(EXIT.usage, 'A rejection needs its reason: write --reason TEXT.');
  return decide(context, { decision: 'refused', reason });
}

async function decide(context: CommandContext, given: Decision): Promise<ExitCode> {
  const ports = await context.ports();
  const token = await namedToken(context, ports);
  const notAfter = await sendReview(token, given, ports);
  const word = given.decision === 'approved' ? 'approved' : 'rejected';
  const detail = `${token.name}: ${word}. Keyturn records it, with your name, once it takes up the request.`;
  const view: RequestJson = {
    request: given.decision === 'approved' ? 'review approve' : 'review reject',
    id: token.id,
    name: token.name,
    notAfter: formatInstant(notAfter),
    outcome: 'asked',
    detail,
  };
  if (context.args.has('json')) context.out.json(view);
  else context.out.line(detail);
  return EXIT.ok;
}

/** Sends a decision. Resolves to when it is dropped if it was not taken up. */
export async function sendReview(token: Token, given: Decision, ports: CliPorts): Promise<number> {
  const notAfter = (await ports.now()) + REQUEST_LIFE;
  // What is approved is what was shown, whatever the token can do by the time that the function looks.
  const scopes = given.decision === 'approved' && token.scopes ? { scopes: [...token.scopes] } : {};
  const reason = given.reason === undefined ? {} : { reason: given.reason };
  await ports.commands.send(token.provider, [
    { kind: 'review', tokenId: token.id, notAfter, decision: given.decision, ...scopes, ...reason },
  ]);
  return notAfter;
}
