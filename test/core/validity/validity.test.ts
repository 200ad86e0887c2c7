import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ListedCredential, Probe } from '../../../functions/core/issuer/provider.ts';
import {
  NO_ANSWER_AFTER,
  validityAt,
  noAnswerAt,
  withValidity,
  withoutAnswer,
  type Look,
} from '../../../functions/core/validity/validity.ts';
import { DAY, HOUR, MINUTE } from '../../../functions/core/basics/time.ts';
import type { Credential } from '../../../functions/core/token/credential.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const CURRENT: Credential = {
  id: 'v1',
  versionId: 'v1',
  handle: 'h1',
  origin: 'adopted',
  state: 'current',
  promotedAt: T0,
};
const HERE = { host: 'issuer.test', basePath: '', account: 'projects/1' };
const ACTIVE: Probe = { outcome: 'active' };

function token(change: Partial<Token> = {}): Token {
  return aToken({ credentials: [CURRENT], ...change });
}

function look(change: Partial<Look> = {}): Look {
  return {
    now: T0 + HOUR,
    versionId: 'v1',
    probe: ACTIVE,
    listed: [],
    lastUsedEvery: undefined,
    reach: HERE,
    ...change,
  };
}

function listed(change: Partial<ListedCredential> = {}): ListedCredential[] {
  return [
    {
      handle: 'other',
      state: 'active',
      active: true,
      createdAt: 1,
      expiresAt: 2,
      lastUsedAt: 3,
      scopes: ['other'],
    },
    { handle: 'h1', state: 'active', active: true, ...change },
  ];
}

describe('a look at the issuer', () => {
  it('leaves each outcome on record, and an unknown one changes nothing else', () => {
    const active = withValidity(token({ refusedSince: T0 }), look());
    assert.deepEqual(
      [active.validity, active.activeAt, active.refusedSince],
      [{ at: T0 + HOUR, outcome: 'active' }, T0 + HOUR, undefined],
    );
    const refused = withValidity(active, look({ now: T0 + 2 * HOUR, probe: { outcome: 'inactive' } }));
    assert.deepEqual(
      [refused.validity?.outcome, refused.activeAt, refused.refusedSince],
      ['inactive', T0 + HOUR, T0 + 2 * HOUR],
    );
    const unknown = withValidity(
      refused,
      look({ now: T0 + 3 * HOUR, probe: { outcome: 'unknown', reason: 'no route' } }),
    );
    assert.deepEqual(
      [unknown.validity, unknown.activeAt, unknown.refusedSince],
      [{ at: T0 + 3 * HOUR, outcome: 'unknown', reason: 'no route' }, T0 + HOUR, T0 + 2 * HOUR],
    );
    assert.equal(
      withValidity(refused, look({ now: T0 + 4 * HOUR, probe: { outcome: 'inactive' } })).refusedSince,
      T0 + 2 * HOUR,
      'since when does not move',
    );
  });

  it('takes over dates and scopes of the current credential, and of no other', () => {
    const seen = withValidity(
      token(),
      look({ listed: listed({ createdAt: T0 - DAY, expiresAt: T0 + DAY, scopes: ['read_api'] }) }),
    );
    assert.deepEqual(
      [seen.credentials[0]?.issuedAt, seen.credentials[0]?.expiresAt, seen.scopes],
      [T0 - DAY, T0 + DAY, ['read_api']],
    );
    const probed = withValidity(
      seen,
      look({ probe: { outcome: 'active', scopes: ['api'], expiresAt: T0 + 2 * DAY } }),
    );
    assert.deepEqual(
      [probed.credentials[0]?.issuedAt, probed.credentials[0]?.expiresAt, probed.scopes],
      [T0 - DAY, T0 + 2 * DAY, ['api']],
    );
  });

  it('says nothing of a version that is current by now', () => {
    const seen = withValidity(token(), look({ versionId: 'v0', probe: { outcome: 'inactive' } }));
    assert.deepEqual(seen, { ...token(), inspectedAt: T0 + HOUR });
  });

  it('that could not be made is noted once an hour', () => {
    const first = withoutAnswer(token(), 'GitLab is down.', T0);
    assert.deepEqual(first.validity, { at: T0, outcome: 'unknown', reason: 'GitLab is down.' });
    assert.equal(withoutAnswer(first, 'GitLab is down.', T0 + HOUR - 1), first);
    assert.equal(withoutAnswer(first, 'GitLab is down.', T0 + HOUR).validity?.at, T0 + HOUR);
  });
});

describe('the last use', () => {
  const every = 10 * MINUTE;
  const probed = token({ validity: { at: T0, outcome: 'active' }, activeAt: T0, use: { since: T0 } });
  const used = (lastUsedAt: number | undefined, from = probed): Token['use'] =>
    withValidity(
      from,
      look({
        now: T0 + 6 * HOUR,
        lastUsedEvery: every,
        listed: listed(lastUsedAt === undefined ? {} : { lastUsedAt }),
      }),
    ).use;

  it("is somebody else's only when it cannot have been our own probe", () => {
    for (const ours of [undefined, T0, T0 - 5 * MINUTE, T0 + every])
      assert.deepEqual(used(ours), { since: T0 });
    assert.deepEqual(used(T0 + 2 * every), { since: T0, last: T0 + 2 * every });
    assert.deepEqual(used(T0 - every), { since: T0, last: T0 - every });
  });

  it('is not the test of a value that was just adopted', () => {
    const first = token();
    for (const ours of [T0 + 6 * HOUR, T0 + 6 * HOUR - every])
      assert.deepEqual(used(ours, first), { since: T0 + 6 * HOUR });
    assert.deepEqual(used(T0, first), { since: T0 + 6 * HOUR, last: T0 });
  });

  it('does not go back, and begins to be known when the issuer is first asked', () => {
    assert.deepEqual(used(T0 + HOUR, { ...probed, use: { since: T0, last: T0 + 2 * HOUR } }), {
      since: T0,
      last: T0 + 2 * HOUR,
    });
    assert.deepEqual(used(undefined, token()), { since: T0 + 6 * HOUR });
  });

  it('is written beside the credential', () => {
    const seen = withValidity(
      probed,
      look({ now: T0 + 6 * HOUR, lastUsedEvery: every, listed: listed({ lastUsedAt: T0 + HOUR }) }),
    );
    assert.equal(seen.credentials[0]?.lastUsedAt, T0 + HOUR);
  });

  it('is not known where the issuer does not tell', () => {
    assert.equal(withValidity(token(), look({ listed: listed() })).use, undefined);
  });
});

describe('whether a token works', () => {
  it('is what was last heard, for a day', () => {
    const heard = token({ enrolledAt: T0 - 90 * DAY, activeAt: T0, validity: { at: T0, outcome: 'active' } });
    assert.equal(noAnswerAt(heard), T0 + NO_ANSWER_AFTER);
    assert.equal(validityAt(heard, T0 + NO_ANSWER_AFTER - 1), 'active');
    assert.equal(validityAt(heard, T0 + NO_ANSWER_AFTER), 'unknown');
    assert.equal(validityAt(withoutAnswer(heard, 'why', T0 + HOUR), T0 + HOUR), 'unknown');
    assert.equal(validityAt({ ...heard, refusedSince: T0 }, T0 + 9 * DAY), 'inactive');
    assert.equal(validityAt({ ...heard, credentials: [] }, T0), undefined);
  });
});
