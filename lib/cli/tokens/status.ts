import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import {
  NEW_INSTALLATION_RECORD,
  type InstallationRecord,
} from '../../../functions/core/inventory/installation.ts';
import { AHEAD } from '../../../functions/core/rotation/inspections.ts';
import type { Instant } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CliCommand, CliPorts, CommandContext } from '../command-line/command.ts';
import { counted } from '../output/counted.ts';
import { CliError, EXIT, type ExitCode } from '../command-line/exit.ts';
import { disabledLines } from './disabled-text.ts';
import { printTokens, worstFirst } from './status-table.ts';
import { filtered, isNarrowed } from './filters.ts';
import { printInstallation } from './installation.ts';
import { warnWithoutReceivers } from '../operations/missing-subscriptions.ts';
import { takenOn } from './open-findings.ts';
import { openFindings, worstOf } from '../output/finding-view.ts';
import { statusView } from '../output/status-view.ts';
import { fromNow } from '../output/words.ts';

export const status: CliCommand = {
  name: 'status',
  group: 'Look',
  effect: 'reads',
  summary: 'List all tokens, the worst first',
  usage: '[--owner NAME] [--issuer ID] [--environment NAME] [--all]',
  examples: [
    ['keyturn status', 'every token; what needs attention comes first'],
    ['keyturn status --owner team-billing', 'those of one team'],
    ['keyturn status --exit-code > /dev/null', 'for scripts: exit code 5 while a critical finding is open'],
  ],
  options: {
    owner: { type: 'string', hint: 'NAME', summary: 'only tokens of this owner' },
    issuer: { type: 'string', hint: 'ID', summary: 'only tokens of this issuer' },
    environment: { type: 'string', hint: 'NAME', summary: 'only tokens of this environment' },
    all: { type: 'boolean', summary: 'also detached tokens without an open finding' },
  },
  takes: 0,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const ports = await context.ports();
  const now = await ports.now();
  const { tokens, fault } = await readAll(ports);
  const wanted = shown(tokens, context);
  const views = wanted.map((token) =>
    statusView(token, {
      installation: ports.installation,
      facts: ports.descriptor(token.provider),
      now,
    }),
  );
  views.sort(worstFirst);
  if (context.args.has('json')) context.out.json({ tokens: views });
  else printTokens(views, now, context);
  const own = isNarrowed(context)
    ? NEW_INSTALLATION_RECORD
    : (await ports.inventory.loadInstallationRecord()).installationRecord;
  if (!context.args.has('json')) tellMore(wanted, { own, installation: ports.installation }, now, context);
  explainInspections(wanted, now, context);
  await explain(ports, context);
  if (!isNarrowed(context)) await warnWithoutReceivers(ports, context);
  if (fault) throw fault;
  const isCritical =
    views.some((view) => view.worst === 'critical') || worstOf(openFindings(own)) === 'critical';
  return isCritical && context.args.has('exit-code') ? EXIT.found : EXIT.ok;
}

/** A record that cannot be read must not hide the others: it is complained of after them. */
async function readAll(ports: CliPorts): Promise<{ tokens: Token[]; fault: KeyturnError | undefined }> {
  const tokens: Token[] = [];
  try {
    for await (const { token } of ports.inventory.all()) tokens.push(token);
  } catch (error) {
    if (error instanceof KeyturnError && error.code === 'record-invalid') return { tokens, fault: error };
    throw error;
  }
  return { tokens, fault: undefined };
}

/** Errors: {@link CliError} where a filter fits nothing. */
function shown(tokens: readonly Token[], context: CommandContext): Token[] {
  const fitting = filtered(tokens, context);
  const visible = fitting.filter(
    (token) => token.detachedAt === undefined || openFindings(token).length > 0 || context.args.has('all'),
  );
  if (visible.length > 0 || fitting.length === 0) return visible;
  const isOne = fitting.length === 1;
  const hidden =
    `${counted(fitting.length, 'detached token')} ${isOne ? 'is' : 'are'} not listed: add --all to see ` +
    `${isOne ? 'it' : 'them'}.`;
  if (isNarrowed(context)) throw new CliError(EXIT.usage, `No other token fits; ${hidden}`);
  context.err.line(hidden, 'dim');
  return visible;
}

/**
 * Beside the table: what a person has acknowledged, what is disabled, and what is wrong with the installation
 * itself.
 */
function tellMore(
  tokens: readonly Token[],
  { own, installation }: { readonly own: InstallationRecord; readonly installation: string },
  now: Instant,
  { out }: CommandContext,
): void {
  const taken = tokens.flatMap((token) =>
    openFindings(token).flatMap((one) =>
      one.acknowledged ? [`${token.name}: ${one.kind} ${takenOn(one, now)}.`] : [],
    ),
  );
  if (taken.length > 0) out.line();
  for (const line of taken.sort()) out.line(line, 'dim');
  const disabled = tokens.flatMap((token) => disabledLines(token, now));
  if (disabled.length > 0) out.line();
  for (const line of disabled.sort()) out.line(line, 'warn');
  if (openFindings(own).length === 0) return;
  out.line();
  printInstallation(own, installation, { now, out });
}

async function explain(ports: CliPorts, { err }: CommandContext): Promise<void> {
  if (await ports.inventory.isComplete()) return;
  err.line(
    'The inventory is not known to be complete. Reconcile is building it, and Keyturn revokes nothing ' +
      'until then.',
    'warn',
  );
}

/** Says where an issuer has more tokens than it lets be inspected in time. */
function explainInspections(tokens: readonly Token[], now: Instant, { err }: CommandContext): void {
  const waiting = tokens.flatMap(({ provider, inspectionAt = 0 }) =>
    inspectionAt > now + AHEAD ? [{ provider, inspectionAt }] : [],
  );
  for (const [provider, some] of Map.groupBy(waiting, (one) => one.provider)) {
    const last = some.reduce((latest, one) => Math.max(latest, one.inspectionAt), now);
    err.line(
      `Inspections of ${provider} wait in line: ${counted(some.length, 'token')}, the last one ` +
        `${fromNow(last, now)}. The setting issuers.${provider}.maxConcurrency says how many requests ` +
        'its issuers take at once.',
      'warn',
    );
  }
}
