import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  NEW_INSTALLATION_RECORD,
  type InstallationRecord,
  type ExposedAdmin,
} from '../../../functions/core/inventory/installation.ts';
import {
  exposedIn,
  withExposed,
  withFate,
  withoutSecrets,
} from '../../../functions/core/inventory/leaked-admin-credentials.ts';
import { DAY, HOUR } from '../../../functions/core/basics/time.ts';
import { T0 } from '../../fakes/tokens.ts';

const NAME = 'keyturn/admin/okta';
const OUT: ExposedAdmin = {
  name: NAME,
  provider: 'okta',
  fingerprint: 'f'.repeat(64),
  source: 'a person',
  reportedAt: T0,
};
const EXPOSED = withFate(withExposed(NEW_INSTALLATION_RECORD, OUT), OUT, 'in-use', T0);

function told({ noted }: InstallationRecord): string[] {
  return noted.map(({ kind, severity, detail }) => `${kind} ${severity} ${detail.split('; ')[1]}`);
}

test(
  'one that is out is reported while it is in its secret, once, and puts nothing in question that would ' +
    'be made with it again',
  () => {
    assert.deepEqual(told(EXPOSED), [
      'admin-credential-leaked critical it is still in its secret, so who found it can create and revoke ' +
        'tokens.',
    ]);
    assert.deepEqual([exposedIn(EXPOSED, NAME), EXPOSED.leakedAdmins], [[OUT], undefined]);
    assert.equal(withExposed(EXPOSED, { ...OUT, source: 'a scanner' }), EXPOSED);
  },
);

test(
  'once it is replaced, what it could make is in question, and ' +
    'it is reported until its issuer refuses it',
  () => {
    const replaced = withFate(EXPOSED, OUT, 'active', T0 + HOUR);
    assert.deepEqual(replaced.leakedAdmins, [{ name: NAME, provider: 'okta', since: T0 + HOUR }]);
    assert.match(told(replaced).join(), /its issuer still accepts it: revoke it there/);
    const silent = withFate(replaced, OUT, 'unknown', T0 + 2 * HOUR);
    assert.deepEqual([silent.leakedAdmins?.[0]?.since, told(silent).length], [T0 + HOUR, 1]);
    const revoked = withFate(silent, OUT, 'inactive', T0 + 3 * HOUR);
    assert.deepEqual(
      [told(revoked), revoked.exposedAdmins, revoked.leakedAdmins?.[0]?.since],
      [[], [], T0 + HOUR],
    );
    assert.equal(withFate(revoked, OUT, 'active', T0 + 4 * HOUR), revoked);
  },
);

test('one that no version holds any more cannot be tried: it is reported for a week', () => {
  const lost = withFate(EXPOSED, OUT, 'lost', T0);
  assert.deepEqual(
    [lost.exposedAdmins, lost.noted[0]?.until, lost.leakedAdmins?.length],
    [[], T0 + 7 * DAY, 1],
  );
});

test('of a secret that is gone nothing is told, of others all', () => {
  assert.equal(withoutSecrets(EXPOSED, [NAME]), EXPOSED);
  const gone = withoutSecrets(EXPOSED, ['keyturn/admin/gitlab']);
  assert.deepEqual([gone.exposedAdmins, told(gone)], [[], []]);
});
