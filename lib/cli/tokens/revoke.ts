import { currentOf, credentialOf } from '../../../functions/core/token/lookups.ts';
import { liveCredentials } from '../../../functions/core/token/known-credentials.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { incidentsOf, isOpen } from '../../../functions/core/incidents/incidents.ts';
import { confirm } from '../command-line/confirm.ts';
import type { CliCommand, CliPorts, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { leakVerdict } from '../leaks/leak-verdict.ts';
import { NOT_TAKEN_UP, requested, submit, type Verdict } from './request.ts';
import { namedCredential } from './named-credential.ts';
import { nameOf } from './rollback.ts';
import { counted } from '../output/counted.ts';

export const revoke: CliCommand = {
  name: 'revoke',
  group: 'Act',
  effect: 'changes',
  summary: 'Revoke a credential without a grace period; the current one is replaced first',
  usage: 'TOKEN [CREDENTIAL|--all]',
  examples: [
    ['keyturn revoke prod/billing/gitlab', 'the current credential: a new one is made current first'],
    [
      'keyturn revoke prod/billing/gitlab --all --wait',
      'every credential it has, as for a leak: a rotation under way is aborted, a new credential is ' +
        'made, all others are revoked',
    ],
    [
      'keyturn revoke prod/billing/gitlab 8214',
      'one of those that `keyturn show` lists, by its whole id or handle',
    ],
  ],
  options: {
    all: {
      type: 'boolean',
      summary:
        'replace the token as for a leak: make a new credential and revoke all others without a grace period',
    },
  },
  takes: 2,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const { ports, token } = await requested(context);
  if (context.args.has('all')) return revokeAll(token, ports, context);
  const target = targetOf(token, context.args.positionals[1]);
  for (const sentence of consequences(token, target)) context.err.line(sentence);
  await confirm(token.name, "the token's name", context);
  const asked = `Keyturn was asked to revoke the credential ${nameOf(target)} of ${token.name}.`;
  return submit(
    {
      token,
      wanted: { kind: 'revoke', credentialId: target.id },
      asked,
      judge: (now) => revokeVerdict(target, now),
    },
    ports,
    context,
  );
}

/** A person takes the whole token for compromised. */
async function revokeAll(token: Token, ports: CliPorts, context: CommandContext): Promise<ExitCode> {
  if (context.args.positionals[1] !== undefined)
    throw new CliError(EXIT.usage, 'Name a credential, or write --all for all that the token has: not both.');
  const live = liveCredentials(token);
  context.err.line(
    `${token.name}: ${counted(live.length, 'credential')} (${live.map(nameOf).join(', ') || 'none'}).`,
  );
  context.err.line(
    'A new credential is made now. All of these are revoked without a grace period: a consumer that ' +
      'still uses one is rejected. This cannot be undone.',
  );
  await confirm(token.name, "the token's name", context);
  const reportedAt = await ports.now();
  const asked = `All credentials of ${token.name} were reported as leaked.`;
  const judge = (now: Token): Verdict =>
    leakVerdict(
      now,
      incidentsOf(now).findLast((one) => one.reportedAt >= reportedAt) ?? incidentsOf(now).find(isOpen),
    );
  return submit(
    { token, wanted: { kind: 'compromise', source: 'a person', reportedAt }, asked, judge },
    ports,
    context,
  );
}

/**
 * The credential that is meant: the current one unless another one is named. Errors: {@link CliError} with
 * what there is.
 */
function targetOf(token: Token, text: string | undefined): Credential {
  if (text === undefined) {
    const current = currentOf(token);
    if (current) return current;
    throw new CliError(
      EXIT.refused,
      `${token.name} has no current credential: name one of those that \`keyturn show ${token.name}\` lists.`,
    );
  }
  const only = namedCredential(token, text);
  if (only.state === 'ended')
    throw new CliError(
      EXIT.refused,
      only.forgotten
        ? `The credential ${nameOf(only)} of ${token.name} was forgotten: revoke it at its issuer.`
        : `The credential ${nameOf(only)} of ${token.name} is already revoked.`,
    );
  return only;
}

function consequences(token: Token, target: Credential): string[] {
  const end =
    'It is revoked at the issuer without a grace period: a consumer that still uses it is rejected. ' +
    'This cannot be undone.';
  if (target.state !== 'current')
    return [`${token.name}: the credential ${nameOf(target)} is not the current one.`, end];
  return [
    `${token.name}: the credential ${nameOf(target)} is the current one.`,
    'It is replaced first: Keyturn rotates the token now, and revokes the old credential once the new ' +
      'one is current.',
    end,
  ];
}

function revokeVerdict(target: Credential, now: Token): Verdict {
  const one = credentialOf(now, target.id);
  if (!one || one.state === 'ended')
    return {
      outcome: 'done',
      detail: `The credential ${nameOf(target)} of ${now.name} is revoked, and the issuer rejects it.`,
    };
  if (one.problem && one.withoutGrace === true) return { outcome: 'failed', detail: one.problem.detail };
  if (one.revokedAt !== undefined)
    return {
      outcome: 'asked',
      detail: 'The revoke call was made; it is verified when the issuer rejects the credential.',
    };
  if (one.withoutGrace !== true) return NOT_TAKEN_UP;
  if (one.state === 'current')
    return {
      outcome: 'asked',
      detail: now.lastError
        ? `Its replacement is under way. ${now.lastError.message}`
        : 'Its replacement is under way.',
    };
  return { outcome: 'asked', detail: 'It will be revoked next.' };
}
