import type { Command } from '../../../functions/core/commands/commands.ts';
import type { FindingKind } from '../../../functions/core/findings/findings.ts';
import {
  MINUTE,
  SECOND,
  formatInstant,
  type Instant,
  type Millis,
} from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CliPorts, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { namedToken } from './find-token.ts';
import { patienceOf } from './patience.ts';
import type { RequestJson } from '../json/requests.ts';

/**
 * A request that no function took up by then is dropped, so that it surprises nobody later; until then its
 * queue tries it five times.
 */
export const REQUEST_LIFE = 40 * MINUTE;
export const POLL_EVERY = 2 * SECOND;

/** The part of a command that says what is wanted. */
export type Wanted =
  | { readonly kind: 'rotate' }
  | { readonly kind: 'rollback' | 'revoke'; readonly credentialId: string }
  | { readonly kind: 'forget' | 'enable'; readonly credentialId: string; readonly reason: string }
  | { readonly kind: 'compromise'; readonly source: string; readonly reportedAt: Instant }
  | { readonly kind: 'acknowledge'; readonly finding?: FindingKind }
  | { readonly kind: 'moved' | 'redeliver'; readonly consumer: string; readonly credentialId: string }
  | {
      readonly kind: 'using';
      readonly service: string;
      readonly version: string;
      readonly credentialId: string;
    }
  | { readonly kind: 'end'; readonly how: 'retire' | 'detach' }
  | { readonly kind: 'accept'; readonly subject: string }
  | { readonly kind: 'confirm-host'; readonly provider: string; readonly host: string };

/** What a look at the record tells of a request. */
export type Verdict = { readonly outcome: 'asked' | 'done' | 'failed'; readonly detail: string };

/** The record shows nothing of the request yet. */
export const NOT_TAKEN_UP: Verdict = {
  outcome: 'asked',
  detail: 'Keyturn has not taken up the request yet.',
};

export interface Request {
  readonly token: Token;
  readonly wanted: Wanted;
  /** What was asked, in one sentence. */
  readonly asked: string;
  /** What became of it, judged from the record as it is now. */
  judge(token: Token): Verdict;
  /** What is to be done once it has happened, and the sentence about it; the command then waits. */
  afterwards?(): Promise<string>;
}

/** The token that something is asked of. Errors: {@link CliError}. */
export async function requested(context: CommandContext): Promise<{ ports: CliPorts; token: Token }> {
  const ports = await context.ports();
  const token = await namedToken(context, ports);
  requireAttached(token);
  return { ports, token };
}

/** Sends a request to the functions of the token's provider, and with `--wait` follows it. */
export async function submit(request: Request, ports: CliPorts, context: CommandContext): Promise<ExitCode> {
  const { token, wanted } = request;
  const patience = patienceOf(context);
  const notAfter = (await ports.now()) + REQUEST_LIFE;
  const command: Command = { ...wanted, tokenId: token.id, notAfter };
  await ports.commands.send(token.provider, [command]);
  const report = (outcome: RequestJson['outcome'], detail: string): void =>
    tell(
      {
        request: commandThatWants(wanted),
        id: token.id,
        name: token.name,
        notAfter: formatInstant(notAfter),
        outcome,
        detail,
      },
      context,
    );
  if (!context.args.has('wait') && !request.afterwards) {
    report(
      'asked',
      `${request.asked} Follow it with \`keyturn show ${token.name}\`; the request is dropped if it is ` +
        `not taken up by ${formatInstant(notAfter)}.`,
    );
    return EXIT.ok;
  }
  context.err.line(`${request.asked} Waiting.`);
  const verdict = await follow(request, { ports, context, patience });
  if (verdict.outcome === 'asked') {
    report(
      'unfinished',
      `It has not happened after ${context.args.value('timeout') ?? '15m'}: ${verdict.detail} Follow ` +
        `it with \`keyturn show ${token.name}\`.`,
    );
    return EXIT.failed;
  }
  const more = verdict.outcome === 'done' ? await request.afterwards?.() : undefined;
  report(verdict.outcome, more === undefined ? verdict.detail : `${verdict.detail} ${more}`);
  return verdict.outcome === 'done' ? EXIT.ok : EXIT.failed;
}

/** The command by which people ask for it. */
function commandThatWants(wanted: Wanted): string {
  switch (wanted.kind) {
    case 'rotate':
    case 'rollback':
    case 'revoke':
    case 'forget':
    case 'enable':
    case 'confirm-host':
      return wanted.kind;
    case 'compromise':
      return 'revoke';
    case 'acknowledge':
      return 'ack';
    case 'accept':
      return 'dismiss';
    case 'moved':
      return 'consumer confirm';
    case 'redeliver':
      return 'consumer deliver';
    case 'using':
      return 'consumer record-deployment';
    case 'end':
      return wanted.how;
  }
}

async function follow(
  request: Request,
  how: { ports: CliPorts; context: CommandContext; patience: Millis },
): Promise<Verdict> {
  let last = '';
  for (let waited = 0; ; waited += POLL_EVERY) {
    const loaded = await how.ports.inventory.load(request.token.id);
    if (!loaded) return { outcome: 'failed', detail: `The record of ${request.token.name} is gone.` };
    const verdict = request.judge(loaded.token);
    if (verdict.outcome !== 'asked' || waited >= how.patience) return verdict;
    if (verdict.detail !== last) how.context.err.line(verdict.detail, 'dim');
    last = verdict.detail;
    await how.context.sleep(POLL_EVERY);
  }
}

function tell(view: RequestJson, { args, out }: CommandContext): void {
  if (args.has('json')) return out.json(view);
  out.line(view.detail, view.outcome === 'failed' || view.outcome === 'unfinished' ? 'bad' : undefined);
}

/** Refuses what cannot be asked of a token that Keyturn no longer manages. Errors: {@link CliError}. */
export function requireAttached(token: Token): void {
  if (token.detachedAt === undefined) return;
  throw new CliError(EXIT.refused, `${token.name} ${whyLetGo(token, token.detachedAt)}`);
}

function whyLetGo({ ending }: Token, since: Instant): string {
  const at = formatInstant(since);
  if (ending?.kind === 'retire')
    return `was retired at ${at}: every credential of it is revoked, so nothing can be done with it.`;
  if (ending?.kind === 'detach')
    return (
      `was detached at ${at}, as a person asked: register it again with \`keyturn apply\` before ` +
      'anything is done with it.'
    );
  return (
    `is detached since ${at}: its secret was deleted, or is not registered with this installation. ` +
    `Register it with \`keyturn apply\` first.`
  );
}
