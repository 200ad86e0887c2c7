import { accessesIn } from '../../functions/core/detection/access.ts';
import type { Baseline } from '../../functions/core/detection/baseline.ts';
import { judge } from '../../functions/core/detection/judge.ts';
import { withUnusual } from '../../functions/core/detection/notes.ts';
import { TrailEvent } from '../../functions/core/detection/trail-event.ts';
import { tokenIdOf } from '../../functions/core/names.ts';
import type { FindingKind } from '../../functions/core/findings.ts';
import { standing } from '../../functions/core/noted.ts';
import { DAY, MINUTE } from '../../functions/core/time.ts';
import type { Generation, Token } from '../../functions/core/token.ts';
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
  const dead: Generation = { id: 'v1', versionId: 'v1', origin: 'minted', state: 'dead', promotedAt: at, claimedAt: BEGIN };
  const current: Generation = { id: 'v2', versionId: 'v2', origin: 'minted', state: 'current', promotedAt: BEGIN };
  return aToken({ id: tokenIdOf(arnOf(service)), secretArn: arnOf(service), enrolledAt: at, generations: [dead, current] });
}

/** Runs the traffic through the pure part of detection in batches of a minute, and holds what it finds against what was planted. */
export function measure(model: Model): Measured {
  const calls = traffic(model);
  const states = new Map(Array.from({ length: model.services }, (_, service): [string, State] => [arnOf(service), { token: tokenFor(service), baseline: undefined }]));
  const found = new Set<Attack>();
  const falseAlarms: Partial<Record<FindingKind, number>> = {};
  let [writes, busy, next, largest] = [0, 0, 0, 0];
  while (next < calls.length) {
    const from = next;
    const until = (calls[from]?.at ?? 0) + WINDOW;
    while (next < calls.length && (calls[next]?.at ?? 0) < until) next++;
    const byToken = Map.groupBy(calls.slice(from, next), (one) => one.arn);
    for (const [arn, batch] of byToken) {
      const state = states.get(arn);
      if (!state) continue;
      const before = state.token.noted;
      const started = process.cpuUsage();
      const accesses = batch.flatMap(({ text }) => accessesIn(TrailEvent.parse(JSON.parse(text)), HOME));
      const verdict = judge(state.token, state.baseline, accesses, ABOUT);
      state.token = withUnusual(state.token, verdict, until);
      const used = process.cpuUsage(started);
      busy += used.user + used.system;
      if (verdict.baseline !== state.baseline) writes++;
      state.baseline = verdict.baseline;
      const known = new Set(standing({ noted: before }, until).map((one) => `${one.kind} ${one.subject}`));
      for (const one of verdict.unusual) {
        const attack = batch.find((call) => call.attack && `${one.kind} ${one.subject}`.includes(call.attack.sign))?.attack;
        if (attack) found.add(attack);
        else if (!known.has(`${one.kind} ${one.subject}`) && !isOfAttack(batch)) falseAlarms[one.kind] = (falseAlarms[one.kind] ?? 0) + 1;
      }
    }
  }
  for (const { baseline } of states.values()) largest = Math.max(largest, JSON.stringify(baseline ?? null).length);
  return summary(model, calls, { found, falseAlarms, writes, seconds: busy / 1_000_000, largest });
}

/** A finding that an attack set off beside the one that names it is no false alarm. */
function isOfAttack(batch: readonly Call[]): boolean {
  return batch.some((one) => one.attack !== undefined);
}

function summary(model: Model, calls: readonly Call[], seen: { found: ReadonlySet<Attack>; falseAlarms: Measured['falseAlarmsByKind']; writes: number; seconds: number; largest: number }): Measured {
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
    missed: [...names].map(([name, some]) => `${name} (${some.length} of ${[...planted].filter((one) => one.name === name).length})`),
    loudMissed: missed.filter((attack) => attack.loud).length,
  };
}
