import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RUNBOOK_PAGE, runbookAt, runbookPage } from '../../../functions/core/findings/runbook-address.ts';

describe('the address of the runbook', () => {
  it('is the page that Keyturn comes with, where the settings name none', () => {
    assert.equal(runbookPage(undefined), RUNBOOK_PAGE);
    assert.equal(runbookAt('runbook-token-expired', undefined), `${RUNBOOK_PAGE}#runbook-token-expired`);
  });

  it('is the page that the settings name, without the section that they may name', () => {
    const page = 'https://wiki.example.com/keyturn#top';
    assert.equal(runbookPage(page), 'https://wiki.example.com/keyturn');
    assert.equal(
      runbookAt('runbook-token-expired', page),
      'https://wiki.example.com/keyturn#runbook-token-expired',
    );
  });
});
