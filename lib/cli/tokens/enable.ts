import { whyNotEnabled } from '../../../functions/core/incidents/enabling.ts';
import { credentialOf } from '../../../functions/core/token/lookups.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { confirm } from '../command-line/confirm.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { reasonOf } from './reason.ts';
import { NOT_TAKEN_UP, requested, submit, type Verdict } from './request.ts';
import { credentialText, namedCredential } from './named-credential.ts';
import { nameOf } from './rollback.ts';

export const enable: CliCommand = {
  name: 'enable',
  group: 'Act',
  effect: 'changes',
  summary: 'Enable a disabled credential, whose leak report was wrong',
  usage: 'TOKEN CREDENTIAL [--reason TEXT]',
  examples: [
    [
      'keyturn enable prod/edge/cloudflare 8214 --reason "the report named a test value"',
      'one of those that `keyturn show` lists as disabled, by its whole id or handle',
    ],
  ],
  options: {
    reason: {
      type: 'string',
      hint: 'TEXT',
      summary: 'why; asked for on a terminal; the history keeps it',
    },
  },
  takes: 2,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const { ports, token } = await requested(context);
  const text = credentialText(context, token, 'enabled');
  const target = namedCredential(token, text);
  const objection = whyNotEnabled(token, target);
  if (objection !== undefined) throw new CliError(EXIT.refused, objection);
  const reason = await reasonOf(context, 'the report named a test value');
  context.err.line(
    `${token.name}: the credential ${nameOf(target)} was reported as leaked. Its issuer accepts it again, ` +
      'and its grace period begins anew. If outsiders have it, they can use it.',
  );
  await confirm(token.name, "the token's name", context);
  return submit(
    {
      token,
      wanted: { kind: 'enable', credentialId: target.id, reason },
      asked: `Keyturn was asked to enable the credential ${nameOf(target)} of ${token.name}.`,
      judge: (now) => verdictOf(target, now),
    },
    ports,
    context,
  );
}

function verdictOf(target: Credential, now: Token): Verdict {
  const one = credentialOf(now, target.id);
  const name = `The credential ${nameOf(target)} of ${now.name}`;
  if (!one || one.state === 'ended' || one.revokedAt !== undefined)
    return { outcome: 'failed', detail: `${name} was revoked before it could be enabled.` };
  if (one.disabledAt === undefined && one.enabledAt !== undefined)
    return { outcome: 'done', detail: `${name} is enabled, and the issuer accepts it.` };
  if (one.disabledAt === undefined)
    return { outcome: 'failed', detail: `${name} is not disabled any more, and is to be revoked.` };
  return one.state === 'previous'
    ? { outcome: 'asked', detail: 'Its issuer has not said yet that it is enabled.' }
    : NOT_TAKEN_UP;
}
