import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ERROR_RULES } from '../../functions/core/basics/error-rules.ts';
import { scoreOf, share, type Mutated } from './mutate.ts';
import { isSentence, strykerPlugins } from './sentences.ts';
import { TARGETS } from './targets.ts';

const ROOT = join(import.meta.dirname, '../..');

function mutant(status: string, replacement: string, columns: readonly [number, number] = [8, 12]): Mutated {
  return {
    status,
    mutatorName: 'BooleanLiteral',
    replacement,
    location: { start: { line: 2, column: columns[0] }, end: { line: 2, column: columns[1] } },
  };
}

/** How test files that are made for it end, and what it says of them. */
function ending(...files: readonly string[]): { status: number | null; says: string } {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-mutate-'));
  try {
    const paths = files.map((text, index) => {
      const path = join(folder, `${index}.test.mjs`);
      writeFileSync(path, `import { describe, test } from 'node:test';\n${text}`);
      return path;
    });
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'run-tests.ts'), ...paths],
      { encoding: 'utf8', env: { ...process.env, NODE_TEST_CONTEXT: undefined } },
    );
    return { status, says: stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What asks the guard, or goes on after it: tried by proofs, which are too slow for mutants. */
const BESIDE_THE_GUARD =
  /\/(ask-guard|grant-permit|identify-handle|judge-use|known-elsewhere|note-credential|retire-credential|take-forced-revocation|waits-before-claim|while-waiting)\.ts$/;

describe('mutation', () => {
  it('is of files that are there, noticed by tests that are there', () => {
    const named = Object.entries(TARGETS).flatMap(([file, tests]) => [file, ...tests]);
    assert.deepEqual(
      named.filter((path) => !existsSync(join(ROOT, path))),
      [],
    );
    assert.deepEqual(
      Object.entries(TARGETS).filter(([, tests]) => tests.length === 0),
      [],
    );
  });

  it('is of the whole guard, and of what every provider says of answers', () => {
    const whole = globSync(['functions/use-cases/revocation/*.ts', 'functions/providers/*/verdicts.ts'], {
      cwd: ROOT,
    }).filter((file) => !file.includes('_template') && !BESIDE_THE_GUARD.test(file));
    assert.ok(whole.length > 12);
    assert.deepEqual(
      whole.filter((file) => !(file in TARGETS)),
      [],
    );
  });

  it('counts what was noticed, and shows what was not as it stood', () => {
    const text = 'const x = 1;\nreturn true;\n';
    const score = scoreOf('a.ts', text, [
      mutant('Killed', 'false'),
      mutant('Timeout', 'false'),
      mutant('Survived', 'false'),
      mutant('Ignored', '""'),
    ]);
    assert.deepEqual(score, {
      file: 'a.ts',
      mutants: 3,
      killed: 1,
      timeout: 1,
      survived: [{ line: 2, operator: 'BooleanLiteral', was: 'true', became: 'false' }],
    });
    assert.equal(share([score, { mutants: 1, killed: 1, timeout: 0 }]), 75);
    assert.equal(share([]), 100);
  });

  it('does not take a try that came to nothing for one that was noticed', () => {
    assert.throws(() => scoreOf('a.ts', '', [mutant('RuntimeError', 'false')]), /RuntimeError/);
  });

  it('leaves sentences for people as they are, and no other text', () => {
    for (const text of ['It is gone.', 'two words', ...Object.values(ERROR_RULES).map((one) => one.advice)])
      assert.ok(isSentence(text), text);
    for (const text of [...Object.keys(ERROR_RULES), 'current', 'AWSCURRENT', '', ' ', ', ', 'glpat-'])
      assert.ok(!isSentence(text), text);
    const [plugin] = strykerPlugins;
    assert.ok(plugin);
    assert.ok(plugin.value.shouldIgnore({ node: { type: 'StringLiteral', value: 'It is gone.' } }));
    assert.ok(
      plugin.value.shouldIgnore({
        node: {
          type: 'TemplateLiteral',
          quasis: [{ value: { raw: 'The ' } }, { value: { raw: ' is gone.' } }],
        },
      }),
    );
    assert.equal(plugin.value.shouldIgnore({ node: { type: 'StringLiteral', value: 'current' } }), undefined);
    assert.equal(
      plugin.value.shouldIgnore({
        node: { type: 'TemplateLiteral', quasis: [{ value: { raw: '' } }, { value: { raw: '/' } }] },
      }),
      undefined,
    );
    assert.equal(plugin.value.shouldIgnore({ node: { type: 'BooleanLiteral' } }), undefined);
  });
});

describe('the run of tests on a mutant', () => {
  it('ends well when all pass', () => {
    assert.deepEqual(
      ending("test('good', () => {});", "describe('of files', () => { test('good', () => {}); });"),
      { status: 0, says: '' },
    );
  });

  it('ends at the first test that fails', () => {
    const { status, says } = ending(
      "test('bad', () => { throw new Error('no'); });\ntest('never', () => new Promise(() => " +
        'setInterval(() => {}, 1_000)));',
    );
    assert.deepEqual({ status, says }, { status: 1, says: 'bad\n' });
  });

  it('ends at the first one in a suite too, and fails where a suite cannot be made', () => {
    assert.deepEqual(
      ending(
        "describe('a suite', () => { test('bad', () => { throw new Error('no'); }); test('never', () " +
          '=> new Promise(() => setInterval(() => {}, 1_000))); });',
      ),
      { status: 1, says: 'bad\n' },
    );
    assert.notEqual(ending("describe('a suite', () => { throw new Error('no'); });").status, 0);
  });

  it('fails where a file cannot be loaded, at its beginning or its end', () => {
    for (const text of [
      "import './missing.mjs';",
      "test('good', () => {});\nthrow new Error('no');",
      "test('good', () => {});\nawait Promise.reject(new Error('no'));",
    ])
      assert.notEqual(ending(text).status, 0, text);
  });
});
