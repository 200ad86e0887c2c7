import { currentOf } from '../../../functions/core/token/lookups.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { suggestion } from '../command-line/nearest.ts';
import { NOT_TAKEN_UP, requested, submit, type Verdict } from '../tokens/request.ts';

export const consumerConfirm: CliCommand = {
  name: 'consumer confirm',
  group: 'Consumers',
  effect: 'changes',
  summary: 'Confirm that a consumer uses the current credential; for one where nothing else shows it',
  usage: 'TOKEN CONSUMER',
  examples: [
    [
      'keyturn consumer confirm prod/billing/gitlab team',
      '`keyturn consumer list` lists the consumers that the tags declare',
    ],
  ],
  options: {},
  takes: 2,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const { ports, token } = await requested(context);
  const consumer = consumerNamed(token, context.args.positionals[1]);
  const credentialId = requireCurrent(token);
  const asked = `Reported: ${consumer} of ${token.name} uses version ${credentialId}.`;
  return submit(
    {
      token,
      wanted: { kind: 'moved', consumer, credentialId },
      asked,
      judge: (now) => verdictOf(now, { consumer, credentialId }),
    },
    ports,
    context,
  );
}

/**
 * The version that is current as the caller sees it: what becomes current later is not meant. Errors:
 * {@link CliError}.
 */
export function requireCurrent(token: Token): string {
  const id = currentOf(token)?.id;
  if (id !== undefined) return id;
  throw new CliError(EXIT.refused, `${token.name} has no current credential: rotate it first.`);
}

/** Errors: {@link CliError} with the consumers that there are. */
export function consumerNamed(token: Token, name: string | undefined): string {
  const known = (token.consumers ?? []).map((one) => one.name);
  if (name !== undefined && known.includes(name)) return name;
  const has = known.length === 0 ? ' It has none: its tags declare them.' : ` It has ${known.join(', ')}.`;
  throw new CliError(
    EXIT.usage,
    name === undefined
      ? `Which consumer of ${token.name}?${has}`
      : `${token.name} has no consumer "${name}".${suggestion(name, known) || has}`,
  );
}

function verdictOf(now: Token, said: { consumer: string; credentialId: string }): Verdict {
  if (currentOf(now)?.id !== said.credentialId)
    return {
      outcome: 'failed',
      detail:
        `${now.name} was rotated meanwhile: confirm ${said.consumer} again once it uses the new ` +
        'credential.',
    };
  const isNoted = now.consumers?.some(
    (one) => one.name === said.consumer && one.acknowledged?.credentialId === said.credentialId,
  );
  return isNoted
    ? {
        outcome: 'done',
        detail: `It is on record that ${said.consumer} uses version ${said.credentialId} of ${now.name}.`,
      }
    : NOT_TAKEN_UP;
}
