import { KeyturnError } from '../../functions/core/errors.ts';
import { namesOf } from '../infra/names.ts';
import { confirm } from './confirm.ts';
import type { CliCommand, CliPorts, CommandContext } from './command.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { awsFactsOf, failureOf } from './failures.ts';
import { askToLook } from './look-again.ts';
import { parseManifest, type ManifestFault, type WantedToken } from './manifest/parse.ts';
import { planFor, type Change, type SecretPlan } from './manifest/plan.ts';
import type { Screen } from './screen.ts';
import { counted } from './words.ts';

export const apply: CliCommand = {
  name: 'apply',
  effect: 'changes',
  summary: 'Register the tokens of a file: make secrets, set tags, attach rotation. Deletes nothing, reads and writes no value',
  usage: 'keyturn apply FILE [--dry-run] [--yes] [--json]',
  examples: [
    ['keyturn apply tokens.yaml --dry-run', 'what would be done'],
    ['keyturn apply tokens.yaml', 'says what it will do, asks, then does it'],
    ['keyturn apply tokens.yaml --yes --json', 'in a pipeline'],
  ],
  options: {
    'dry-run': { type: 'boolean', summary: 'only say what would be done' },
    yes: { type: 'boolean', short: 'y', summary: 'do not ask' },
    json: { type: 'boolean', summary: 'print one object' },
  },
  takes: 1,
  run,
};

/** What `keyturn apply --json` prints. */
export interface ApplyView {
  readonly faults: readonly ManifestFault[];
  readonly plan: readonly { readonly secret: string; readonly action: SecretPlan['action']; readonly changes: readonly Change[]; readonly reason: string | null; readonly warnings: readonly string[] }[];
  /** Secrets that were made or changed. */
  readonly applied: readonly string[];
  readonly failed: readonly { readonly secret: string; readonly reason: string }[];
}

type Todo = Extract<SecretPlan, { action: 'create' | 'change' }>;

async function run(context: CommandContext): Promise<ExitCode> {
  const [path] = context.args.positionals;
  if (path === undefined) throw new CliError(EXIT.usage, 'Which file? Write keyturn apply tokens.yaml.');
  const parsed = parseManifest(await read(path, context));
  if ('faults' in parsed) return complain(path, parsed.faults, context);
  const ports = await context.ports();
  const plans = await planAll(parsed.tokens, ports);
  const todo = plans.filter((plan): plan is Todo => plan.action === 'create' || plan.action === 'change');
  const refused = plans.some((plan) => plan.action === 'refuse');
  // With --json standard output holds the object and nothing else.
  if (!context.args.has('json')) for (const plan of plans) print(plan, context.out);
  if (refused) context.err.line('Nothing was done: the file asks for something that must not be done.', 'bad');
  if (refused || context.args.has('dry-run') || todo.length === 0) return finish(plans, { applied: [], failed: [] }, context);
  await confirm('yes', 'the word', context);
  const outcome = await carryOut(todo, ports, context);
  if (todo.some(({ action }) => action === 'create')) context.err.line('An issuer at a host of your own that is in no allowedHosts of keyturn.json is sent nothing before `keyturn confirm-host PROVIDER HOST` was run once.', 'dim');
  return finish(plans, outcome, context, await lookedAtSoon(outcome.applied, parsed.tokens, ports));
}

async function read(path: string, context: CommandContext): Promise<string> {
  try {
    return await context.readFile(path);
  } catch (error) {
    throw new CliError(EXIT.usage, `The file ${path} cannot be read: correct its name.`, { cause: error });
  }
}

function complain(path: string, faults: readonly ManifestFault[], { args, out, err }: CommandContext): ExitCode {
  if (args.has('json')) out.json({ faults, plan: [], applied: [], failed: [] } satisfies ApplyView);
  for (const fault of faults) err.line(`${path}:${fault.line}:${fault.column}: ${fault.field === '' ? 'the file' : fault.field} ${fault.message}.`, 'bad');
  return EXIT.usage;
}

async function planAll(tokens: readonly WantedToken[], ports: CliPorts): Promise<SecretPlan[]> {
  const names = namesOf(ports.installation);
  const context = { installation: ports.installation, rotationFunction: (provider: string) => ports.secrets.functionArn(names.rotate(provider)) };
  const plans: SecretPlan[] = [];
  // One after the other: a file of hundreds of tokens stays below the rate limit of DescribeSecret.
  for (const token of tokens) plans.push(planFor(token, await ports.secrets.find(token.secret), context));
  return plans;
}

const MARKS: Record<SecretPlan['action'], string> = { create: '+', change: '~', none: '=', refuse: '!' };

function print(plan: SecretPlan, out: Screen): void {
  const mark = MARKS[plan.action];
  switch (plan.action) {
    case 'none':
      out.line(`${mark} ${plan.secret}: nothing to do`, 'dim');
      return printWarnings(plan.warnings, out);
    case 'refuse':
      return out.line(`${mark} ${plan.secret}: ${plan.reason}`, 'bad');
    case 'create':
    case 'change':
      out.line(`${mark} ${plan.secret}: ${plan.action === 'create' ? 'make the secret, without a value' : 'change the secret'}`, plan.action === 'create' ? 'good' : 'warn');
      for (const change of plan.changes) printChange(change, out);
      return printWarnings(plan.warnings, out);
  }
}

function printWarnings(warnings: readonly string[], out: Screen): void {
  for (const warning of warnings) out.line(`    ! ${warning}`, 'warn');
}

function printChange({ what, from, to }: Change, out: Screen): void {
  if (from === null) out.line(`    + ${what}: ${to ?? ''}`, 'good');
  else if (to === null) out.line(`    - ${what}: ${from}`, 'bad');
  else out.line(`    ~ ${what}: ${from} -> ${to}`, 'warn');
}

type Outcome = Pick<ApplyView, 'applied' | 'failed'>;

/** One secret that fails does not hold up the others; the next run takes up where this one ended. */
async function carryOut(todo: readonly Todo[], ports: CliPorts, { err }: CommandContext): Promise<Outcome> {
  const applied: string[] = [];
  const failed: ApplyView['failed'][number][] = [];
  for (const plan of todo) {
    try {
      await take(plan, ports);
      applied.push(plan.secret);
    } catch (error) {
      if (!(error instanceof KeyturnError)) throw error;
      const reason = reasonOf(error, plan, ports);
      failed.push({ secret: plan.secret, reason });
      err.line(`${plan.secret}: ${reason}`, 'bad');
    }
  }
  return { applied, failed };
}

async function take({ secret, steps }: Todo, ports: CliPorts): Promise<void> {
  if (steps.create) await ports.secrets.create(secret, steps.setTags);
  else if (steps.setTags.size > 0) await ports.secrets.setTags(secret, steps.setTags);
  if (steps.dropTags.length > 0) await ports.secrets.dropTags(secret, steps.dropTags);
  if (steps.rotation) await ports.secrets.attachRotation(secret, steps.rotation);
}

/** Secrets Manager refuses a function that it may not invoke, or that is not there, with the code for a missing permission. */
function reasonOf(error: KeyturnError, { steps }: Todo, ports: CliPorts): string {
  const { operation, code } = awsFactsOf(error);
  const text = failureOf(error, { installation: ports.installation, sandbox: undefined }).text;
  if (operation !== 'secretsmanager:RotateSecret' || !['AccessDeniedException', 'ResourceNotFoundException'].includes(code)) return text;
  return `Secrets Manager did not take the rotation function ${steps.rotation?.functionArn ?? ''}: deploy the installation with this provider, and be allowed to do secretsmanager:RotateSecret and lambda:InvokeFunction, as the policy keyturn-${ports.installation}-registrar allows.`;
}

/** More than these would crowd out what is due at an issuer. */
const MOST_LOOKED_AT = 25;

/** Whether Keyturn was asked to look at what was applied. Registering needs no right to ask: who has none waits for reconcile. */
async function lookedAtSoon(applied: readonly string[], tokens: readonly WantedToken[], ports: CliPorts): Promise<boolean> {
  if (applied.length === 0 || applied.length > MOST_LOOKED_AT) return false;
  const wanted = tokens.filter(({ secret }) => applied.includes(secret));
  try {
    const found = await Promise.all(wanted.map(async ({ secret, provider }) => ({ arn: await ports.secrets.arnOf(secret), provider })));
    await askToLook(found.flatMap(({ arn, provider }) => (arn === undefined ? [] : [{ arn, provider }])), ports);
    return found.every(({ arn }) => arn !== undefined);
  } catch (error) {
    if (error instanceof KeyturnError || error instanceof CliError) return false;
    throw error;
  }
}

function finish(plans: readonly SecretPlan[], outcome: Outcome, { args, out }: CommandContext, isLookedAt = false): ExitCode {
  if (args.has('json')) out.json({ faults: [], plan: plans.map(planView), ...outcome } satisfies ApplyView);
  else out.line(summary(plans, outcome, { isDry: args.has('dry-run'), isLookedAt }));
  if (outcome.failed.length > 0) return EXIT.failed;
  return plans.some((plan) => plan.action === 'refuse') ? EXIT.refused : EXIT.ok;
}

function planView(plan: SecretPlan): ApplyView['plan'][number] {
  const { secret, action } = plan;
  return { secret, action, changes: 'changes' in plan ? plan.changes : [], reason: plan.action === 'refuse' ? plan.reason : null, warnings: 'warnings' in plan ? plan.warnings : [] };
}

function summary(plans: readonly SecretPlan[], { applied, failed }: Outcome, { isDry, isLookedAt }: { isDry: boolean; isLookedAt: boolean }): string {
  const count = (action: SecretPlan['action']): number => plans.filter((plan) => plan.action === action).length;
  const planned = `${count('create')} to make, ${count('change')} to change, ${count('none')} as they should be`;
  if (applied.length === 0 && failed.length === 0) return isDry || count('refuse') > 0 ? `${planned}. Nothing was done.` : `${planned}.`;
  const done = `${counted(applied.length, 'secret')} done`;
  return failed.length > 0 ? `${done}, ${failed.length} failed; apply again when the reason is mended.` : `${done}. Keyturn ${isLookedAt ? 'was asked to look at them now: within minutes' : 'finds new ones within the hour: then'} \`keyturn status\` shows them.`;
}
