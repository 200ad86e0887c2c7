import assert from 'node:assert/strict';
import { it } from 'node:test';
import { DISCOVERED } from '../../../functions/core/discovery.ts';
import { ESTATE_RULES } from '../../../functions/core/finding-rules/estate.ts';
import { FINDING_RULES } from '../../../functions/core/findings.ts';

it('the rules of the estate stand in the table of all findings, and say of each thing that nothing is killed for it but by a person', () => {
  for (const [kind, rule] of Object.entries(ESTATE_RULES))
    assert.deepEqual(Object.entries(FINDING_RULES).find(([known]) => known === kind)?.[1], rule);
  for (const kind of DISCOVERED) assert.match(ESTATE_RULES[kind].action, /keyturn|owner|issuer/);
});
