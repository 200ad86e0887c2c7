import { accessesIn } from '../../functions/core/detection/access.ts';
import { bulkReads, isInBulk } from '../../functions/core/detection/bulk-reads.ts';
import { doorsTried, isDoor } from '../../functions/core/detection/installation-wide.ts';
import { oddCallsIn, withOddCalls, type OddCaller } from '../../functions/core/detection/odd-callers.ts';
import type { Baseline } from '../../functions/core/detection/baseline.ts';
import { judge } from '../../functions/core/detection/judge.ts';
import { withUnusual, type Seen } from '../../functions/core/detection/anomaly-findings.ts';
import { TrailEvent } from '../../functions/core/detection/trail-event.ts';
import type { Unusual } from '../../functions/core/detection/anomaly.ts';
import { tokenIdOf } from '../../functions/core/basics/names.ts';
import type { FindingKind } from '../../functions/core/findings/findings.ts';
import { standing, type Noted } from '../../functions/core/findings/reported-findings.ts';
import { DAY, MINUTE } from '../../functions/core/basics/time.ts';
import type { Credential } from '../../functions/core/token/credential.ts';
import type { Token } from '../../functions/core/token/token.ts';
import { aToken } from '../fakes/tokens.ts';
import { HOME } from './events.ts';
import { BEGIN, arnOf, traffic, type Attack, type Call, type Model } from './traffic.ts';

/** What detection makes of a model's traffic. */
export interface Measured {
  readonly model: Model;
  readonly events: number;
  readonly eventsPerSecondPerCore: number;
  readonly writesPer1000Events: number;
  /** The size of the largest baseline, as JSON. */
  readonly largestBaselineBytes: number;
  readonly falseAlarms: number;
  readonly falseAlarmsPer10000: number;
  readonly falseAlarmsByKind: Readonly<Partial<Record<FindingKind, number>>>;
  readonly attacksPlanted: number;
  readonly attacksFound: number;
  /** By name, how often of how many. */
  readonly missed: readonly string[];
  readonly loudMissed: number;
  /** The most findings that one attack opened: twenty tokens read by one stranger are one thing. */
  readonly mostToldOfOne: number;
}

/** Events wait so long for others, as the stack has it. */
const WINDOW = MINUTE;
const ABOUT = { region: HOME.region, isRotationFunction: () => false };

interface State {
  token: Token;
  baseline: Baseline | undefined;
}

function tokenFor(service: number): Token {
  const at = BEGIN - 60 * DAY;
  const dead: Credential = {
    id: 'v1',
    versionId: 'v1',
    origin: 'minted',
    state: 'ended',
    promotedAt: at,
    revocationBegunAt: BEGIN,
  };
  const current: Credential = {
    id: 'v2',
    versionId: 'v2',
    origin: 'minted',
    state: 'current',
    promotedAt: BEGIN,
  };
  return aToken({
    id: tokenIdOf(arnOf(service)),
    secretArn: arnOf(service),
    enrolledAt: at,
    credentials: [dead, current],
  });
}

/**
 * Runs the traffic through the pure part of detection in batches of a minute, each token alone and then all
 * together, and holds what it finds against what was planted.
 */
export function measure(model: Model): Measured {
  const calls = traffic(model);
  const states = new Map(
    Array.from({ length: model.services }, (_, service): [string, State] => [
      arnOf(service),
      { token: tokenFor(service), baseline: undefined },
    ]),
  );
  const tally: Tally = { found: new Set(), falseAlarms: {}, toldOf: new Map() };
  let installationRecord: { noted: readonly Noted[] } = { noted: [] };
  let [readers, denied]: [OddCaller[], OddCaller[]] = [[], []];
  let [writes, busy, next, largest] = [0, 0, 0, 0];
  while (next < calls.length) {
    const from = next;
    const until = (calls[from]?.at ?? 0) + WINDOW;
    while (next < calls.length && (calls[next]?.at ?? 0) < until) next++;
    const batch = calls.slice(from, next);
    const started = process.cpuUsage();
    const judged = [...Map.groupBy(batch, (one) => one.arn)].flatMap(([arn, ofToken]) => {
      const state = states.get(arn);
      if (!state) return [];
      const accesses = ofToken.flatMap(({ text }) => accessesIn(TrailEvent.parse(JSON.parse(text)), HOME));
      return [{ state, ofToken, verdict: judge(state.token, state.baseline, accesses, ABOUT) }];
    });
    const odd = judged.map(({ state, verdict }) => oddCallsIn(state.token, verdict.unusual));
    const [reads, denials] = [odd.flatMap((one) => one.reads), odd.flatMap((one) => one.denials)];
    const before = JSON.stringify([readers, denied]);
    [readers, denied] = [withOddCalls(readers, reads), withOddCalls(denied, denials)];
    const isHere = (one: OddCaller): boolean =>
      [...reads, ...denials].some(({ sight }) => sight.principal === one.principal);
    const overAll =
      reads.length + denials.length === 0
        ? []
        : [...bulkReads(readers.filter(isHere)), ...doorsTried(denied.filter(isHere))];
    if (JSON.stringify([readers, denied]) !== before) writes++;
    for (const { state, ofToken, verdict } of judged) {
      const isTold = ({ kind, sight }: Unusual): boolean =>
        sight !== undefined &&
        (kind === 'access-denied'
          ? isDoor(denied, sight.principal, state.token.id)
          : isInBulk(readers, sight.principal, state.token.id));
      const unusual = verdict.unusual.map((one): Seen =>
        isTold(one) ? { ...one, toldBy: 'bulk-read' } : one,
      );
      reckon(
        unusual.filter((one) => one.toldBy === undefined),
        { calls: ofToken, before: state.token.noted, until },
        tally,
      );
      state.token = withUnusual(state.token, { ...verdict, unusual }, until);
      if (verdict.baseline !== state.baseline) writes++;
      state.baseline = verdict.baseline;
    }
    reckon(overAll, { calls: batch, before: installationRecord.noted, until }, tally);
    installationRecord = withUnusual(installationRecord, { unusual: overAll, over: [] }, until);
    const used = process.cpuUsage(started);
    busy += used.user + used.system;
  }
  for (const { baseline } of states.values())
    largest = Math.max(largest, JSON.stringify(baseline ?? null).length);
  return summary(model, calls, { ...tally, writes, seconds: busy / 1_000_000, largest });
}

interface Tally {
  readonly found: Set<Attack>;
  readonly falseAlarms: Partial<Record<FindingKind, number>>;
  /** How many findings each attack opened. */
  readonly toldOf: Map<Attack, number>;
}

/** Counts what was found: of an attack, as a false alarm, or as something that is known. */
function reckon(
  unusual: readonly Unusual[],
  at: { calls: readonly Call[]; before: readonly Noted[]; until: number },
  { found, falseAlarms, toldOf }: Tally,
): void {
  const known = new Set(standing({ noted: at.before }, at.until).map((one) => `${one.kind} ${one.subject}`));
  for (const one of unusual) {
    const name = `${one.kind} ${one.subject}`;
    const attack = at.calls.find((call) => call.attack && name.includes(call.attack.sign))?.attack;
    if (attack) found.add(attack);
    if (attack && !known.has(name)) toldOf.set(attack, (toldOf.get(attack) ?? 0) + 1);
    else if (!attack && !known.has(name) && !isOfAttack(at.calls))
      falseAlarms[one.kind] = (falseAlarms[one.kind] ?? 0) + 1;
  }
}

/** A finding that an attack set off beside the one that names it is no false alarm. */
function isOfAttack(batch: readonly Call[]): boolean {
  return batch.some((one) => one.attack !== undefined);
}

function summary(
  model: Model,
  calls: readonly Call[],
  seen: Tally & { writes: number; seconds: number; largest: number },
): Measured {
  const planted = new Set(calls.flatMap((one) => one.attack ?? []));
  const missed = [...planted].filter((attack) => !seen.found.has(attack));
  const alarms = Object.values(seen.falseAlarms).reduce((sum, count) => sum + count, 0);
  const normal = calls.filter((one) => !one.attack).length;
  const names = Map.groupBy(missed, (attack) => attack.name);
  return {
    model,
    events: calls.length,
    eventsPerSecondPerCore: Math.round(calls.length / seen.seconds),
    writesPer1000Events: Math.round((seen.writes / calls.length) * 1_000),
    largestBaselineBytes: seen.largest,
    falseAlarms: alarms,
    falseAlarmsPer10000: Math.round((alarms / normal) * 100_000) / 10,
    falseAlarmsByKind: seen.falseAlarms,
    attacksPlanted: planted.size,
    attacksFound: planted.size - missed.length,
    missed: [...names].map(
      ([name, some]) =>
        `${name} (${some.length} of ${[...planted].filter((one) => one.name === name).length})`,
    ),
    loudMissed: missed.filter((attack) => attack.loud).length,
    mostToldOfOne: Math.max(0, ...seen.toldOf.values()),
  };
}
