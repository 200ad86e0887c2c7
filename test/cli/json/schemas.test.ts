import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { COMMAND_NAMES } from '../../../lib/cli/command-line/commands.ts';
import { JSON_OF, printedBy } from '../../../lib/cli/json/schemas.ts';
import { STATES } from '../../../lib/cli/output/words.ts';
import { jsonSchemas } from '../../../lib/docs/json-schemas.ts';
import { bench } from '../harness.ts';

describe('the schemas of what commands print', () => {
  it('are one for each command, and none for others', () => {
    assert.deepEqual(Object.keys(JSON_OF), COMMAND_NAMES);
    assert.equal(printedBy('constructor'), undefined);
  });

  it('say the version of the object, and take no member that they do not name', () => {
    const version = printedBy('version');
    assert.ok(version?.safeParse({ schema: 1, version: '0.1.0' }).success);
    for (const wrong of [
      { version: '0.1.0' },
      { schema: 2, version: '0.1.0' },
      { schema: 1, version: '1', more: 1 },
    ])
      assert.equal(version.safeParse(wrong).success, false);
  });

  it('name every state of a token', () => {
    const { $defs } = Object(jsonSchemas());
    assert.deepEqual($defs.status.properties.tokens.items.properties.state.enum, Object.keys(STATES));
  });

  it('are held against what every test has a command print', async () => {
    const self = bench();
    self.columns = undefined;
    const known = JSON_OF['version'];
    assert.ok(known);
    assert.equal((await self.keyturn('version', '--json')).exit, 0);
    await assert.rejects(async () => {
      Object.defineProperty(JSON_OF, 'version', { value: JSON_OF['status'], configurable: true });
      try {
        await self.keyturn('version', '--json');
      } finally {
        Object.defineProperty(JSON_OF, 'version', { value: known, configurable: true });
      }
    }, /version prints what its schema does not say/);
  });
});
