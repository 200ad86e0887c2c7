import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SAFE_REASONS as GITLAB } from '../../functions/providers/gitlab/verdicts.ts';
import { SAFE_REASONS as OKTA } from '../../functions/providers/okta/verdicts.ts';
import { reasonIn } from '../../functions/providers/safe-reasons.ts';

describe('sentences of issuers that people may read', () => {
  it('fit words, numbers and dates alone', () => {
    for (const { pattern, says } of [...GITLAB, ...OKTA]) {
      // An alternative of words is a word; digits of a number or a date are no credential.
      const words = pattern.source
        .replaceAll(/\((?:[a-z]+\|)*[a-z]+\)/g, 'word')
        .replaceAll(/\\d(\{\d+\}|\+)?/g, '0');
      assert.match(words, /^[\w ',-]+$/, pattern.source);
      assert.ok(!pattern.global && !pattern.sticky, 'a pattern has no memory');
      assert.ok(says === undefined || /^[\w ,.:;'-]+[^.]$/.test(says), says);
    }
  });

  it('are found in the form in which GitLab sends them, without what stands around', () => {
    const sent = (text: string) =>
      reasonIn(400, JSON.stringify({ message: `400 Bad request - ${text}` }), GITLAB);
    assert.equal(sent('Access token limit reached'), 'Access token limit reached');
    assert.equal(sent('Expires at must be before 2027-03-03'), 'Expires at must be before 2027-03-03');
    assert.equal(
      sent('Scopes can only contain available scopes'),
      'Scopes can only contain available scopes',
    );
    assert.match(
      sent('User does not have permission to create project access token') ?? '',
      /Maintainer of the project/,
    );
    const people = sent('Ann Canary cannot delete Canary Bot');
    assert.ok(people !== undefined && !people.includes('Canary'), people);
    assert.equal(sent('Something new, glpat-canary'), undefined);
    for (const same of [
      'scopes does not have a valid value',
      'access_level does not have a valid value',
      'Failed to find bot user',
    ])
      assert.equal(sent(same), same);
    assert.match(
      sent('User does not have permission to create group access token') ?? '',
      /Owner of the group/,
    );
    assert.match(
      sent('Access level of the token contains permissions not held by the creating user') ?? '',
      /accessLevel in the grant/,
    );
    for (const odd of ['7-03-03', '2027-3-03', '2027-03-3', 'soon-03-03', '2027-xx-03', '2027-03-xx'])
      assert.equal(sent(`Expires at must be before ${odd} `), undefined, odd);
    assert.equal(reasonIn(422, 'Access token limit reached', GITLAB), undefined);
  });

  it('are found in the form in which Okta sends them', () => {
    const body = JSON.stringify({
      errorCode: 'E0000001',
      errorSummary: 'Api validation failed: OAuth2ClientSecretMediated',
      errorCauses: [{ errorSummary: "You can't deactivate the only active client secret." }],
    });
    assert.equal(reasonIn(400, body, OKTA), "You can't deactivate the only active client secret");
    assert.equal(
      reasonIn(400, "You can't delete an active client secret", OKTA),
      "You can't delete an active client secret",
    );
    assert.equal(reasonIn(403, body, OKTA), undefined);
  });
});
