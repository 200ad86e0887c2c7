import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ENDINGS } from '../../../functions/core/assessment/endings.ts';
import { TOLD_AS } from '../../../functions/core/assessment/finding-of-refusal.ts';

it('what a refusal leaves waiting is reported under a kind that has an end', () => {
  for (const kind of Object.values(TOLD_AS)) assert.ok(ENDINGS[kind].command.length > 0);
});
