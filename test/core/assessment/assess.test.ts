import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { REVOKE_WITHIN } from '../../../functions/core/assessment/assess-credentials.ts';
import { OVERDUE_AFTER } from '../../../functions/core/assessment/assess-status.ts';
import {
  CRITICAL_LEFT,
  STUCK_AFTER,
  assess,
  withFindings,
  type Facts,
} from '../../../functions/core/assessment/assess.ts';
import { isWorse, type FindingKind } from '../../../functions/core/findings/findings.ts';
import { DEFAULT_POLICY } from '../../../functions/core/policy/policy.ts';
import { NO_ANSWER_AFTER } from '../../../functions/core/validity/validity.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { acknowledged } from '../../../functions/core/findings/finding-lifecycle.ts';
import { anyTokens, instants, providerFacts, steps, tokens } from '../../fakes/arbitraries.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const FACTS: Facts = { slots: 3, revokeLag: 0 };

function current(change: Partial<Credential> = {}): Credential {
  return {
    id: 'v1',
    handle: 'h1',
    origin: 'minted',
    state: 'current',
    bornAt: T0,
    promotedAt: T0,
    ...change,
  };
}

function old(change: Partial<Credential> = {}): Credential {
  return { id: 'v0', handle: 'h0', origin: 'minted', state: 'previous', supersededAt: T0, ...change };
}

function kinds(token: Token, now: number, facts: Facts | undefined = FACTS): string[] {
  return assess(token, facts, now).map((one) => `${one.kind} ${one.severity}`);
}

/** Each kind of finding: a token that has it, one a moment before, and how bad it is. */
const CASES: readonly {
  kind: FindingKind;
  severity: string;
  token: Partial<Token>;
  at: number;
  quietAt?: number;
  facts?: Facts;
}[] = [
  { kind: 'secret-unusable', severity: 'warning', token: { unusable: 'The tag is missing.' }, at: T0 },
  {
    kind: 'secret-unusable',
    severity: 'critical',
    token: { unusable: 'The tag is missing.', credentials: [current({ expiresAt: T0 + 10 * DAY })] },
    at: T0 + 3 * DAY,
  },
  {
    kind: 'secret-deleted',
    severity: 'critical',
    token: {
      unusable: 'It is scheduled for deletion.',
      deletion: { at: T0 + 7 * DAY, gone: false },
      credentials: [current()],
    },
    at: T0,
  },
  {
    kind: 'secret-deleted',
    severity: 'critical',
    token: { detachedAt: T0, deletion: { at: T0, gone: true }, credentials: [old()] },
    at: T0,
  },
  {
    kind: 'secret-unusable',
    severity: 'warning',
    token: { unusable: 'It is scheduled for deletion.', deletion: { at: T0 + 7 * DAY, gone: false } },
    at: T0,
  },
  {
    kind: 'token-inactive',
    severity: 'critical',
    token: { credentials: [current()], refusedSince: T0 },
    at: T0,
  },
  {
    kind: 'validity-unknown',
    severity: 'warning',
    token: { credentials: [current()], aliveAt: T0 },
    at: T0 + NO_ANSWER_AFTER,
    quietAt: T0 + NO_ANSWER_AFTER - 1,
  },
  {
    kind: 'max-age-near',
    severity: 'warning',
    token: { credentials: [current()] },
    at: T0 + 60 * DAY,
    quietAt: T0 + 60 * DAY - 1,
  },
  {
    kind: 'max-age-near',
    severity: 'critical',
    token: { credentials: [current()] },
    at: T0 + 90 * DAY - CRITICAL_LEFT,
  },
  {
    kind: 'max-age-near',
    severity: 'warning',
    token: { credentials: [current()], policy: { ...DEFAULT_POLICY, onMaxAge: 'warn' } },
    at: T0 + 89 * DAY,
    quietAt: T0 + 90 * DAY + OVERDUE_AFTER,
  },
  {
    kind: 'max-age-exceeded',
    severity: 'critical',
    token: { credentials: [current()] },
    at: T0 + 90 * DAY + OVERDUE_AFTER,
    quietAt: T0 + 90 * DAY + OVERDUE_AFTER - 1,
  },
  {
    kind: 'max-age-exceeded',
    severity: 'critical',
    token: { credentials: [current({ bornAt: undefined })] },
    at: T0 + 90 * DAY + OVERDUE_AFTER,
  },
  {
    kind: 'max-age-exceeded',
    severity: 'warning',
    token: { credentials: [current()], policy: { ...DEFAULT_POLICY, onMaxAge: 'warn' } },
    at: T0 + 100 * DAY,
  },
  {
    kind: 'max-age-exceeded',
    severity: 'warning',
    token: { credentials: [current({ origin: 'adopted', bornAt: T0 - 900 * DAY })] },
    at: T0,
  },
  {
    kind: 'max-age-exceeded',
    severity: 'critical',
    token: { credentials: [current({ origin: 'adopted', bornAt: T0 - 900 * DAY })] },
    at: T0 + DAY + OVERDUE_AFTER,
  },
  {
    kind: 'rotation-stuck',
    severity: 'warning',
    token: {
      credentials: [current()],
      attempts: [{ id: 'a', cause: 'due', state: 'open', openedAt: T0, deadline: T0 + HOUR, mints: [] }],
    },
    at: T0 + HOUR + STUCK_AFTER,
    quietAt: T0 + HOUR + STUCK_AFTER - 1,
  },
  {
    kind: 'rotation-failed',
    severity: 'warning',
    token: { credentials: [current()], failures: 2, failedAt: T0 },
    at: T0,
  },
  {
    kind: 'rotation-failed',
    severity: 'warning',
    token: {
      credentials: [current()],
      failures: 1,
      failedAt: T0,
      lastError: { code: 'x', message: 'No.', lasting: true },
    },
    at: T0,
  },
  {
    kind: 'credential-limit-reached',
    severity: 'warning',
    token: { credentials: [current({ promotedAt: T0 - 30 * DAY }), old()] },
    at: T0 + OVERDUE_AFTER,
    quietAt: T0 + OVERDUE_AFTER - 1,
    facts: { slots: 2, revokeLag: 0 },
  },
  {
    kind: 'revocation-blocked',
    severity: 'critical',
    token: {
      credentials: [
        current(),
        old({ state: 'revoking', problem: { kind: 'revocation-blocked', detail: 'No.' } }),
      ],
    },
    at: T0,
  },
  {
    kind: 'revocation-blocked',
    severity: 'critical',
    token: { credentials: [current(), old({ state: 'revoking', revocationBegunAt: T0 })] },
    at: T0 + REVOKE_WITHIN,
    quietAt: T0 + REVOKE_WITHIN - 1,
  },
  {
    kind: 'revocation-ineffective',
    severity: 'critical',
    token: {
      credentials: [
        current(),
        old({ state: 'revoking', problem: { kind: 'revocation-ineffective', detail: 'It works.' } }),
      ],
    },
    at: T0,
  },
  {
    kind: 'credential-unmanaged',
    severity: 'warning',
    token: {
      credentials: [current(), old({ problem: { kind: 'credential-unmanaged', detail: 'Unknown.' } })],
    },
    at: T0,
  },
  {
    kind: 'previous-credential-in-use',
    severity: 'critical',
    token: { credentials: [current(), old()] },
    at: T0 + DEFAULT_POLICY.maxGrace,
    quietAt: T0 + DEFAULT_POLICY.maxGrace - 1,
  },
  {
    kind: 'credential-orphaned',
    severity: 'warning',
    token: { credentials: [current(), old({ state: 'revoking', origin: 'found' })] },
    at: T0,
  },
  {
    kind: 'token-expired',
    severity: 'critical',
    token: { credentials: [current({ expiresAt: T0 + DAY })] },
    at: T0 + DAY,
  },
  {
    kind: 'token-expired',
    severity: 'critical',
    token: {
      credentials: [current({ expiresAt: T0 + HOUR })],
      issuerClock: { host: 'issuer.test', least: -HOUR, most: -HOUR + SECOND, seenAt: T0 },
    },
    at: T0 + 2 * HOUR,
    quietAt: T0 + 2 * HOUR - 1,
  },
  {
    kind: 'token-expiring',
    severity: 'warning',
    token: { credentials: [current({ expiresAt: T0 + 24 * DAY })] },
    at: T0 + 12 * DAY + OVERDUE_AFTER,
    quietAt: T0 + 12 * DAY + OVERDUE_AFTER - 1,
  },
  {
    kind: 'token-expiring',
    severity: 'critical',
    token: { credentials: [current({ expiresAt: T0 + 24 * DAY })] },
    at: T0 + 24 * DAY - CRITICAL_LEFT,
  },
];

describe('what comes next if no person acts', () => {
  for (const { kind, severity, token, at, facts } of CASES)
    it(`is foretold: ${kind} (${severity})`, () => {
      const record = withFindings(aToken(token), facts ?? FACTS, at);
      const outlook = record.outbox
        .filter((fact) => fact.type === 'finding')
        .find((fact) => fact.kind === kind)?.outlook;
      if (outlook === undefined) return;
      const then = kinds(aToken(token), outlook.at, facts);
      assert.ok(outlook.at > at);
      assert.ok(
        then.includes(outlook.becomes === 'expired' ? 'token-expired critical' : `${kind} critical`),
        then.join(),
      );
    });

  it('is known of what gets worse with time, and of nothing else', () => {
    const foretold = CASES.filter(({ token, at, facts }) =>
      withFindings(aToken(token), facts ?? FACTS, at).outbox.some(
        (fact) => fact.type === 'finding' && fact.outlook !== undefined,
      ),
    );
    assert.deepEqual(
      new Set(foretold.map(({ kind }) => kind)),
      new Set(
        [
          'rotation-stuck',
          'rotation-failed',
          'credential-limit-reached',
          'token-expiring',
          'max-age-near',
          'secret-unusable',
        ].filter((kind) => CASES.some((one) => one.kind === kind)),
      ),
    );
  });
});

describe('what is wrong with a token', () => {
  for (const { kind, severity, token, at, quietAt, facts } of CASES)
    it(`${kind} (${severity})`, () => {
      assert.ok(
        kinds(aToken(token), at, facts).includes(`${kind} ${severity}`),
        kinds(aToken(token), at, facts).join(),
      );
      if (quietAt !== undefined)
        assert.ok(!kinds(aToken(token), quietAt, facts).some((one) => one.startsWith(kind)));
    });

  it('is nothing for a healthy token, whatever its age, until its rotation is late', () => {
    const token = aToken({ credentials: [current({ expiresAt: T0 + 60 * DAY })] });
    for (let at = T0; at < T0 + 30 * DAY + OVERDUE_AFTER; at += HOUR)
      assert.deepEqual(kinds({ ...token, aliveAt: at }, at), []);
  });

  it('is nothing for one that was let go', () => {
    fc.assert(
      fc.property(tokens, providerFacts, instants, (token, facts, now) =>
        assert.deepEqual(assess({ ...token, detachedAt: now }, facts, now), []),
      ),
    );
  });

  it('says nothing more of a secret that is gone once a person detached its token', () => {
    const gone = { detachedAt: T0, deletion: { at: T0, gone: true }, credentials: [old()] };
    const ending = { kind: 'detach', askedAt: T0, by: 'ana' } as const;
    assert.deepEqual(kinds(aToken({ ...gone, ending }), T0), ['secret-deleted critical']);
    assert.deepEqual(kinds(aToken({ ...gone, ending: { ...ending, endedAt: T0 } }), T0), []);
    const retired = { ...ending, kind: 'retire', endedAt: T0 } as const;
    assert.deepEqual(kinds(aToken({ ...gone, ending: retired }), T0), ['secret-deleted critical']);
  });

  it('does not warn of an expiry that another finding explains', () => {
    const token = aToken({
      failures: 2,
      failedAt: T0,
      aliveAt: T0 + 9 * DAY,
      credentials: [current({ expiresAt: T0 + 10 * DAY })],
    });
    assert.deepEqual(kinds(token, T0 + 9 * DAY), ['rotation-failed critical']);
  });

  it('says a lasting error once it failed for good, not while it is only throttled once', () => {
    const passing = aToken({
      credentials: [current()],
      failures: 1,
      failedAt: T0,
      lastError: { code: 'issuer-throttled', message: 'Busy.', lasting: false },
    });
    assert.deepEqual(kinds(passing, T0), []);
  });

  it('says why an inactive token is not replaced again, where it would be', () => {
    const inactive = {
      credentials: [current()],
      refusedSince: T0,
      policy: { ...DEFAULT_POLICY, onInactive: 'rotate' as const },
    };
    const detail = (token: Partial<Token>): string | undefined => assess(aToken(token), FACTS, T0)[0]?.detail;
    assert.equal(detail(inactive), 'The issuer refuses the current value since 2026-01-05T09:00:00Z.');
    assert.match(
      detail({ ...inactive, revivedAt: T0 - DAY }) ?? '',
      /Keyturn replaced an inactive one at 2026-01-04T09:00:00Z, so it replaces the next one at 2026-01-11T09:00:00Z at the earliest\.$/,
    );
  });

  it('is stated in sentences', () => {
    fc.assert(
      fc.property(anyTokens, providerFacts, instants, (token, facts, now) =>
        assess(token, facts, now).forEach(({ detail }) => assert.match(detail, /^[A-Z][^\n]+\.$/)),
      ),
    );
  });

  it('is the same whenever it is asked, and asking changes nothing', () => {
    fc.assert(
      fc.property(anyTokens, fc.option(providerFacts, { nil: undefined }), instants, (token, facts, now) => {
        const before = structuredClone(token);
        assert.deepEqual(assess(token, facts, now), assess(token, facts, now));
        assert.deepEqual(token, before);
      }),
    );
  });
});

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

  it('open once, are told again at each warning that the policy wants before the end, and resolve once', () => {
    const late = aToken({
      failures: 2,
      aliveAt: T0 + 20 * DAY,
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
      aliveAt: T0 + 20 * DAY,
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

  it('where nothing ends but the age that the policy allows are as critical as it says', () => {
    const stuck = (onMaxAge: 'warn' | 'page'): string[] =>
      kinds(
        aToken({
          failures: 2,
          failedAt: T0,
          aliveAt: T0 + 88 * DAY,
          credentials: [current()],
          policy: { ...DEFAULT_POLICY, onMaxAge },
        }),
        T0 + 88 * DAY,
      );
    assert.deepEqual(
      [stuck('warn'), stuck('page')],
      [['rotation-failed warning'], ['rotation-failed critical']],
    );
  });

  it('of a record that has not counted warnings begin to be counted without a word', () => {
    const late = aToken({
      failures: 2,
      failedAt: T0,
      aliveAt: T0 + 20 * DAY,
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

  it('tell steps that make sense: opened before escalated before resolved, each under a number that grows and an id of its own', () => {
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
  });

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
