import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { KeyturnStack } from '../../lib/infra/keyturn-stack.ts';
import { mailRoutes } from '../../lib/infra/mail-filters.ts';
import { parseSettings, type SettingsInput } from '../../lib/infra/settings.ts';
import { ALL_ISSUERS, makeApp } from './synth.ts';

function warningsOf(given: Partial<SettingsInput>): string[] {
  const settings = { issuers: ALL_ISSUERS, ...given };
  const stack = new KeyturnStack(makeApp(), 'Keyturn', { settings });
  return Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('Nobody will hear'))
    .map(({ entry }) => JSON.stringify(entry.data));
}

const OWNED = [{ owner: 'team-billing', emails: ['b@example.com'] }];

describe('an installation without subscribers', () => {
  it('is a warning at synth', () => {
    for (const alerts of [{}, { routes: OWNED }, { escalateTo: ['cto@example.com'] }]) {
      const [warning, ...others] = warningsOf({ alerts });
      assert.match(
        warning ?? '',
        /name an address under alerts\.emails, a chat room under alerts\.chat, or a pager/,
      );
      assert.deepEqual(others, []);
    }
  });

  it('is none with an address, a pager, or somebody for what has no owner', () => {
    assert.deepEqual(warningsOf({ alerts: { emails: ['ops@example.com'] } }), []);
    assert.deepEqual(warningsOf({ pager: { secretName: 'keyturn/pager' } }), []);
    assert.deepEqual(warningsOf({ alerts: { routes: OWNED, fallbackOwner: 'team-billing' } }), []);
  });

  it('is looked after with the addresses that hear of what has no route', () => {
    const { alerts } = parseSettings({
      issuers: ALL_ISSUERS,
      alerts: { routes: OWNED, fallbackOwner: 'team-billing' },
    });
    assert.deepEqual(mailRoutes(alerts), [
      { to: 'b@example.com', owners: { '': 'info', 'team-billing': 'info' } },
    ]);
  });
});
