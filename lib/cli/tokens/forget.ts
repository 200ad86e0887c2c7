import { whyKept } from '../../../functions/core/incidents/forget.ts';
import { lostRotation } from '../../../functions/core/incidents/forget-rotation.ts';
import type { Attempt } from '../../../functions/core/token/attempt.ts';
import { credentialOf } from '../../../functions/core/token/lookups.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CliCommand, CliPorts, CommandContext } from '../command-line/command.ts';
import { confirm } from '../command-line/confirm.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { namedToken } from './find-token.ts';
import { reasonOf } from './reason.ts';
import { NOT_TAKEN_UP, submit, type Verdict } from './request.ts';
import { credentialText, namedCredential } from './named-credential.ts';
import { nameOf } from './rollback.ts';

export const forget: CliCommand = {
  name: 'forget',
  group: 'Act',
  effect: 'changes',
  summary: 'Stop tracking a credential that cannot be revoked or verified',
  usage: 'TOKEN CREDENTIAL [--reason TEXT]',
  examples: [
    [
      'keyturn forget prod/billing/gitlab 8214 --reason "its project is deleted"',
      'one of those that `keyturn show` lists, by its whole id or handle; Keyturn still recognizes it ' +
        'when it leaks',
    ],
  ],
  options: {
    reason: {
      type: 'string',
      hint: 'TEXT',
      summary: 'why; asked for on a terminal; the history and `keyturn show` keep it',
    },
  },
  takes: 2,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const ports = await context.ports();
  const token = await namedToken(context, ports);
  const text = credentialText(context, token, 'forgotten');
  const rotation = lostRotation(token, text);
  if (rotation)
    return forgetRotation(token, rotation, {
      reason: await reasonOf(context, 'its project is deleted'),
      ports,
      context,
    });
  const target = namedCredential(token, text);
  const objection = whyKept(token, target);
  if (objection !== undefined) throw new CliError(EXIT.refused, objection);
  const reason = await reasonOf(context, 'its project is deleted');
  context.err.line(
    `${token.name}: the credential ${nameOf(target)} is not revoked, and may stay active at the ` +
      'issuer. Keyturn stops tracking it: nothing waits for its revocation. If it leaks, Keyturn still ' +
      'recognizes it.',
  );
  await confirm(token.name, "the token's name", context);
  return submit(
    {
      token,
      wanted: { kind: 'forget', credentialId: target.id, reason },
      asked: `Keyturn was asked to forget the credential ${nameOf(target)} of ${token.name}.`,
      judge: (now) => verdictOf(target, now),
    },
    ports,
    context,
  );
}

/** What a rotation may have left is named by the rotation, which `keyturn show` lists. */
async function forgetRotation(
  token: Token,
  { id }: Attempt,
  { reason, ports, context }: { reason: string; ports: CliPorts; context: CommandContext },
): Promise<ExitCode> {
  const what = `what the rotation ${id} of ${token.name} may have left`;
  context.err.line(
    `${token.name}: the issuer did not answer the rotation ${id}. What it may have left is not ` +
      'revoked, and may stay active. Keyturn stops looking for it.',
  );
  await confirm(token.name, "the token's name", context);
  const judge = (now: Token): Verdict =>
    lostRotation(now, id) ? NOT_TAKEN_UP : { outcome: 'done', detail: `Keyturn looks no more for ${what}.` };
  return submit(
    {
      token,
      wanted: { kind: 'forget', credentialId: id, reason },
      asked: `Keyturn was asked to forget ${what}.`,
      judge,
    },
    ports,
    context,
  );
}

function verdictOf(target: Credential, now: Token): Verdict {
  const one = credentialOf(now, target.id);
  if (one && one.state !== 'ended') return NOT_TAKEN_UP;
  if (one?.forgotten)
    return { outcome: 'done', detail: `The credential ${nameOf(target)} of ${now.name} is forgotten.` };
  return { outcome: 'done', detail: `The credential ${nameOf(target)} of ${now.name} is revoked by now.` };
}
