import { livenessOf } from '../../functions/core/pulse.ts';
import { consumerText } from '../../functions/core/delivery/consumers.ts';
import { arrivedAt, errandOf } from '../../functions/core/delivery/deliveries.ts';
import { laggardText } from '../../functions/core/delivery/evidence.ts';
import { formatInstant, type Instant } from '../../functions/core/time.ts';
import type { Attempt } from '../../functions/core/attempt.ts';
import type { Consumer } from '../../functions/core/delivery/consumer-state.ts';
import { currentOf, generationOf, type Generation, type Token } from '../../functions/core/token.ts';
import type { CliCommand, CliPorts, CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { namedToken } from './find-token.ts';
import { incidentLines } from './incidents.ts';
import { isInstallation, showInstallation } from './installation.ts';
import { printOpen } from './open-findings.ts';
import type { Screen } from './screen.ts';
import { LIVE_TONES } from './status.ts';
import { usedText } from './use.ts';
import { agendaOf, openFindings, policyView, tokenView, type Appointment } from './views.ts';
import { CAUSES, STATES, fromNow, stateOf } from './words.ts';

export const show: CliCommand = {
  name: 'show',
  effect: 'reads',
  summary: 'Everything about one token: credentials, rotations, findings, policy, and what comes next',
  usage: 'keyturn show TOKEN|installation [--json]',
  examples: [
    ['keyturn show prod/billing/gitlab', 'by the name of its secret'],
    ['keyturn show prod/b', 'by the beginning of its name, if only one fits'],
    ['keyturn show installation', 'what is wrong that belongs to no token'],
  ],
  options: { json: { type: 'boolean', summary: 'print one object' } },
  takes: 1,
  run,
};

async function run(context: CommandContext): Promise<ExitCode> {
  const ports = await context.ports();
  if (isInstallation(context)) return showInstallation(context, ports);
  const token = await namedToken(context, ports);
  const now = await ports.now();
  if (context.args.has('json')) context.out.json(tokenView(token, ports.descriptor(token.provider), now));
  else print(token, { ports, now, out: context.out });
  return EXIT.ok;
}

interface Printing {
  readonly ports: CliPorts;
  readonly now: Instant;
  readonly out: Screen;
}

function print(token: Token, to: Printing): void {
  const { out, now } = to;
  printHead(token, to);
  printFindings(token, to);
  heading('Credentials', out);
  if (token.generations.length === 0) out.line('  none yet');
  for (const one of token.generations.toReversed()) out.line(`  ${generationText(one, now)}`, one.state === 'dead' ? 'dim' : undefined);
  printConsumers(token, to);
  heading('Rotations', out);
  if (token.attempts.length === 0) out.line('  none yet');
  for (const one of token.attempts.toReversed()) out.line(`  ${attemptText(one, now)}`);
  const leaks = incidentLines(token);
  if (leaks.length > 0) heading('Leaks', out);
  for (const line of leaks) out.line(`  ${line}`);
  heading('Policy', out);
  for (const [name, value] of Object.entries(policyView(token.policy))) if (value !== undefined && value.length > 0) out.line(`  ${name} ${typeof value === 'string' ? value : value.join(name === 'windows' || name === 'freezes' || name === 'health' ? ' + ' : ' ')}`);
  heading('What comes next', out);
  const next = agendaOf(token, to.ports.descriptor(token.provider), now);
  if (next.length === 0) out.line('  nothing is planned');
  for (const one of next) out.line(`  ${one.at <= now ? 'at the next sweep' : fromNow(one.at, now)}: ${appointmentText(one, token)}`);
}

function heading(text: string, out: Screen): void {
  out.line();
  out.line(text, 'dim');
}

function printHead(token: Token, { ports, now, out }: Printing): void {
  const state = stateOf(token, now);
  const expiresAt = currentOf(token)?.expiresAt;
  out.fields([
    ['token', token.name],
    ['id', token.id],
    ['state', `${state}: ${STATES[state].meaning}`, STATES[state].tone],
    ['provider', token.provider],
    ['owner', token.owner],
    ['environment', token.environment],
    ['purpose', token.purpose || '-'],
    ['secret', token.secretArn],
    ['scopes', token.scopes?.join(' ') ?? '-'],
    ['expires', expiresAt === undefined ? '-' : when(expiresAt, now)],
    ['live', liveText(token, now), LIVE_TONES[livenessOf(token, now) ?? 'unknown']],
    ['last used', usedText(token, ports.descriptor(token.provider), now)],
  ]);
  if (token.unusable !== undefined) out.line(token.unusable, 'bad');
  if (token.lastError) out.line(`Last error: ${token.lastError.message}`, 'bad');
}

function liveText(token: Token, now: Instant): string {
  const live = livenessOf(token, now);
  if (live === undefined) return '-';
  const asked = token.pulse === undefined ? '' : `, asked ${fromNow(token.pulse.at, now)}`;
  const since = live === 'alive' || token.aliveAt === undefined ? '' : `, last alive ${when(token.aliveAt, now)}`;
  const why = live === 'unknown' && token.pulse?.reason !== undefined ? `: ${token.pulse.reason}` : '';
  return `${live}${asked}${since}${why}`;
}

function when(at: Instant, now: Instant): string {
  return `${formatInstant(at)} (${fromNow(at, now)})`;
}

function printFindings(token: Token, { now, out }: Printing): void {
  const open = openFindings(token);
  if (open.length === 0) return;
  heading('Open findings', out);
  printOpen(open, now, out);
}

function printConsumers(token: Token, { now, out }: Printing): void {
  if (token.consumers === undefined) return;
  heading('Consumers', out);
  for (const one of token.consumers) out.line(`  ${one.name}  ${consumerText(one)}  ${consumerNotes(token, one, now).join(', ')}`);
}

function consumerNotes(token: Token, one: Consumer, now: Instant): string[] {
  const arrived = arrivedAt(token, one);
  const pending = errandOf(token, one)?.delivery;
  const running = (one.uses ?? []).filter((use) => use.releasedAt === undefined).map((use) => use.version);
  return [
    ...(arrived === undefined ? [] : [`got the current credential ${fromNow(arrived, now)}`]),
    ...(pending ? [`${pending.state}${pending.problem ? `: ${pending.problem.message}` : ''}`] : []),
    ...(one.acknowledged ? [`${one.acknowledged.by} said ${fromNow(one.acknowledged.at, now)} that it uses ${one.acknowledged.generationId}`] : []),
    ...(running.length > 0 ? [`versions that run: ${running.join(', ')}`] : []),
  ];
}

function generationText(one: Generation, now: Instant): string {
  const dates: (readonly [string, Instant | undefined])[] = [
    ['born', one.bornAt],
    ['current since', one.state === 'current' ? one.promotedAt : undefined],
    ['replaced', one.supersededAt],
    ['last used', one.lastUsedAt],
    ['expires', one.state === 'dead' ? undefined : one.expiresAt],
    ['revoked', one.revokedAt],
    [one.proof === 'absence' ? 'verified by list, the weaker proof' : 'proven dead', one.deadAt],
    ['forgotten', one.forgotten?.at],
  ];
  const told = dates.flatMap(([name, at]) => (at === undefined ? [] : [`${name} ${fromNow(at, now)}`]));
  const notes = [one.origin, ...told, ...(one.condemned && one.state !== 'dead' ? ['to die without grace'] : []), ...(one.state === 'previous' ? (one.laggards ?? []).map(laggardText) : []), ...(one.evidence ? [`${one.evidence.strength} evidence: ${one.evidence.grounds.map((ground) => `${ground.by}, ${ground.what}`).join('; ') || 'grace alone'}`] : []), ...(one.problem ? [one.problem.detail] : []), ...(one.forgotten ? [`${one.forgotten.by}: ${one.forgotten.reason}`] : [])];
  return `${one.forgotten ? 'forgotten' : one.state}  ${one.id}  ${one.handle ?? 'no handle'}  ${notes.join(', ')}`;
}

function attemptText(one: Attempt, now: Instant): string {
  const ended = one.endedAt === undefined ? `to end by ${formatInstant(one.deadline)}` : `ended ${fromNow(one.endedAt, now)}`;
  return `${one.state}  ${one.id}  ${CAUSES[one.cause]}, begun ${fromNow(one.openedAt, now)}, ${ended}`;
}

function appointmentText(one: Appointment, token: Token): string {
  const generation = generationOf(token, one.about ?? '');
  const credential = generation?.handle ?? one.about ?? '';
  switch (one.kind) {
    case 'rotate':
      return `rotate (${Object.entries(CAUSES).find(([cause]) => cause === one.about)?.[1] ?? 'due'})`;
    case 'settle':
      return `record how the rotation ${one.about ?? ''} ended, or abort it`;
    case 'retire':
      return generation?.revokedAt === undefined ? `see whether the old credential ${credential} may be revoked` : `prove the revoked credential ${credential} dead`;
    case 'rollback':
      return 'finish the rollback';
    case 'deliver':
      return `bring the current credential to the consumer ${one.about ?? ''}, or see whether it arrived`;
    case 'inspect':
      return 'compare the record with Secrets Manager and the issuer';
    default:
      return 'publish what happened';
  }
}
