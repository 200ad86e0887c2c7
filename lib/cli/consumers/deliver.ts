import { isDelivered } from '../../../functions/core/consumers/consumer-kinds.ts';
import { consumerOf } from '../../../functions/core/delivery/deliveries.ts';
import { currentOf } from '../../../functions/core/token/lookups.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { consumerNamed, requireCurrent } from './confirm.ts';
import { NOT_TAKEN_UP, requested, submit, type Verdict } from '../tokens/request.ts';

export const consumerDeliver: CliCommand = {
  name: 'consumer deliver',
  group: 'Consumers',
  effect: 'changes',
  summary: 'Deliver the current credential to a consumer again',
  usage: 'TOKEN CONSUMER',
  examples: [
    [
      'keyturn consumer deliver prod/billing/gitlab ci --wait',
      'after it was deleted or overwritten there, or when the destination works again; at the next sweep',
    ],
  ],
  options: {},
  takes: 2,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const { ports, token } = await requested(context);
  const name = consumerNamed(token, context.args.positionals[1]);
  const kind = consumerOf(token, name)?.kind;
  if (kind === undefined || !isDelivered(kind))
    throw new CliError(
      EXIT.refused,
      `Keyturn delivers nothing to ${name}: a consumer of the kind ${kind ?? 'unknown'} reads the ` +
        'secret itself.',
    );
  const credentialId = requireCurrent(token);
  const before = askedIn(token, name);
  const asked = `Keyturn was asked to deliver version ${credentialId} of ${token.name} to ${name} again.`;
  return submit(
    {
      token,
      wanted: { kind: 'redeliver', consumer: name, credentialId },
      asked,
      judge: (now) => verdictOf(now, { name, credentialId, before }),
    },
    ports,
    context,
  );
}

/** Which request it was last asked for by. */
function askedIn(token: Token, name: string): number | undefined {
  return consumerOf(token, name)?.delivery?.asked?.request;
}

function verdictOf(
  now: Token,
  { name, credentialId, before }: { name: string; credentialId: string; before: number | undefined },
): Verdict {
  if (currentOf(now)?.id !== credentialId)
    return {
      outcome: 'done',
      detail: `${now.name} was rotated meanwhile: the new credential is delivered to ${name} anyway.`,
    };
  const delivery = consumerOf(now, name)?.delivery;
  if (askedIn(now, name) === before) return NOT_TAKEN_UP;
  if (delivery?.state === 'proven')
    return { outcome: 'done', detail: `${name} has version ${credentialId} of ${now.name}.` };
  if (delivery?.state === 'failed')
    return {
      outcome: 'failed',
      detail: `${delivery.problem?.message ?? 'It did not arrive.'} Keyturn tries again.`,
    };
  return { outcome: 'asked', detail: delivery?.problem?.message ?? 'The delivery is under way.' };
}
