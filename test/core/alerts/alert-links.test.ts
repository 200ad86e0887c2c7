import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretOf } from '../../../functions/core/alerts/alert-links.ts';
import { HERE } from '../../fakes/steps.ts';
import { aFinding } from '../../fakes/tokens.ts';

const PAGE = 'https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=';

test(
  'a finding of a token links to its secret, one of an admin credential to the admin secret, others to ' +
    'none',
  () => {
    assert.equal(secretOf(aFinding(), HERE), `${PAGE}prod%2Fbilling%2Fci`);
    const own = { tokenId: 'installation', name: 'Keyturn main' };
    assert.equal(
      secretOf(aFinding({ ...own, kind: 'admin-credential-expiring', subject: 'keyturn/admin/okta' }), HERE),
      `${PAGE}keyturn%2Fadmin%2Fokta`,
    );
    assert.equal(secretOf(aFinding({ ...own, kind: 'review-due' }), HERE), undefined);
  },
);
