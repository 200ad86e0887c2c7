import type { Fact, FindingFact, LifeFact } from '../../../functions/core/events.ts';
import type { Instant } from '../../../functions/core/time.ts';
import type { Heard } from './alerts.ts';
import type { Calls, Holdings } from './audit.ts';
import { GROUP } from './cast.ts';

/** What the story promised, and whether it held. */
export interface Vow {
  readonly name: string;
  readonly held: boolean;
  /** The numbers behind it, or what is wrong. */
  readonly detail: string;
}

/** Everything that promises are judged by. */
export interface Evidence {
  readonly secrets: readonly string[];
  readonly facts: readonly Fact[];
  readonly calls: readonly Calls[];
  readonly holdings: readonly Holdings[];
  readonly heard: Heard;
  /** When the token that could not be rotated was to end. */
  readonly brokenEnds: Instant;
  /** Places in which a secret value was found. */
  readonly leaks: readonly string[];
  /** How many places were searched for how many values. */
  readonly searched: { readonly places: number; readonly values: number };
  readonly leastRotations: number;
}

export function judge(evidence: Evidence): Vow[] {
  return [noFailures(evidence), everybodyWorked(evidence), rotationsClosed(evidence), rotatedOften(evidence), provenDead(evidence), oneLive(evidence), toldOnce(evidence), nothingElse(evidence), noLeak(evidence)];
}

export function livesOf(facts: readonly Fact[], what: LifeFact['what']): LifeFact[] {
  return facts.filter((fact) => fact.type === 'life').filter((fact) => fact.what === what);
}

function vow(name: string, wrong: readonly string[], fine: string): Vow {
  return { name, held: wrong.length === 0, detail: wrong.length === 0 ? fine : wrong.join('; ') };
}

function noFailures({ calls }: Evidence): Vow {
  const failed = calls.filter(({ failures }) => failures > 0);
  const total = calls.reduce((sum, one) => sum + one.calls, 0);
  return vow('No consumer was ever refused', failed.map((one) => `${one.agent}: ${one.failures} of ${one.calls} calls refused`), `${total} calls, by the issuers' own logs`);
}

/** Without it the first promise could be kept by doing nothing. */
function everybodyWorked({ calls }: Evidence): Vow {
  // The one whose token is made during the story begins a little later than the others.
  const idle = calls.filter((one) => one.calls < one.expected * 0.85);
  return vow('Every consumer used its token all the time', idle.map((one) => `${one.agent} made ${one.calls} calls of ${one.expected}`), `${calls.length} consumers`);
}

function rotationsClosed({ facts }: Evidence): Vow {
  const ended = new Set(livesOf(facts, 'rotated').map(aboutOf));
  const open = livesOf(facts, 'rotation-started').filter((fact) => !ended.has(aboutOf(fact)));
  const aborted = livesOf(facts, 'rotation-aborted');
  return vow('Every rotation that began was tested, promoted and closed', [...open, ...aborted].map((fact) => `${fact.name}: ${fact.what}`), `${ended.size} rotations`);
}

function rotatedOften({ facts, secrets, leastRotations }: Evidence): Vow {
  const rotated = livesOf(facts, 'rotated');
  const counts = secrets.map((secret) => ({ secret, count: rotated.filter(({ name }) => name === secret).length }));
  const few = counts.filter(({ count }) => count < leastRotations);
  return vow('Every token was replaced by itself, in time', few.map(({ secret, count }) => `${secret}: ${count} times`), counts.map(({ secret, count }) => `${secret} ${count}`).join(', '));
}

function provenDead({ facts, holdings }: Evidence): Vow {
  const recorded = new Set(livesOf(facts, 'proven-dead').map(aboutOf));
  const retired = holdings.flatMap((one) => one.retired);
  const alive = retired.filter((one) => !one.isRefused).map(({ handle }) => `${handle} still works`);
  const unproven = retired.filter(({ handle }) => !recorded.has(handle)).map(({ handle }) => `${handle} was never proven dead`);
  const none = retired.length === 0 ? ['nothing was retired'] : [];
  return vow('Every retired value is refused by its issuer, and was proven so', [...alive, ...unproven, ...none], `${retired.length} retired, each tried at its issuer`);
}

function oneLive({ holdings }: Evidence): Vow {
  const wrong = holdings.filter(({ live }) => live.length !== 1).map(({ secret, live }) => `${secret} has ${live.length}`);
  return vow('At the end each token has exactly one live credential', wrong, `${holdings.length} tokens`);
}

function toldOnce({ heard, brokenEnds }: Evidence): Vow {
  const mine = heard.alerts.filter(({ secret }) => secret === GROUP);
  const wrong = (['mail', 'pager'] as const).flatMap((channel) => {
    const told = mine.filter((alert) => alert.channel === channel);
    const [alert] = told;
    if (!alert || told.length > 1) return [`${told.length} alerts by ${channel}`];
    if (alert.severity !== 'critical' || alert.at >= brokenEnds) return [`the alert by ${channel} was ${alert.severity} or too late`];
    return alert.resolvedAt === undefined ? [`no resolve by ${channel}`] : [];
  });
  return vow('The token that could not be rotated: one alert and one resolve by mail and by pager, before it ended', [...wrong, ...heard.loose.map(({ kind, channel }) => `a resolve of ${kind} by ${channel} too many`)], `${mine.map(({ kind }) => kind)[0]}`);
}

function nothingElse({ facts }: Evidence): Vow {
  const findings = facts.filter((fact) => fact.type === 'finding');
  const strange = findings.filter(({ change, name }) => change === 'opened' && name !== GROUP).map(findingText);
  const latest = new Map(findings.map((fact) => [`${fact.tokenId}/${fact.kind}/${fact.subject}`, fact]));
  const open = [...latest.values()].filter(({ change }) => change !== 'resolved').map((fact) => `open: ${findingText(fact)}`);
  return vow('Nothing else was ever wrong, and no finding is open', [...strange, ...open], 'no other finding');
}

function findingText({ name, kind, severity }: FindingFact): string {
  return `${name} ${kind} (${severity})`;
}

function noLeak({ leaks, searched }: Evidence): Vow {
  const { places, values } = searched;
  const wrong = [...leaks.map((name) => `found in ${name}`), ...(places === 0 || values === 0 ? ['nothing was searched'] : [])];
  return vow('No secret value is in any log, mail, page, record, event or output', wrong, `${places} places searched for ${values} values`);
}

/** What a life fact is about: its id ends with that. */
export function aboutOf(fact: LifeFact): string {
  return fact.id.slice(`${fact.tokenId}/${fact.what}/`.length);
}
