import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  adminOf,
  leakBehind,
  questioned,
  withLeak,
} from '../../../functions/core/inventory/admin-credentials.ts';
import { NEW_INSTALLATION_RECORD } from '../../../functions/core/inventory/installation.ts';
import { rotationWish } from '../../../functions/core/rotation/next-rotation.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import type { Incident } from '../../../functions/core/token/incident.ts';
import type { Token } from '../../../functions/core/token/token.ts';
import { T0, aToken } from '../../fakes/tokens.ts';

const ADMIN = 'keyturn/admin/gitlab';
const LEAKED = [{ name: ADMIN, provider: 'gitlab', since: T0 }];

function madeAt(issuedAt: number, change: Partial<Token> = {}): Token {
  return aToken({
    credentials: [
      {
        id: 'v',
        versionId: 'v',
        handle: 'h',
        origin: 'minted',
        state: 'current',
        issuedAt,
        promotedAt: issuedAt,
      },
    ],
    ...change,
  });
}

function admin(...incidents: Partial<Incident>[]): Token {
  return aToken({
    name: ADMIN,
    incidents: incidents.map((one, index) => ({
      id: String(index),
      exposed: [],
      source: 'a test',
      reportedAt: T0,
      ...one,
    })),
  });
}

describe('an admin credential that was out', () => {
  test('is noted from its report on, then from its containment; not while there is no report', () => {
    const leaks = (...incidents: Partial<Incident>[]) =>
      withLeak(NEW_INSTALLATION_RECORD, admin(...incidents)).leakedAdmins?.map((one) => one.since);
    assert.equal(leaks(), undefined);
    assert.equal(leaks({ held: true }), undefined);
    assert.deepEqual(leaks({}), [T0]);
    assert.deepEqual(leaks({}, { containedAt: T0 + HOUR }), [T0 + HOUR]);
    const once = withLeak(NEW_INSTALLATION_RECORD, admin({}));
    assert.equal(withLeak(once, admin({})), once);
    assert.deepEqual(withLeak(once, admin({ containedAt: T0 + HOUR })).leakedAdmins, [
      { ...LEAKED[0], since: T0 + HOUR },
    ]);
    assert.equal(
      withLeak(NEW_INSTALLATION_RECORD, aToken({ incidents: admin({}).incidents })).leakedAdmins,
      undefined,
      'a token is no admin credential',
    );
  });

  test('puts those tokens in question that were made with it, until then', () => {
    assert.equal(adminOf(aToken()), ADMIN);
    assert.equal(leakBehind(madeAt(T0 - DAY), LEAKED)?.name, ADMIN);
    assert.equal(leakBehind(madeAt(T0 + 1), LEAKED), undefined, 'made later');
    assert.equal(
      leakBehind(madeAt(T0 - DAY, { admin: `${ADMIN}/other` }), LEAKED),
      undefined,
      'made with another',
    );
    assert.equal(
      leakBehind(madeAt(T0 - DAY, { provider: 'okta', admin: ADMIN }), LEAKED),
      undefined,
      "another provider's",
    );
    assert.equal(leakBehind(madeAt(T0 - DAY, { detachedAt: T0 }), LEAKED), undefined, 'detached');
    assert.equal(leakBehind(madeAt(T0 - DAY, { name: ADMIN }), LEAKED), undefined, 'itself');
  });

  test('makes them rotate, once', () => {
    const marked = questioned(madeAt(T0 - DAY), LEAKED);
    assert.deepEqual(rotationWish(marked), { at: T0, cause: 'incident' });
    assert.equal(questioned(marked, LEAKED), marked);
  });
});
