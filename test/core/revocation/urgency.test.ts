import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  noPermits,
  permitting,
  type NewPermit,
  type Permits,
} from '../../../functions/core/revocation/permits.ts';
import { notingReplaced } from '../../../functions/core/revocation/replaced-credentials.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { asPermitted, isOver, isUnused, urgencyOf } from '../../../functions/core/revocation/urgency.ts';
import { graceEnds } from '../../../functions/core/rotation/next-rotation.ts';
import { DAY } from '../../../functions/core/basics/time.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const OLD: Credential = { id: 'v', handle: 'h', fingerprint: '3:f', origin: 'minted', state: 'revoking' };
const LEAK = { id: 'h', exposed: [{ id: 'v', handle: 'h' }], source: 'a scanner', reportedAt: T0 };
const ELSEWHERE = { ...LEAK, exposed: [{ id: 'w', handle: 'i' }] };
const ENDED = { kind: 'retire', askedAt: T0, by: 'ana' } as const;

function permitsOf(...given: readonly (Pick<NewPermit, 'kind'> & Partial<NewPermit>)[]): Permits {
  return given.reduce(
    (record, one) => permitting(record, { about: 'v', handle: 'h', at: T0, by: 'ana', ...one }),
    noPermits('t'),
  );
}

function of(fields: Partial<Credential>, permits: Permits, token: Partial<Token> = {}): string | undefined {
  const one = { ...OLD, ...fields };
  return urgencyOf(aToken({ credentials: [one], ...token }), one, permits);
}

/** What makes each urgency: the record's word and the permit, neither of which is enough. */
const URGENCIES: readonly {
  urgency: string;
  fields?: Partial<Credential>;
  token?: Partial<Token>;
  permits: Permits;
}[] = [
  { urgency: 'exposed', token: { incidents: [LEAK] }, permits: permitsOf({ kind: 'incident' }) },
  {
    urgency: 'exposed',
    token: { incidents: [{ ...LEAK, containedAt: T0, replacedAt: T0 }] },
    permits: permitsOf({ kind: 'incident' }),
  },
  {
    urgency: 'exposed',
    token: { incidents: [{ ...LEAK, exposed: [{ id: 'before', handle: 'h' }] }] },
    permits: permitsOf({ kind: 'incident', about: 'before' }),
  },
  { urgency: 'person', fields: { askedBy: 'ana' }, permits: permitsOf({ kind: 'revoke' }) },
  {
    urgency: 'person',
    token: { ending: ENDED },
    permits: permitsOf({ kind: 'retirement', about: aToken().id }),
  },
  {
    urgency: 'forced-revocation',
    fields: { state: 'current', forcedRevocation: { cause: 'max-age', at: T0 } },
    permits: permitsOf({ kind: 'forced-revocation' }),
  },
  {
    urgency: 'in the way of a leak',
    fields: { neverCurrent: true },
    token: { incidents: [ELSEWHERE] },
    permits: permitsOf({ kind: 'incident', about: 'w', handle: 'i' }),
  },
];

describe('urgency', () => {
  for (const { urgency, fields = {}, token = {}, permits } of URGENCIES)
    it(`"${urgency}" takes both the record's word and a permit: ${JSON.stringify([fields, token])}`, () => {
      assert.equal(of(fields, permits, token), urgency);
      assert.equal(of(fields, noPermits('t'), token), undefined);
      assert.equal(of({}, permits), undefined);
      const others = [
        'retirement',
        'revoke',
        'incident',
        'forced-revocation',
        'claim',
        'forget',
        'host',
      ] as const;
      for (const kind of others.filter((one) => !permits.permits.some((permit) => permit.kind === one)))
        assert.equal(of(fields, permitsOf({ kind }, { kind, about: aToken().id }), token), undefined, kind);
    });

  for (const [name, fields] of [
    ['name', { handle: 'other' }],
    ['value', { fingerprint: '3:g' }],
    ['id', { id: 'w', handle: undefined, fingerprint: undefined }],
  ] as const)
    it(`is none of what has another ${name} by now than what was permitted`, () => {
      const permits = permitsOf(
        { kind: 'revoke', fingerprint: '3:f' },
        { kind: 'incident', fingerprint: '3:f' },
        { kind: 'forced-revocation', fingerprint: '3:f' },
      );
      const incidents = [
        { ...LEAK, exposed: [{ id: 'w', handle: 'other', fingerprint: '3:g' }, { id: 'v' }] },
      ];
      assert.equal(
        of({ askedBy: 'ana', forcedRevocation: { cause: 'max-age', at: T0 }, ...fields }, permits, {
          incidents,
        }),
        undefined,
      );
    });

  it('is none of a report that is held, nor of a token that was only let go', () => {
    assert.equal(
      of({}, permitsOf({ kind: 'incident' }), { incidents: [{ ...LEAK, held: true }] }),
      undefined,
    );
    assert.equal(
      of({}, permitsOf({ kind: 'retirement', about: aToken().id }), { ending: { ...ENDED, kind: 'detach' } }),
      undefined,
    );
    assert.equal(
      of({}, permitsOf({ kind: 'retirement', about: aToken().id }), { ending: { ...ENDED, endedAt: T0 } }),
      undefined,
    );
  });

  it('of a trial rests on the record: the guard looks for it in every labelled version', () => {
    assert.equal(of({ trialOf: 'a' }, noPermits('t')), 'trial');
  });
});

describe('what stands in the way of the answer to a leak', () => {
  const inTheWay = (incidents: Token['incidents'], permits: Permits): string | undefined =>
    of({ neverCurrent: true }, permits, { incidents });
  const permitted = permitsOf({ kind: 'incident', about: 'w', handle: 'i' });
  const unheard = { ...LEAK, id: 'k', exposed: [{ id: 'x', handle: 'k' }] };

  it('does so of any leak that is answered, of any credential in it', () => {
    assert.equal(inTheWay([unheard, ELSEWHERE], permitted), 'in the way of a leak');
    assert.equal(
      inTheWay([{ ...LEAK, exposed: [...unheard.exposed, ...ELSEWHERE.exposed] }], permitted),
      'in the way of a leak',
    );
    assert.equal(inTheWay([unheard], permitted), undefined);
  });
});

describe('a credential that no consumer ever had', () => {
  const never = { ...OLD, neverCurrent: true };

  it('is one by its record, as long as nothing else speaks against it', () => {
    assert.equal(isUnused(never, noPermits('t')), true);
    for (const against of [
      { neverCurrent: undefined },
      { neverCurrent: false },
      { promotedAt: T0 },
      { supersededAt: T0 },
    ])
      assert.equal(isUnused({ ...never, ...against }, noPermits('t')), false, JSON.stringify(against));
    assert.equal(
      isUnused(never, notingReplaced(noPermits('t'), { current: undefined, old: [never], at: T0 })),
      false,
    );
  });
});

describe('a credential in grace', () => {
  const old: Credential = { ...OLD, state: 'previous', supersededAt: T0, withoutGrace: true };

  it('loses it under a permit, and not by a mark in the record', () => {
    assert.equal(asPermitted(aToken(), old, noPermits('t')).withoutGrace, undefined);
    assert.equal(
      asPermitted(aToken(), { ...old, askedBy: 'ana' }, permitsOf({ kind: 'revoke' })).withoutGrace,
      true,
    );
  });

  it('is needed no more once it may be revoked, or was given up after its grace', () => {
    const is = (one: Credential, permits: Permits, now: number): boolean =>
      isOver(aToken(), one, { permits, now });
    assert.equal(is(old, noPermits('t'), T0), false);
    assert.equal(is({ ...old, askedBy: 'ana' }, permitsOf({ kind: 'revoke' }), T0), true);
    assert.equal(is({ ...old, givenUp: true }, noPermits('t'), T0), false);
    assert.equal(is({ ...old, givenUp: true }, noPermits('t'), T0 + 400 * DAY), true);
    const { withoutGrace: _withoutGrace, ...plain } = old;
    assert.equal(
      is(plain, noPermits('t'), T0 + 400 * DAY),
      false,
      'its grace is over, and it was not given up',
    );
    const ends = graceEnds(aToken(), plain);
    assert.deepEqual(
      [ends - 1, ends].map((now) => is({ ...plain, givenUp: true }, noPermits('t'), now)),
      [false, true],
    );
  });

  it('is the very same where it has no mark', () => {
    const { withoutGrace: _withoutGrace, ...plain } = old;
    assert.equal(asPermitted(aToken(), plain, noPermits('t')), plain);
  });

  it('that a person had forgotten is needed no more once that is permitted, and not for a mark', () => {
    const forgotten = { at: T0, by: 'ana', reason: 'x' };
    const is = (permits: Permits): boolean =>
      isOver(
        aToken(),
        { ...old, state: 'ended', givenUp: true, askedBy: 'ana', forgotten },
        { permits, now: T0 + 400 * DAY },
      );
    assert.equal(is(noPermits('t')), false);
    assert.equal(is(permitsOf({ kind: 'revoke' })), false);
    assert.equal(is(permitsOf({ kind: 'forget' })), true);
  });
});
