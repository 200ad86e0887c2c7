import { currentOf, generationOf, liveGenerations, type Generation, type Token } from '../../functions/core/token.ts';
import { incidentsOf, isOpen } from '../../functions/core/incidents.ts';
import { confirm } from './confirm.ts';
import type { CliCommand, CliPorts, CommandContext } from './command.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { leakVerdict } from './leak-verdict.ts';
import { suggestion } from './nearest.ts';
import { CONFIRMED_OPTIONS, requested, submit, type Verdict } from './request.ts';
import { nameOf } from './rollback.ts';
import { counted } from './words.ts';

export const revoke: CliCommand = {
  name: 'revoke',
  effect: 'changes',
  summary: 'Have a credential killed without grace; the current one is replaced first',
  usage: 'keyturn revoke TOKEN [GENERATION] [--now] [--yes] [--wait [--timeout LENGTH]] [--json]',
  examples: [
    ['keyturn revoke prod/billing/gitlab', 'the current credential: a new one is made current first'],
    ['keyturn revoke prod/billing/gitlab --now --wait', 'all that it has, as for a leak: whatever runs is aborted, a new one is made, all others die'],
    ['keyturn revoke prod/billing/gitlab 8214', 'one of those that `keyturn show` lists, by its whole id or handle'],
  ],
  options: { now: { type: 'boolean', summary: 'the whole token is out: every credential it has is replaced and dies without grace' }, ...CONFIRMED_OPTIONS },
  takes: 2,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const { ports, token } = await requested(context);
  if (context.args.has('now')) return revokeAll(token, ports, context);
  const target = targetOf(token, context.args.positionals[1]);
  for (const sentence of consequences(token, target)) context.err.line(sentence);
  await confirm(token.name, "the token's name", context);
  const asked = `A revoke of the credential ${nameOf(target)} of ${token.name} was asked for.`;
  return submit({ token, wanted: { kind: 'revoke', generationId: target.id }, asked, judge: (now) => revokeVerdict(target, now) }, ports, context);
}

/** A person takes the whole token for compromised. */
async function revokeAll(token: Token, ports: CliPorts, context: CommandContext): Promise<ExitCode> {
  if (context.args.positionals[1] !== undefined) throw new CliError(EXIT.usage, 'Name a credential, or write --now for all that the token has: not both.');
  const live = liveGenerations(token);
  context.err.line(`${token.name}: ${counted(live.length, 'credential')} (${live.map(nameOf).join(', ') || 'none'}).`);
  context.err.line('A new one is made now; all of these die without grace, and whoever still uses one is refused from then on. This cannot be undone.');
  await confirm(token.name, "the token's name", context);
  const reportedAt = await ports.now();
  const asked = `All credentials of ${token.name} were reported as leaked.`;
  const judge = (now: Token): Verdict => leakVerdict(now, incidentsOf(now).findLast((one) => one.reportedAt >= reportedAt) ?? incidentsOf(now).find(isOpen));
  return submit({ token, wanted: { kind: 'compromise', source: 'a person', reportedAt }, asked, judge }, ports, context);
}

/** The credential that is meant: the current one unless another one is named. Errors: {@link CliError} with what there is. */
function targetOf(token: Token, text: string | undefined): Generation {
  if (text === undefined) {
    const current = currentOf(token);
    if (current) return current;
    throw new CliError(EXIT.refused, `${token.name} has no current credential: name one of those that \`keyturn show ${token.name}\` lists.`);
  }
  const only = namedGeneration(token, text);
  if (only.state === 'dead') throw new CliError(EXIT.refused, only.forgotten ? `The credential ${nameOf(only)} of ${token.name} was forgotten: revoke it at its issuer.` : `The credential ${nameOf(only)} of ${token.name} is proven dead already.`);
  return only;
}

/** A credential on record by its whole id or handle. Errors: {@link CliError} with what there is. */
export function namedGeneration(token: Token, text: string): Generation {
  const live = liveGenerations(token);
  const exact = token.generations.filter((one) => one.id === text || one.handle === text);
  const [only] = exact;
  if (!only) throw new CliError(EXIT.usage, `${token.name} has no credential "${text}" on record: write its whole id or handle.${suggestion(text, live.flatMap(namesOf)) || ` It has ${live.map(nameOf).join(', ') || 'none'}.`}`);
  if (exact.length > 1) throw new CliError(EXIT.usage, `"${text}" is the handle of several credentials of ${token.name}: write the id of one, ${exact.map((one) => one.id).join(' or ')}.`);
  return only;
}

function namesOf({ id, handle }: Generation): string[] {
  return handle === undefined ? [id] : [handle, id];
}

function consequences(token: Token, target: Generation): string[] {
  const end = 'It is revoked at the issuer without grace; whoever still uses it is refused from then on. This cannot be undone.';
  if (target.state !== 'current') return [`${token.name}: the credential ${nameOf(target)} is not the current one.`, end];
  return [
    `${token.name}: the credential ${nameOf(target)} is the current one.`,
    'It is replaced first: Keyturn rotates the token now, and only when the new credential is current does the old one die.',
    end,
  ];
}

function revokeVerdict(target: Generation, now: Token): Verdict {
  const one = generationOf(now, target.id);
  if (!one || one.state === 'dead') return { outcome: 'done', detail: `The credential ${nameOf(target)} of ${now.name} was revoked and is proven dead.` };
  if (one.problem && one.condemned === true) return { outcome: 'failed', detail: one.problem.detail };
  if (one.revokedAt !== undefined) return { outcome: 'asked', detail: 'It is revoked; the proof follows when the issuer refuses it.' };
  if (one.condemned !== true) return { outcome: 'asked', detail: 'No function has taken it up yet.' };
  if (one.state === 'current') return { outcome: 'asked', detail: now.lastError ? `Its replacement is under way. ${now.lastError.message}` : 'Its replacement is under way.' };
  return { outcome: 'asked', detail: 'It is about to be revoked.' };
}
