import { isUnderWay, openAttempt } from '../../../functions/core/token/lookups.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { submitFrom, wantsValue } from './submit-value.ts';
import { usableToken } from './look-again.ts';
import { NOT_TAKEN_UP, submit, type Verdict } from './request.ts';

export const rotate: CliCommand = {
  name: 'rotate',
  group: 'Act',
  effect: 'changes',
  summary: 'Make a new credential now; the old one stays active for its grace period',
  usage: 'TOKEN [--value-stdin]',
  examples: [
    ['keyturn rotate prod/billing/gitlab', 'ask, and go on'],
    [
      'keyturn rotate prod/billing/gitlab --wait',
      'wait until the new credential is current, or the rotation failed',
    ],
    ['keyturn rotate ci/github --value-stdin', 'submit a value that only a person can create'],
  ],
  options: {
    'value-stdin': {
      type: 'boolean',
      summary:
        'submit the value that a person created, from standard input; on a terminal it is asked for and ' +
        'not shown',
    },
  },
  takes: 1,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const ports = await context.ports();
  const token = await usableToken(context, ports);
  if (context.args.has('value-stdin')) await submitFrom(context, ports, token);
  else {
    const wanted = wantsValue(token, ports.descriptor(token.provider));
    if (wanted !== undefined) throw new CliError(EXIT.refused, wanted);
  }
  const isRunning = openAttempt(token) !== undefined;
  const asked = isRunning
    ? `A rotation of ${token.name} is under way already; Keyturn starts no second one.`
    : `A rotation of ${token.name} was asked for.`;
  return submit(
    { token, wanted: { kind: 'rotate' }, asked, judge: (now) => rotationVerdict(token, now) },
    ports,
    context,
  );
}

/**
 * What became of a rotation that was asked for when the record was as `before`: the one under way then
 * counts, and any begun since.
 */
export function rotationVerdict(before: Token, now: Token): Verdict {
  const over = new Set(before.attempts.filter((one) => !isUnderWay(one)).map((one) => one.id));
  const ours = now.attempts.filter((one) => !over.has(one.id));
  if (now.unusable !== undefined) return { outcome: 'failed', detail: now.unusable };
  const done = ours.find((one) => one.state === 'promoted');
  if (done) return { outcome: 'done', detail: `${now.name} was rotated: version ${done.id} is current.` };
  const why = now.lastError ? ` ${now.lastError.message}` : '';
  if (ours.some((one) => one.state === 'aborted' || one.state === 'aborting' || one.inactive === true))
    return { outcome: 'failed', detail: `The rotation of ${now.name} failed.${why} Keyturn tries again.` };
  if (ours.length === 0) return NOT_TAKEN_UP;
  return { outcome: 'asked', detail: `The rotation is under way.${why}` };
}
