import type { Fact, FindingFact } from '../../../functions/core/findings/events.ts';
import { FINDING_RULES } from '../../../functions/core/findings/finding-rules.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import type { Mail } from '../runtime/outbox.ts';
import { check, type Check } from './checks.ts';

/** `[digest] 1 open, 0 over: tokens of team-shop`. */
const DIGEST = /^\[digest\] .*: tokens of (.+)$/;

/** What was not critical was told, in one mail a morning for each owner, and in no other mail. */
export function toldInTheMorning(facts: readonly Fact[], mails: readonly Mail[]): Check {
  const digests = mails.flatMap((mail) => {
    const owner = DIGEST.exec(mail.subject)?.[1];
    return owner === undefined ? [] : [{ owner, ...mail }];
  });
  const byMorning = Object.groupBy(
    digests,
    ({ owner, to, at }) => `${owner}, ${to}, day ${Math.floor(at / DAY)}`,
  );
  const twice = Object.entries(byMorning).flatMap(([morning, same = []]) =>
    same.length > 1 ? [`${same.length} digests for ${morning}`] : [],
  );
  const small = facts.filter(
    (fact): fact is FindingFact =>
      fact.type === 'finding' && fact.change === 'opened' && fact.severity !== 'critical',
  );
  const untold = small.filter(
    ({ owner, name, kind }) =>
      !digests.some(
        (one) =>
          one.owner === owner && one.text.includes(name) && one.text.includes(FINDING_RULES[kind].title),
      ),
  );
  const loud = mails
    .filter(({ subject }) => /^\[(warning|info)\]/.test(subject))
    .map(({ subject }) => `a mail of its own: ${subject}`);
  const wrong = [...twice, ...untold.map(({ name, kind }) => `${name}: no notification of ${kind}`), ...loud];
  return check(
    'What was not critical came in the morning, in one mail for each owner',
    wrong,
    `${small.length} findings in ${digests.length} digests`,
  );
}
