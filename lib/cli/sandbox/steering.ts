import {
  DAY,
  formatDuration,
  formatInstant,
  HOUR,
  parseDuration,
  type Millis,
} from '../../../functions/core/basics/time.ts';
import { DESCRIPTORS } from '../../../functions/providers/descriptors.ts';
import type { CliCommand, CommandContext } from '../command-line/command.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { suggestion } from '../command-line/nearest.ts';
import { SANDBOX_FAULTS, type SandboxControl, type SandboxFault, type SandboxState } from './control.ts';
import type { AdvancedJson, FaultJson, GrantedJson } from '../json/program.ts';

const ISSUER_IDS = DESCRIPTORS.map(({ id }) => id);

const COMMON = { group: 'Start', effect: 'changes', options: {} } as const;

export const sandboxAdvance: CliCommand = {
  ...COMMON,
  name: 'sandbox advance',
  summary: 'Move the clock of a running sandbox; waits until everything due by then has happened',
  usage: 'LENGTH',
  examples: [['keyturn sandbox advance 1d', 'let a day pass in it']],
  takes: 1,
  run: advance,
};

export const sandboxGrant: CliCommand = {
  ...COMMON,
  name: 'sandbox grant',
  summary: 'Allow secrets to have credentials at an issuer of the sandbox',
  usage: 'ISSUER SECRET…',
  examples: [['keyturn sandbox grant gitlab my/token', 'before `keyturn --sandbox apply` registers it']],
  takes: 50,
  run: grant,
};

export const sandboxFault: CliCommand = {
  ...COMMON,
  name: 'sandbox fault',
  summary: 'Make an issuer of the sandbox fail, or work again',
  usage: 'ISSUER unavailable|throttled|none',
  examples: [
    ['keyturn sandbox fault gitlab unavailable', 'it answers every request with status 503'],
    ['keyturn sandbox fault okta throttled', 'it answers every request with status 429'],
    ['keyturn sandbox fault gitlab none', 'it works again'],
  ],
  takes: 2,
  run: fault,
};

async function advance(context: CommandContext): Promise<ExitCode> {
  const [text] = context.args.positionals;
  const length = text === undefined ? undefined : parseDuration(text);
  if (length === undefined || length === 0)
    throw new CliError(EXIT.usage, 'How far? Write one length of time, like keyturn sandbox advance 1d.');
  const { now } = await advanceInParts(context, length);
  return said({ now: formatInstant(now) }, `The time in the sandbox is ${formatInstant(now)}.`, context);
}

/** Moves the clock part by part, and says after each but the last how far it is: a month takes minutes. */
async function advanceInParts(context: CommandContext, length: Millis): Promise<SandboxState> {
  const control = await controlOf(context);
  const part = partOf(length);
  for (let done = part; done < length; done += part) {
    const { now } = await control.advance(part);
    if (context.args.has('json')) continue;
    const far = `${formatDuration(done)} of ${formatDuration(length)}`;
    context.err.line(`${far}: the time in the sandbox is ${formatInstant(now)}`, 'dim');
  }
  return control.advance(length % part === 0 ? part : length % part);
}

/** Whole hours, a day at the most, and twenty parts where that is less. */
function partOf(length: Millis): Millis {
  return Math.min(DAY, Math.max(HOUR, Math.ceil(length / 20 / HOUR) * HOUR));
}

async function grant(context: CommandContext): Promise<ExitCode> {
  const [issuer, ...secrets] = context.args.positionals;
  if (issuer === undefined || secrets.length === 0)
    throw new CliError(EXIT.usage, 'What to whom? Write keyturn sandbox grant ISSUER SECRET.');
  requireIssuer(issuer);
  await (await controlOf(context)).grant(issuer, secrets);
  return said(
    { issuer, secrets },
    `${secrets.join(', ')} may now have credentials at ${issuer} of the sandbox.`,
    context,
  );
}

async function fault(context: CommandContext): Promise<ExitCode> {
  const [issuer, text] = context.args.positionals;
  if (issuer === undefined || text === undefined)
    throw new CliError(
      EXIT.usage,
      `Which fault of which issuer? Write keyturn sandbox fault ISSUER ${SANDBOX_FAULTS.join('|')}.`,
    );
  requireIssuer(issuer);
  const kind = faultNamed(text);
  await (await controlOf(context)).fault(issuer, kind);
  return said({ issuer, fault: kind }, `${issuer} of the sandbox: ${SENTENCES[kind]}`, context);
}

const SENTENCES: Readonly<Record<SandboxFault, string>> = {
  unavailable: 'it answers every request with status 503.',
  throttled: 'it answers every request with status 429.',
  none: 'it works.',
};

function faultNamed(text: string): SandboxFault {
  const kind = SANDBOX_FAULTS.find((one) => one === text);
  if (kind !== undefined) return kind;
  throw new CliError(
    EXIT.usage,
    'There is no fault ' +
      `"${text}".${suggestion(text, SANDBOX_FAULTS) || ` There are ${SANDBOX_FAULTS.join(', ')}.`}`,
  );
}

function requireIssuer(issuer: string): void {
  if (ISSUER_IDS.includes(issuer)) return;
  throw new CliError(
    EXIT.usage,
    'There is no issuer ' +
      `"${issuer}".${suggestion(issuer, ISSUER_IDS) || ` There are ${ISSUER_IDS.join(', ')}.`}`,
  );
}

function said(
  view: AdvancedJson | GrantedJson | FaultJson,
  sentence: string,
  { args, out }: CommandContext,
): ExitCode {
  if (args.has('json')) out.json(view);
  else out.line(sentence);
  return EXIT.ok;
}

/** Errors: {@link CliError} for an installation in AWS. */
async function controlOf(context: CommandContext): Promise<SandboxControl> {
  const { control } = await context.ports();
  if (control) return control;
  throw new CliError(EXIT.usage, 'Only a sandbox can do this.');
}
