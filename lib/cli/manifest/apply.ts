import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { applied as appliedSecrets, type Outcome } from './applying.ts';
import { confirm } from '../command-line/confirm.ts';
import { counted } from '../output/counted.ts';
import type { CliCommand, CliPorts, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { askToLook, lookedAtAll, type LookedAt } from '../tokens/look-again.ts';
import { manifestOf } from './file.ts';
import { printReport, refuseFaults } from './print.ts';
import { planView } from './report.ts';
import type { WantedToken } from './parse.ts';
import type { SecretPlan } from './plan.ts';
import { planAll, planSummary, todoOf } from './planning.ts';
import type { ApplyJson } from '../json/manifest.ts';

export const apply: CliCommand = {
  name: 'apply',
  group: 'As code',
  effect: 'changes',
  summary:
    'Register the tokens of a file: make secrets, set tags, attach rotation; deletes nothing, reads ' +
    'and writes no value',
  usage: 'FILE',
  examples: [
    ['keyturn apply tokens.yaml', 'shows the plan, asks, then does it'],
    ['keyturn apply tokens.yaml --yes --wait', 'in a pipeline: until Keyturn has inspected every token'],
  ],
  options: {},
  takes: 1,
  run,
};

const NOTHING: Outcome = { applied: [], failed: [] };

async function run(context: CommandContext): Promise<ExitCode> {
  const { path, parsed } = await manifestOf(context, 'apply');
  if ('faults' in parsed) {
    const nothing = { ...NOTHING, inspected: [] } satisfies Omit<ApplyJson, 'faults' | 'plan'>;
    return refuseFaults(parsed.faults, path, context, nothing);
  }
  const ports = await context.ports();
  const plans = await planAll(parsed.tokens, ports);
  const todo = todoOf(plans);
  const isRefused = plans.some((plan) => plan.action === 'refuse');
  // With --json standard output holds the object and nothing else.
  if (!context.args.has('json')) printReport({ faults: [], plan: plans.map(planView) }, path, context);
  if (isRefused)
    context.err.line(
      'Nothing was changed: at least one secret cannot be registered as the file says.',
      'bad',
    );
  if (isRefused || todo.length === 0)
    return finish(plans, NOTHING, context, { isLookedAt: false, inspected: [] });
  await confirm('yes', 'the word', context);
  const outcome = await appliedSecrets(todo, ports, context);
  if (todo.some(({ action }) => action === 'create'))
    context.err.line(
      'An issuer at a host of your own gets nothing until keyturn.json names it under issuers, as in ' +
        'allowedHosts, or `keyturn confirm-host ISSUER HOST` was run once.',
      'dim',
    );
  return finish(
    plans,
    outcome,
    context,
    await afterwards(outcome.applied, parsed.tokens, { ports, context }),
  );
}

interface After {
  /** Whether Keyturn was asked to inspect them. */
  readonly isLookedAt: boolean;
  readonly inspected: ApplyJson['inspected'];
}

async function afterwards(
  applied: readonly string[],
  tokens: readonly WantedToken[],
  how: { ports: CliPorts; context: CommandContext },
): Promise<After> {
  const wanted = tokens.filter(({ secret }) => applied.includes(secret));
  if (!how.context.args.has('wait'))
    return { isLookedAt: await lookedAtSoon(wanted, how.ports), inspected: [] };
  const found = await lookedAtAll(await placesOf(wanted, how.ports), how);
  return { isLookedAt: true, inspected: found.map(inspectedView) };
}

function inspectedView({ secret, token }: LookedAt): ApplyJson['inspected'][number] {
  return {
    secret,
    usable: token === undefined ? null : token.unusable === undefined,
    problem: token?.unusable ?? null,
  };
}

/** More than these would crowd out what is due at an issuer. */
const MOST_LOOKED_AT = 25;

/**
 * Whether Keyturn was asked to inspect what was applied. Registering needs no right to ask: without it,
 * reconcile finds them.
 */
async function lookedAtSoon(wanted: readonly WantedToken[], ports: CliPorts): Promise<boolean> {
  if (wanted.length === 0 || wanted.length > MOST_LOOKED_AT) return false;
  try {
    const found = await placesOf(wanted, ports);
    await askToLook(found, ports);
    return found.length === wanted.length;
  } catch (error) {
    if (error instanceof KeyturnError || error instanceof CliError) return false;
    throw error;
  }
}

async function placesOf(
  wanted: readonly WantedToken[],
  ports: CliPorts,
): Promise<{ secret: string; arn: string; provider: string }[]> {
  const found = await Promise.all(
    wanted.map(async ({ secret, issuer }) => ({
      secret,
      arn: await ports.secrets.arnOf(secret),
      provider: issuer,
    })),
  );
  return found.flatMap(({ secret, arn, provider }) => (arn === undefined ? [] : [{ secret, arn, provider }]));
}

function finish(
  plans: readonly SecretPlan[],
  outcome: Outcome,
  context: CommandContext,
  { isLookedAt, inspected }: After,
): ExitCode {
  const { args, out } = context;
  if (args.has('json'))
    out.json({ faults: [], plan: plans.map(planView), ...outcome, inspected } satisfies ApplyJson);
  else {
    for (const one of inspected)
      out.line(`${one.secret}: ${inspectionText(one)}`, one.usable === true ? 'good' : 'bad');
    out.line(summary(plans, outcome, isLookedAt));
  }
  if (outcome.failed.length > 0 || inspected.some(({ usable }) => usable !== true)) return EXIT.failed;
  return plans.some((plan) => plan.action === 'refuse') ? EXIT.refused : EXIT.ok;
}

function inspectionText({ usable, problem }: ApplyJson['inspected'][number]): string {
  if (usable === null)
    return 'Keyturn was asked to inspect it and has not in time. Run `keyturn status` later.';
  return usable ? 'Keyturn manages it.' : (problem ?? 'Keyturn cannot rotate it.');
}

function summary(plans: readonly SecretPlan[], { applied, failed }: Outcome, isLookedAt: boolean): string {
  const isRefused = plans.some((plan) => plan.action === 'refuse');
  if (applied.length === 0 && failed.length === 0)
    return `${planSummary(plans)}.${isRefused ? ' Nothing was changed.' : ''}`;
  const done = `${counted(applied.length, 'secret')} done`;
  if (failed.length > 0) return `${done}, ${failed.length} failed. Fix the reason, then apply again.`;
  const next = isLookedAt
    ? 'Keyturn was asked to inspect them: within minutes'
    : 'Keyturn finds new ones within the hour: then';
  return `${done}. ${next} \`keyturn status\` lists them.`;
}
