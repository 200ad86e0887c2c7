import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assessCredentials } from '../../../functions/core/assessment/assess-credentials.ts';
import { assessEnd, endTimes } from '../../../functions/core/assessment/assess-end.ts';
import { withFindings } from '../../../functions/core/assessment/with-findings.ts';
import { SKEW, clockTimes } from '../../../functions/core/issuer/issuer-clock.ts';
import { REVOKE_WITHIN } from '../../../functions/core/policy/timing.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { EXPIRED, wasCutOff } from '../../../functions/core/validity/expiry.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';
import { NO_LAGS, slotsOf } from '../../fakes/facts.ts';
import { BY_DAY, BY_SECOND, END, NOW, OLD, POLICY, USED, token } from '../validity/old-credential.ts';

function told(
  one: Token,
  now: number,
  facts = BY_SECOND,
): { severity: string; detail: string; warnings: number | undefined }[] {
  return assessCredentials(one, now, facts).flatMap((seen) =>
    seen.kind === 'previous-credential-expiring'
      ? [{ severity: seen.severity, detail: seen.detail, warnings: seen.warnings }]
      : [],
  );
}

describe('an old credential that is in use and about to expire', () => {
  it('is reported at each of the warnings before its end, and critical on its last day', () => {
    const at = (before: number): unknown =>
      told(token(), END - SKEW - before).map((one) => [one.severity, one.warnings])[0];
    assert.deepEqual(
      [at(15 * DAY), at(14 * DAY), at(7 * DAY), at(3 * DAY), at(DAY)],
      [undefined, ['warning', 1], ['warning', 2], ['warning', 3], ['critical', 4]],
    );
    assert.match(
      told(token(), END - DAY)[0]?.detail ?? '',
      /h1 is still used.*expires .*issuer: it was last used just now/,
    );
  });

  it('is reported earlier by as much as the clock of its issuer is known to be off, and says so', () => {
    const seenAt = END - 14 * DAY - 2 * HOUR;
    const ahead = {
      ...token(),
      issuerClock: { host: 'issuer.test', least: 3 * HOUR, most: 3 * HOUR, seenAt },
    };
    assert.equal(told(token(), seenAt).length, 0);
    assert.match(told(ahead, seenAt)[0]?.detail ?? '', /by its issuer's clock up to 3h earlier/);
    assert.match(told(ahead, seenAt, BY_DAY)[0]?.detail ?? '', /up to half a day and 3h earlier/);
    assert.match(told(token(), END - DAY)[0]?.detail ?? '', /up to two minutes earlier/);
  });

  it('is reported earlier where the issuer keeps dates', () => {
    assert.equal(told(token(), END - 14 * DAY - HOUR, BY_SECOND).length, 0);
    assert.equal(told(token(), END - 14 * DAY - HOUR, BY_DAY).length, 1);
  });

  it('is reported again with each warning, as an open finding is', () => {
    const seen = [14, 10, 7, 3].reduce(
      (doing, days) =>
        withFindings(doing, { slots: slotsOf(3), lags: NO_LAGS, ...BY_SECOND }, END - SKEW - days * DAY),
      token(),
    );
    const facts = seen.outbox.flatMap((fact) =>
      fact.type === 'finding' && fact.kind === 'previous-credential-expiring' ? [fact.change] : [],
    );
    assert.deepEqual(facts, ['opened', 'escalated', 'escalated']);
  });

  it('counts as in use too where it ends before its minimum grace is over', () => {
    const { pendingConsumers: _pending, ...unseen } = OLD;
    const long = { ...token(), credentials: [unseen, NOW], policy: { ...POLICY, minGrace: 21 * DAY } };
    assert.match(told(long, END - DAY)[0]?.detail ?? '', /minimum grace period is not over/);
    assert.deepEqual(told({ ...long, policy: POLICY }, END - DAY), [], 'it is not in use');
  });

  it('is meant to be in use within its minimum grace: reported there on its last day alone', () => {
    const young = { ...token(), policy: { ...POLICY, minGrace: 12 * DAY } };
    assert.deepEqual(
      [END - 9 * DAY, END - 8 * DAY + HOUR, END - 7 * DAY + HOUR].map((at) => told(young, at).length),
      [0, 0, 1],
    );
    assert.deepEqual(told({ ...young, policy: { ...POLICY, minGrace: 19.5 * DAY } }, END - 7 * DAY), []);
    assert.deepEqual(
      told({ ...young, policy: { ...POLICY, minGrace: 19.5 * DAY } }, END - 20 * HOUR).map(
        (one) => one.severity,
      ),
      ['critical'],
    );
    assert.deepEqual(
      told({ ...young, policy: POLICY }, END - 7 * DAY).map((one) => one.severity),
      ['warning'],
    );
  });

  it('is nothing to report where it is to be revoked anyway, is current, or ends by no date', () => {
    assert.deepEqual(told(token({ withoutGrace: true }), END - DAY), []);
    assert.deepEqual(told(token({ state: 'current' }), END - DAY), []);
    assert.deepEqual(told(token({ expiresAt: undefined }), END - DAY), []);
    assert.deepEqual(assessEnd(token(), OLD, { facts: BY_SECOND, graceEnds: T0 }, T0), []);
  });
});

describe('an old credential that expired while it was in use', () => {
  const ended = (change: Partial<Credential> = {}): Token =>
    token({ state: 'ended', endedAt: END + HOUR, reason: EXPIRED, ...change });

  it(
    'is reported for two days as what cut its users off, and the finding about them does not end as if ' +
      'they had moved',
    () => {
      const short = { ...ended(), policy: { ...POLICY, maxGrace: 10 * DAY } };
      const kinds = (now: number): string[] =>
        assessCredentials(short, now, BY_SECOND).map((one) => `${one.kind} ${one.severity}`);
      assert.deepEqual(kinds(END + DAY), [
        'previous-credential-in-use critical',
        'previous-credential-expiring critical',
      ]);
      assert.deepEqual(kinds(END + 2 * DAY), []);
      assert.match(
        told(short, END + HOUR)[0]?.detail ?? '',
        /h1 expired .* while it was in use.*refused now: issuer/,
      );
      const revoking: Credential = { ...OLD, state: 'revoking', reason: EXPIRED };
      assert.equal(wasCutOff(token(), revoking, BY_SECOND, END + MINUTE), END);
    },
  );

  it('is reported so too while its issuer cannot be asked, and not as one that is still in use', () => {
    const told = (graceDays: number, now: number, pending: Credential['pendingConsumers'] = USED): string[] =>
      assessCredentials(
        { ...token({ pendingConsumers: pending }), policy: { ...POLICY, maxGrace: graceDays * DAY } },
        now,
        BY_SECOND,
      ).map((one) => `${one.kind}: ${one.detail}`);
    assert.match(told(30, END + HOUR).join(), /^previous-credential-expiring: .* expired .*refused now/);
    const unverified = /^revocation-blocked: .*h1 expired .* is not verified: .* could not be asked\.$/;
    for (const now of [END + 2 * DAY, END + 10 * DAY]) assert.match(told(30, now).join(), unverified);
    assert.equal(told(10, END + HOUR).length, 2);
    assert.match(told(10, END + 2 * DAY).join(), unverified);
    assert.match(told(10, END, []).join(), /^previous-credential-in-use/, 'nobody was seen to use it');
    assert.match(told(10, END + REVOKE_WITHIN + SKEW, []).join(), unverified);
  });

  it('is not reported where it was not in use, or it ended for another reason', () => {
    assert.deepEqual(told(ended({ pendingConsumers: undefined }), END + HOUR), []);
    assert.deepEqual(told(ended({ reason: 'grace is over' }), END + HOUR), []);
  });

  it('changes what is told at moments that are known before', () => {
    const off = { host: 'issuer.test', least: 5 * HOUR, most: 5 * HOUR, seenAt: END - 14 * DAY };
    for (const [state, issuerClock] of [
      ['previous', undefined],
      ['previous', off],
      ['previous', { ...off, seenAt: END - HOUR }],
      ['ended', undefined],
      ['current', undefined],
    ] as const) {
      const one = { ...OLD, state, reason: EXPIRED };
      const at = { ...token(one), issuerClock };
      const times = [...endTimes(at, one, BY_SECOND), ...clockTimes(at)];
      const seen = (now: number): string =>
        JSON.stringify(told(at, now).map((each) => [each.severity, each.warnings]));
      for (let now = T0; now < END + 3 * DAY; now += HOUR) {
        const changes = times.some((time) => time > now && time <= now + HOUR);
        if (seen(now) !== seen(now + HOUR))
          assert.ok(changes, `${state} changes after ${new Date(now).toISOString()}`);
      }
    }
    assert.deepEqual(endTimes(token(), { ...OLD, expiresAt: undefined }, BY_SECOND), []);
  });
});
