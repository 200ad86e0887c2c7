import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import type { CliPorts, CommandContext } from '../command-line/command.ts';
import { awsFactsOf, failureOf } from '../aws/failures.ts';
import type { Todo } from './planning.ts';

/** What became of the secrets of a plan. */
export interface Outcome {
  readonly applied: readonly string[];
  readonly failed: readonly { readonly secret: string; readonly reason: string }[];
}

/**
 * Carries out a plan. One secret that fails does not hold up the others; the next run takes up where this one
 * ended.
 */
export async function applied(
  todo: readonly Todo[],
  ports: CliPorts,
  { err }: CommandContext,
): Promise<Outcome> {
  const done: string[] = [];
  const failed: Outcome['failed'][number][] = [];
  for (const plan of todo) {
    try {
      await take(plan, ports);
      done.push(plan.secret);
    } catch (error) {
      if (!(error instanceof KeyturnError)) throw error;
      const reason = reasonOf(error, plan, ports);
      failed.push({ secret: plan.secret, reason });
      err.line(`${plan.secret}: ${reason}`, 'bad');
    }
  }
  return { applied: done, failed };
}

async function take({ secret, steps }: Todo, ports: CliPorts): Promise<void> {
  if (steps.create) await ports.secrets.create(secret, steps.setTags);
  else if (steps.setTags.size > 0) await ports.secrets.setTags(secret, steps.setTags);
  if (steps.dropTags.length > 0) await ports.secrets.dropTags(secret, steps.dropTags);
  if (steps.rotation) await ports.secrets.attachRotation(secret, steps.rotation);
}

/**
 * Secrets Manager refuses a function that it may not invoke, or that is not there, with the code for a
 * missing permission.
 */
function reasonOf(error: KeyturnError, { steps }: Todo, ports: CliPorts): string {
  const { operation, code } = awsFactsOf(error);
  const text = failureOf(error, { installation: ports.installation, sandbox: undefined }).text;
  if (
    operation !== 'secretsmanager:RotateSecret' ||
    !['AccessDeniedException', 'ResourceNotFoundException'].includes(code)
  )
    return text;
  return (
    `Secrets Manager did not take the rotation function ${steps.rotation?.functionArn ?? ''}: name its ` +
    'issuer in keyturn.json and deploy, and be allowed to do secretsmanager:RotateSecret and ' +
    `lambda:InvokeFunction, as the policy keyturn-${ports.installation}-registrar allows.`
  );
}
