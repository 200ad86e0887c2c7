import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { assess } from '../../../functions/core/assessment/assess.ts';
import { withFindings } from '../../../functions/core/assessment/with-findings.ts';
import { isWorse } from '../../../functions/core/findings/findings.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { acknowledged } from '../../../functions/core/findings/finding-lifecycle.ts';
import { anyTokens, instants, providerFacts, steps } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';
import { FACTS, current } from './cases.ts';

describe('findings', () => {
  const open = (token: Token): string[] =>
    token.findings.filter((one) => one.state === 'open').map((one) => `${one.kind} ${one.subject}`);
  const told = (token: Token): string[] =>
    token.outbox.flatMap((fact) =>
      fact.type === 'finding' ? [`${fact.change} ${fact.kind} ${fact.severity}`] : [],
    );

  it('are those of the moment, and telling twice is telling once', () => {
    fc.assert(
      fc.property(anyTokens, providerFacts, instants, (token, facts, now) => {
        const once = withFindings(token, facts, now);
        assert.deepEqual(withFindings(once, facts, now), once);
        assert.deepEqual(
          open(once).toSorted(),
          [...new Set(assess(token, facts, now).map((one) => `${one.kind} ${one.subject ?? ''}`))].toSorted(),
        );
      }),
    );
  });

  it('open once, are sent again at each warning before the end, and resolve once', () => {
    const late = aToken({
      failures: 2,
      activeAt: T0 + 20 * DAY,
      failedAt: T0,
      credentials: [current({ expiresAt: T0 + 20 * DAY })],
    });
    let token = late;
    for (let at = T0; at < T0 + 20 * DAY; at += HOUR) token = withFindings(token, FACTS, at);
    const atTheEnd = [
      'opened rotation-failed warning',
      'escalated rotation-failed warning',
      ...Array.from({ length: 3 }, () => 'escalated rotation-failed critical'),
    ];
    assert.deepEqual(told(token), atTheEnd);
    assert.deepEqual(
      token.outbox.map(({ at }) => T0 + 20 * DAY - at),
      [20, 14, 7, 3, 1].map((days) => days * DAY),
    );
    for (let at = 0; at < 3; at++)
      token = withFindings(
        { ...token, failures: 0, credentials: [current({ expiresAt: T0 + 90 * DAY })] },
        FACTS,
        T0 + DAY,
      );
    assert.deepEqual(told(token).slice(atTheEnd.length), ['resolved rotation-failed critical']);
  });

  it('that a person has taken on are reported again when a further warning is due', () => {
    const late = aToken({
      failures: 2,
      failedAt: T0,
      activeAt: T0 + 20 * DAY,
      credentials: [current({ expiresAt: T0 + 20 * DAY })],
    });
    const taken = acknowledged(withFindings(late, FACTS, T0 + 14 * DAY), late, undefined, {
      by: 'ann',
      now: T0 + 15 * DAY,
    });
    assert.deepEqual(
      withFindings(taken, FACTS, T0 + 16 * DAY).findings.map((one) => one.acknowledged?.by),
      ['ann'],
    );
    assert.deepEqual(
      withFindings(taken, FACTS, T0 + 17 * DAY).findings.map((one) => one.acknowledged?.by),
      [undefined],
    );
  });

  it('of a record that has not counted warnings begin to be counted without a word', () => {
    const late = aToken({
      failures: 2,
      failedAt: T0,
      activeAt: T0 + 20 * DAY,
      credentials: [current({ expiresAt: T0 + 20 * DAY })],
    });
    const opened = withFindings(late, FACTS, T0);
    const earlier = { ...opened, findings: opened.findings.map(({ warnings: _warnings, ...one }) => one) };
    const now = withFindings(earlier, FACTS, T0 + 10 * DAY);
    assert.deepEqual(
      [told(now), now.findings.map((one) => one.warnings)],
      [['opened rotation-failed warning'], [2]],
    );
  });

  it('do not tell that they got better before they are over', () => {
    const bad = withFindings(
      aToken({ unusable: 'Why.', credentials: [current({ expiresAt: T0 + DAY })] }),
      FACTS,
      T0,
    );
    const better = withFindings(
      { ...bad, credentials: [current({ expiresAt: T0 + 90 * DAY })] },
      FACTS,
      T0 + MINUTE,
    );
    assert.deepEqual(told(better), ['opened secret-unusable critical']);
    assert.deepEqual(
      told(
        withFindings({ ...better, credentials: [current({ expiresAt: T0 + DAY })] }, FACTS, T0 + 2 * MINUTE),
      ),
      ['opened secret-unusable critical'],
    );
  });

  it(
    'tell steps that make sense: opened before escalated before resolved, each under a number that grows ' +
      'and an id of its own',
    () => {
      const histories = fc.array(fc.tuple(anyTokens, steps), { minLength: 1, maxLength: 8 });
      fc.assert(
        fc.property(histories, providerFacts, (history, facts) => {
          let kept = aToken();
          let now = T0;
          for (const [next, step] of history) {
            now += step;
            kept = withFindings({ ...next, findings: kept.findings, outbox: kept.outbox }, facts, now);
          }
          const steppedBy = Map.groupBy(
            kept.outbox.filter((fact) => fact.type === 'finding'),
            (fact) => `${fact.kind}/${fact.subject}`,
          );
          for (const facts of steppedBy.values()) {
            facts.forEach((fact, at) => {
              const before = facts[at - 1];
              if (!before || before.change === 'resolved') return assert.equal(fact.change, 'opened');
              assert.notEqual(fact.change, 'opened');
              assert.ok(fact.sequence > before.sequence);
              if (fact.change === 'escalated') assert.ok(!isWorse(before.severity, fact.severity));
            });
          }
          assert.equal(new Set(kept.outbox.map((fact) => fact.id)).size, kept.outbox.length);
        }),
      );
    },
  );

  it('that return after they were forgotten are told under a number above all before', () => {
    const opened = withFindings(aToken({ unusable: 'Why.' }), FACTS, T0);
    const over = withFindings({ ...opened, unusable: undefined }, FACTS, T0 + DAY);
    const forgotten = withFindings(over, FACTS, T0 + 100 * DAY);
    assert.deepEqual(forgotten.findings, []);
    const again = withFindings({ ...forgotten, unusable: 'Why.' }, FACTS, T0 + 101 * DAY);
    const numbers = again.outbox.map((fact) => (fact.type === 'finding' ? fact.sequence : 0));
    assert.deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(numbers).size, 3);
  });

  it('of a record that was lost and built again are told under a number above all before', () => {
    const before = withFindings(aToken({ unusable: 'Why.' }), FACTS, T0).findings[0];
    const rebuilt = withFindings(aToken({ unusable: 'Why.' }), FACTS, T0 + HOUR).findings[0];
    assert.ok(before && rebuilt && rebuilt.sequence > before.sequence);
  });

  it('carry whose token it is', () => {
    const fact = withFindings(
      aToken({ unusable: 'Why.', owner: 'team-x', environment: 'staging' }),
      FACTS,
      T0,
    ).outbox[0];
    assert.ok(fact?.type === 'finding');
    assert.deepEqual(
      [fact.owner, fact.environment, fact.name, fact.issuer, fact.tokenId],
      ['team-x', 'staging', 'prod/billing/ci', 'gitlab', 'prod/billing/ci-AbC123'],
    );
  });
});
