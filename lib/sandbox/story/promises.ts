import { aboutOf } from '../../../functions/core/findings/fact-ids.ts';
import type { FindingFact } from '../../../functions/core/findings/events.ts';
import type { Evidence } from './evidence.ts';
import { toldInTheMorning } from './mornings.ts';
import { livesOf, check, type Check } from './checks.ts';

export function judge(evidence: Evidence): Check[] {
  return [
    noFailures(evidence),
    everybodyWorked(evidence),
    rotationsClosed(evidence),
    rotatedOften(evidence),
    revocationsVerified(evidence),
    oneLive(evidence),
    ...evidence.episodes.map((episode) => episode.check(evidence)),
    nothingElse(evidence),
    toldInTheMorning(evidence.facts, evidence.mails),
    noLeak(evidence),
  ];
}

function noFailures({ calls }: Evidence): Check {
  const failed = calls.filter(({ failures }) => failures > 0);
  const total = calls.reduce((sum, one) => sum + one.calls, 0);
  return check(
    'No consumer was ever rejected',
    failed.map((one) => `${one.agent}: ${one.failures} of ${one.calls} calls rejected`),
    `${total} calls, by the issuers' own logs`,
  );
}

/** Without it the first promise could be kept by doing nothing. */
function everybodyWorked({ calls }: Evidence): Check {
  // The one whose token is made during the story begins a little later than the others.
  const idle = calls.filter((one) => one.calls < one.expected * 0.85);
  return check(
    'Every consumer used its token all the time',
    idle.map((one) => `${one.agent} made ${one.calls} calls of ${one.expected}`),
    `${calls.length} consumers`,
  );
}

function rotationsClosed({ facts }: Evidence): Check {
  const ended = new Set(livesOf(facts, 'rotated').map(aboutOf));
  const open = livesOf(facts, 'rotation-started').filter((fact) => !ended.has(aboutOf(fact)));
  const aborted = livesOf(facts, 'rotation-aborted');
  return check(
    'Every rotation that began was tested, promoted and closed',
    [...open, ...aborted].map((fact) => `${fact.name}: ${fact.what}`),
    `${ended.size} rotations`,
  );
}

function rotatedOften({ facts, usual, leastRotations }: Evidence): Check {
  const rotated = livesOf(facts, 'rotated');
  const counts = usual.map((secret) => ({
    secret,
    count: rotated.filter(({ name }) => name === secret).length,
  }));
  const few = counts.filter(({ count }) => count < leastRotations);
  return check(
    'Every token was rotated in time, without a person',
    few.map(({ secret, count }) => `${secret}: ${count} times`),
    counts.map(({ secret, count }) => `${secret} ${count}`).join(', '),
  );
}

function revocationsVerified({ facts, holdings }: Evidence): Check {
  const recorded = new Set(livesOf(facts, 'revocation-verified').map(aboutOf));
  const retired = holdings.flatMap((one) => one.retired);
  const active = retired.filter((one) => !one.isRefused).map(({ handle }) => `${handle} is still accepted`);
  const unproven = retired
    .filter(({ handle }) => !recorded.has(handle))
    .map(({ handle }) => `${handle}: its revocation was never verified`);
  const none = retired.length === 0 ? ['nothing was revoked'] : [];
  return check(
    'Every revoked value is rejected by its issuer, and that was verified',
    [...active, ...unproven, ...none],
    `${retired.length} revoked, each tried at its issuer`,
  );
}

function oneLive({ facts, holdings }: Evidence): Check {
  const ended = new Set(livesOf(facts, 'retired').map(({ name }) => name));
  const wrong = holdings
    .filter(({ secret, live }) => live.length !== (ended.has(secret) ? 0 : 1))
    .map(({ secret, live }) => `${secret} has ${live.length}`);
  return check(
    'At the end each token has exactly one active credential, and a retired token has none',
    wrong,
    `${holdings.length} tokens, ${ended.size} retired`,
  );
}

function nothingElse({ facts, heard, episodes }: Evidence): Check {
  const findings = facts.filter((fact) => fact.type === 'finding');
  const expected = episodes.flatMap((episode) => episode.expects);
  const isExpected = ({ name, kind }: FindingFact): boolean =>
    expected.some((one) => one.secret === name && one.kind === kind);
  const strange = findings.filter((fact) => fact.change === 'opened' && !isExpected(fact)).map(findingText);
  const latest = new Map(findings.map((fact) => [`${fact.tokenId}/${fact.kind}/${fact.subject}`, fact]));
  const open = [...latest.values()]
    .filter(({ change }) => change !== 'resolved')
    .map((fact) => `open: ${findingText(fact)}`);
  const loose = heard.loose.map(({ kind, channel }) => `a resolve of ${kind} by ${channel} too many`);
  return check(
    'Nothing else was ever wrong, and no finding is open',
    [...strange, ...open, ...loose],
    'no other finding',
  );
}

function findingText({ name, kind, severity }: FindingFact): string {
  return `${name} ${kind} (${severity})`;
}

function noLeak({ leaks, searched }: Evidence): Check {
  const { places, values } = searched;
  const wrong = [
    ...leaks.map((name) => `found in ${name}`),
    ...(places === 0 || values === 0 ? ['nothing was searched'] : []),
  ];
  return check(
    'No secret value is in any log, mail, page, record, event or output',
    wrong,
    `${places} places searched for ${values} values`,
  );
}
