import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pagerEvent } from '../../../functions/core/alerts/page-event.ts';
import { CONTEXT } from '../../fakes/steps.ts';
import { aFinding } from '../../fakes/tokens.ts';

describe('an event for the pager', () => {
  it('links to the section of the runbook where the settings name its page', () => {
    const event = pagerEvent(aFinding(), { ...CONTEXT, runbookUrl: 'https://wiki.example.com/k' });
    assert.deepEqual(
      [event['links']].flat().map((one) => Object(one).href),
      [
        'https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=prod%2Fbilling%2Fci',
        'https://wiki.example.com/k#runbook-token-expiring',
      ],
    );
  });

  it('about the installation itself links to no secret, and an end has no links', () => {
    const own = aFinding({ tokenId: 'installation', kind: 'alert-subscription-unhealthy' });
    assert.deepEqual(pagerEvent(own, CONTEXT)['links'], []);
    assert.equal(pagerEvent(aFinding({ change: 'resolved' }), CONTEXT)['links'], undefined);
  });
});
