import { validityAt } from '../../../functions/core/validity/validity.ts';
import type { Reading } from '../../../functions/core/detection/readers.ts';
import { formatInstant, type Instant } from '../../../functions/core/basics/time.ts';
import { policyText } from '../../../functions/core/policy/policy-input.ts';
import { currentOf } from '../../../functions/core/token/lookups.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { appointmentText } from './appointments.ts';
import type { CliCommand, CliPorts, CommandContext } from '../command-line/command.ts';
import { CONSUMER_COLUMNS, consumerRow, consumerView } from '../consumers/rows.ts';
import { CREDENTIAL_COLUMNS, ROTATION_COLUMNS, credentialRow, rotationRow } from './credential-rows.ts';
import { EXIT, type ExitCode } from '../command-line/exit.ts';
import { namedToken } from './find-token.ts';
import { incidentLines } from '../leaks/incidents.ts';
import { isInstallation, showInstallation } from './installation.ts';
import { printOpen } from './open-findings.ts';
import { READER_COLUMNS, noReaders, readerRow, readerView } from '../consumers/readers.ts';
import type { Screen } from '../output/screen.ts';
import { WIDTH, indented, notedTable, wrapped } from '../output/tables.ts';
import { usedText } from './token-users.ts';
import { VALIDITY_TONES } from './validity.ts';
import { openFindings } from '../output/finding-view.ts';
import { tokenView } from '../output/token-view.ts';
import { agendaOf } from './agenda.ts';
import { STATES, fromNow, stateOf } from '../output/words.ts';

export const show: CliCommand = {
  name: 'show',
  group: 'Look',
  effect: 'reads',
  summary: 'Show one token: credentials, rotations, findings, policy, and what comes next',
  usage: 'TOKEN|installation [--readers]',
  examples: [
    ['keyturn show prod/billing/gitlab', 'by the name of its secret'],
    ['keyturn show prod/b', 'by the beginning of its name, if only one fits'],
    ['keyturn show prod/billing/gitlab --readers', 'also who read its secret; needs a trail'],
    ['keyturn show installation', 'findings of the installation itself'],
  ],
  options: {
    readers: { type: 'boolean', summary: 'also who reads its secret, from where, and which credential' },
  },
  takes: 1,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const { args, out } = context;
  const ports = await context.ports();
  if (isInstallation(context)) return showInstallation(context, ports);
  const token = await namedToken(context, ports);
  const now = await ports.now();
  const readings = args.has('readers') ? await ports.inventory.readers(token.id) : undefined;
  if (args.has('json'))
    out.json({
      ...tokenView(token, {
        installation: ports.installation,
        facts: ports.descriptor(token.provider),
        now,
      }),
      consumers: (token.consumers ?? []).map((one) => consumerView(token, one)),
      ...(readings && { readers: readings.map((one) => readerView(one, token)) }),
    });
  else print(token, readings, { ports, now, out });
  return openFindings(token).length > 0 && args.has('exit-code') ? EXIT.found : EXIT.ok;
}

interface Printing {
  readonly ports: CliPorts;
  readonly now: Instant;
  readonly out: Screen;
}

function print(token: Token, readings: readonly Reading[] | undefined, to: Printing): void {
  const { out, now } = to;
  printHead(token, to);
  printFindings(token, to);
  heading('Credentials', out);
  if (token.credentials.length === 0) out.line('  none yet');
  else
    notedTable(
      CREDENTIAL_COLUMNS,
      token.credentials.toReversed().map((one) => credentialRow(token, one, now)),
      out,
    );
  if (token.consumers !== undefined) {
    heading('Consumers', out);
    if (token.consumers.length === 0) out.line('  none');
    else
      notedTable(
        CONSUMER_COLUMNS,
        token.consumers.map((one) => consumerRow(token, one, now)),
        out,
      );
  }
  if (readings) printReaders(token, readings, to);
  heading('Rotations', out);
  if (token.attempts.length === 0) out.line('  none yet');
  else
    notedTable(
      ROTATION_COLUMNS,
      token.attempts.toReversed().map((one) => rotationRow(one, now)),
      out,
    );
  const leaks = incidentLines(token);
  if (leaks.length > 0) heading('Leaks', out);
  for (const line of leaks) indented(line, out, { by: 2 });
  printPolicy(token, out);
  printAgenda(token, to);
}

function heading(text: string, out: Screen): void {
  out.line();
  out.line(text, 'dim');
}

function printReaders(token: Token, readings: readonly Reading[], { now, out }: Printing): void {
  heading('Readers', out);
  if (readings.length === 0) indented(noReaders(token.name), out, { by: 2 });
  else
    notedTable(
      READER_COLUMNS,
      readings.map((one) => readerRow(one, token, now)),
      out,
    );
}

function printHead(token: Token, { ports, now, out }: Printing): void {
  const state = stateOf(token, now);
  const expiresAt = currentOf(token)?.expiresAt;
  const validity = validityAt(token, now);
  out.fields([
    ['token', token.name],
    ['id', token.id],
    ['state', `${state}: ${STATES[state].meaning}`, STATES[state].tone],
    ['validity', validityText(token, now), VALIDITY_TONES[validity ?? 'unknown']],
    ['issuer', token.provider],
    ['owner', token.owner],
    ['environment', token.environment],
    ['purpose', token.purpose || '-'],
    ['secret', token.secretArn],
    ['scopes', token.scopes?.join(' ') ?? '-'],
    ['expires', expiresAt === undefined ? '-' : when(expiresAt, now)],
    ['last used', usedText(token, ports.descriptor(token.provider), now)],
  ]);
  for (const line of token.unusable === undefined ? [] : wrapped(token.unusable, WIDTH))
    out.line(line, 'bad');
  for (const line of token.lastError ? wrapped(`Last error: ${token.lastError.message}`, WIDTH) : [])
    out.line(line, 'bad');
}

function validityText(token: Token, now: Instant): string {
  const validity = validityAt(token, now);
  if (validity === undefined) return '-';
  const asked = token.validity === undefined ? '' : `, asked ${fromNow(token.validity.at, now)}`;
  const since =
    validity === 'active' || token.activeAt === undefined ? '' : `, last active ${when(token.activeAt, now)}`;
  const why =
    validity === 'unknown' && token.validity?.reason !== undefined ? `: ${token.validity.reason}` : '';
  return `${validity}${asked}${since}${why}`;
}

function when(at: Instant, now: Instant): string {
  return `${formatInstant(at)} (${fromNow(at, now)})`;
}

function printFindings(token: Token, { ports, now, out }: Printing): void {
  const open = openFindings(token);
  if (open.length === 0) return;
  heading('Open findings', out);
  printOpen(open, { ...token, installation: ports.installation }, { now, out });
}

/** Fields of the policy that hold lists of sentences rather than of words. */
const LISTED: ReadonlySet<string> = new Set(['rotationWindows', 'freezes', 'healthSignals']);

function printPolicy(token: Token, out: Screen): void {
  heading('Policy', out);
  const fields = Object.entries(policyText(token.policy)).flatMap(([name, value]) =>
    value === undefined || value.length === 0
      ? []
      : [{ name, text: typeof value === 'string' ? value : value.join(LISTED.has(name) ? ' + ' : ' ') }],
  );
  const width = Math.max(0, ...fields.map(({ name }) => name.length));
  for (const { name, text } of fields) out.line(`  ${name.padEnd(width)}  ${text}`);
}

function printAgenda(token: Token, { ports, now, out }: Printing): void {
  heading('What comes next', out);
  const next = agendaOf(token, ports.descriptor(token.provider), now);
  if (next.length === 0) out.line('  nothing is planned');
  for (const one of next)
    indented(
      `${one.at <= now ? 'at the next sweep' : fromNow(one.at, now)}: ${appointmentText(one, token)}`,
      out,
      { by: 2 },
    );
}
