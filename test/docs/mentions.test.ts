import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { allCommands } from '../../lib/cli/command-line/commands.ts';
import { exitCodes } from '../../lib/cli/command-line/help.ts';
import { EXIT } from '../../lib/cli/command-line/exit.ts';
import { PAGES } from '../../lib/docs/index.ts';
import { faultsOf, mentionsIn } from './mentions.ts';

const ROOT = join(import.meta.dirname, '../..');
const COMMANDS = await allCommands();

/**
 * Where people read what to type: pages, samples, and the sentences of findings, errors, mails, alarms and
 * the sandbox.
 */
const PLACES = [...Object.keys(PAGES), 'docs/*.md', 'examples/**/*', 'functions/**/*.ts', 'lib/**/*.ts'];

/** A string that goes over several lines of the code is one text to those who read it. */
const BREAK_OF_A_STRING = /['`] \+\n\s*['`]/g;

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8').replaceAll(BREAK_OF_A_STRING, '');
}

describe('every command that is named to people is there, with its options and arguments', () => {
  for (const place of PLACES)
    it(place, () => {
      const faults = globSync(place, { cwd: ROOT, withFileTypes: false })
        .filter((path) => /\.[a-z]+$/.test(path))
        .flatMap((path) =>
          mentionsIn(read(path)).flatMap((mention) =>
            faultsOf(mention, COMMANDS).map((fault) => `${path}: ${fault}`),
          ),
        );
      assert.deepEqual(faults, []);
    });

  it('and many are named in the runbook', () => {
    assert.ok(mentionsIn(read('docs/runbook.md')).length > 100);
  });

  it('a slip is found', () => {
    const faults = (text: string): string[] =>
      mentionsIn(text).flatMap((mention) => faultsOf(mention, COMMANDS));
    assert.deepEqual(
      faults(
        'run `keyturn rotate TOKEN --wait` or\nnpx keyturn consumer deliver TOKEN CONSUMER --yes   # ' +
          'then\npbpaste | npx keyturn report-leak --file r.json',
      ),
      [],
    );
    assert.match(faults('`keyturn leaked`')[0] ?? '', /^there is no command "leaked"/);
    assert.match(faults('`npx keyturn revoke TOKEN --now`')[0] ?? '', /^revoke has no option --now/);
    assert.match(faults('`keyturn rotate TOKEN CREDENTIAL`')[0] ?? '', /^rotate takes 1 arguments/);
    assert.match(faults('`keyturn review TOKEN`')[0] ?? '', /^there is no command "review TOKEN"/);
  });
});

it('the reference has every exit code, with its meaning', () => {
  assert.deepEqual(
    exitCodes().map(([code]) => code),
    Object.values(EXIT),
  );
  for (const [code] of exitCodes())
    assert.match(read('docs/reference.md'), new RegExp(`^\\| ${code} \\| `, 'm'));
});
