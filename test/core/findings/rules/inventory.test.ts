import assert from 'node:assert/strict';
import { it } from 'node:test';
import { DISCOVERED } from '../../../../functions/core/inventory/discovery-findings.ts';
import { INVENTORY_RULES } from '../../../../functions/core/findings/rules/inventory.ts';
import { FINDING_RULES } from '../../../../functions/core/findings/finding-rules.ts';

it(
  'the rules of the inventory stand in the table of all findings, and say of each that only a person ' +
    'revokes for it',
  () => {
    for (const [kind, rule] of Object.entries(INVENTORY_RULES))
      assert.deepEqual(Object.entries(FINDING_RULES).find(([known]) => known === kind)?.[1], rule);
    for (const kind of DISCOVERED) assert.match(INVENTORY_RULES[kind].action, /keyturn|owner|issuer/);
  },
);
