import { standingOf } from '../../../functions/core/alerts/routes.ts';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import type { InstallationRecord } from '../../../functions/core/inventory/installation.ts';
import type { Finding, FindingKind } from '../../../functions/core/findings/findings.ts';
import { HOUR, type Instant } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import type { CliPorts } from '../command-line/command.ts';
import { counted } from '../output/counted.ts';
import { failureOf } from '../aws/failures.ts';
import { openFindings } from '../output/finding-view.ts';
import { fromNow } from '../output/words.ts';

/**
 * What one check found: `ok`, or what is wrong and what to do. `unknown` is not `ok`: the caller may not
 * look, or AWS did not answer.
 */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'problem' | 'unknown' | 'off';
  readonly detail: string;
}

/** What the checks look at. */
export interface Patient {
  readonly ports: CliPorts;
  readonly own: InstallationRecord;
  readonly tokens: readonly Token[];
  readonly now: Instant;
}

type Result = Omit<Check, 'name'>;

const CHECKS: readonly (readonly [name: string, check: (patient: Patient) => Promise<Result>])[] = [
  ['alert subscriptions', subscriptionsConfirmed],
  ['alert delivery', alertsArrive],
  ['admin credentials', async (patient) => adminsActive(patient)],
  ['dead-letter queues', queuesEmpty],
  ['reconcile schedule', reconcileRuns],
  ['sweep schedule', async (patient) => sweepRuns(patient)],
  ['inventory', inventoryComplete],
  ['CloudTrail', async (patient) => trailSeen(patient)],
];

/** Every check, in order. A check that may not look says so, and the others go on. */
export async function examined(patient: Patient): Promise<Check[]> {
  const found: Check[] = [];
  for (const [name, check] of CHECKS)
    found.push({ name, ...(await orUnknown(check(patient), patient.ports.installation)) });
  return found;
}

async function orUnknown(checking: Promise<Result>, installation: string): Promise<Result> {
  try {
    return await checking;
  } catch (error) {
    if (!(error instanceof KeyturnError)) throw error;
    return { state: 'unknown', detail: failureOf(error, { installation, sandbox: undefined }).text };
  }
}

function ok(detail: string): Result {
  return { state: 'ok', detail };
}

function problem(detail: string): Result {
  return { state: 'problem', detail };
}

async function subscriptionsConfirmed({ ports }: Patient): Promise<Result> {
  // The queue of the function `chat` passes alerts on to the other topic; it is no recipient.
  const all = (await ports.topics.list()).filter(
    ({ endpoint }) => !endpoint.endsWith(`:keyturn-${ports.installation}-chat`),
  );
  const confirmed = all.filter(({ state }) => state === 'confirmed');
  if (confirmed.length === 0)
    return problem(
      'No subscription to alerts is confirmed. Name addresses under alerts in keyturn.json and deploy, ' +
        'then run `keyturn alerts confirm`.',
    );
  const wrong = all.filter((one) => ['waiting', 'anybody'].includes(standingOf(one)));
  if (wrong.length > 0)
    return problem(
      `${counted(wrong.length, 'subscription')} to confirm. \`keyturn alerts list\` names them; ` +
        `\`keyturn alerts confirm\` confirms one.`,
    );
  return ok(`${counted(confirmed.length, 'subscription')} confirmed.`);
}

const ALERT_KINDS = ['alert-subscription-unhealthy'] as const satisfies readonly FindingKind[];
const ADMIN_KINDS = [
  'admin-credential-expiring',
  'admin-credential-unusable',
  'admin-credential-leaked',
  'issuing-credential-leaked',
] as const satisfies readonly FindingKind[];
const TRAIL_KINDS = ['cloudtrail-events-missing'] as const satisfies readonly FindingKind[];

async function alertsArrive({ own, now }: Patient): Promise<Result> {
  const open = ofKinds(openFindings(own), ALERT_KINDS);
  if (open[0]) return problem(`${open[0].detail} \`keyturn show installation\` says more.`);
  const arrivedAt = own.canary?.arrivedAt ?? own.canary?.provenAt;
  if (arrivedAt === undefined)
    return {
      state: 'unknown',
      detail:
        'No daily test message has gone through the alert function yet. Run `keyturn doctor` again in ' +
        'some hours.',
    };
  return ok(`The daily test message last went through the alert function ${fromNow(arrivedAt, now)}.`);
}

function adminsActive({ own, tokens }: Patient): Result {
  const ofTokens = tokens.flatMap((token) =>
    ofKinds(openFindings(token), ADMIN_KINDS).map((one) => ({ name: token.name, one })),
  );
  const first = ofTokens[0];
  const wrong = ofKinds(openFindings(own), ADMIN_KINDS);
  if (wrong[0]) return problem(`${wrong[0].detail} \`keyturn show installation\` says more.`);
  if (first) return problem(`${first.name}: ${first.one.detail} \`keyturn show ${first.name}\` says more.`);
  return ok('No finding about an admin credential is open.');
}

async function queuesEmpty({ ports }: Patient): Promise<Result> {
  const waiting = (await ports.queues.list()).filter(({ messages }) => messages > 0);
  if (waiting.length === 0) return ok('They are empty.');
  return problem(
    `${waiting.map(({ name, messages }) => `${name} holds ${counted(messages, 'message')}`).join(', ')}. ` +
      `Fix the reason, then run \`keyturn redrive\`.`,
  );
}

/** The longest interval that the settings allow, and time for a pass. */
const RECONCILE_WITHIN = 5 * HOUR;
const SWEEP_WITHIN = 7 * HOUR;

async function reconcileRuns({ ports, now }: Patient): Promise<Result> {
  const pass = await ports.inventory.lastPass();
  if (pass === undefined)
    return {
      state: 'unknown',
      detail: 'No pass of reconcile is on record yet. Run `keyturn doctor` again in an hour.',
    };
  if (now - pass.startedAt <= RECONCILE_WITHIN)
    return ok(`The last pass of reconcile began ${fromNow(pass.startedAt, now)}.`);
  return problem(
    `The last pass of reconcile began ${fromNow(pass.startedAt, now)}. Enable its schedule in ` +
      'EventBridge Scheduler, and read the log of the function reconcile.',
  );
}

function sweepRuns({ tokens, now }: Patient): Result {
  const late = tokens.filter((token) => token.dueAt !== undefined && now - token.dueAt > SWEEP_WITHIN);
  if (late.length === 0) return ok('No work is overdue.');
  return problem(
    `Work is overdue for ${counted(late.length, 'token')}, such as ${late[0]?.name ?? ''}. Enable the ` +
      'schedule of the sweep in EventBridge Scheduler, and read the log of the function sweep.',
  );
}

async function inventoryComplete({ ports, tokens }: Patient): Promise<Result> {
  if (await ports.inventory.isComplete()) return ok(`It is complete: ${counted(tokens.length, 'token')}.`);
  return problem(
    'It is being built, and Keyturn revokes nothing until it is complete. Wait for a pass of reconcile.',
  );
}

function trailSeen({ own, now }: Patient): Result {
  const open = ofKinds(openFindings(own), TRAIL_KINDS);
  if (open[0]) return problem(`${open[0].detail} \`keyturn show installation\` says more.`);
  if (own.trail === undefined)
    return { state: 'off', detail: 'Detection is off: the setting detection.trail enables it.' };
  if (own.trail.seenAt === undefined)
    return {
      state: 'unknown',
      detail: 'No read was seen in the trail yet. Run `keyturn doctor` again in some hours.',
    };
  return ok(`The last read in the trail was ${fromNow(own.trail.seenAt, now)}.`);
}

function ofKinds(findings: readonly Finding[], kinds: readonly FindingKind[]): Finding[] {
  return findings.filter(({ kind }) => kinds.includes(kind));
}
