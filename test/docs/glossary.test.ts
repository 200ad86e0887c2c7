import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { glossary, type Term } from '../../lib/docs/glossary.ts';
import { retiredIn } from './retired.ts';

const ROOT = join(import.meta.dirname, '../..');
const CODE = globSync('{bin,lib,functions,test,examples}/**/*.ts', { cwd: ROOT });
/** Where replaced words are the subject. */
const ABOUT_WORDS = /^(test\/docs\/(glossary\.test|retired)\.ts|docs\/glossary\.md|CHANGELOG\.md)$/;
const PAGES = globSync(['*.md', 'docs/*.md', 'functions/**/*.md', 'examples/**/*.{yaml,json}'], {
  cwd: ROOT,
});

describe('a word that was replaced', () => {
  it('is nowhere', () => {
    const found = [...CODE, ...PAGES]
      .filter((path) => !ABOUT_WORDS.test(path))
      .flatMap((path) =>
        retiredIn(readFileSync(join(ROOT, path), 'utf8'), path, glossary()).map((word) => `${path}: ${word}`),
      );
    assert.deepEqual(found, []);
  });

  it('is replaced by one word', () => {
    const words = glossary().flatMap(({ kind, replaced }) => replaced.map((old) => `${kind} ${old}`));
    assert.deepEqual(
      words.filter((word, index) => words.indexOf(word) !== index),
      [],
    );
  });

  it('is found in code and in pages, as a whole word alone', () => {
    const terms: readonly Term[] = [
      { term: 'credential', kind: 'concept', meaning: 'm', source: 's', replaced: ['generation'] },
      { term: 'max-age-exceeded', kind: 'finding', meaning: 'm', source: 's', replaced: ['over-age'] },
      { term: 'token-shared', kind: 'finding', meaning: 'm', source: 's', replaced: ['shared'] },
      {
        term: 'keyturn:min-grace',
        kind: 'tag',
        meaning: 'm',
        source: 's',
        replaced: ['keyturn:grace-least'],
      },
      { term: 'minGrace', kind: 'field', meaning: 'm', source: 's', replaced: ['graceLeast'] },
      { term: 'a.hours', kind: 'setting', meaning: 'm', source: 's', replaced: ['a.quiet', 'hosts'] },
    ];
    const inCode = (text: string): string[] => retiredIn(text, 'lib/a.ts', terms);
    assert.deepEqual(inCode('const generationOf = 1;\n'), ['generationOf']);
    assert.deepEqual(inCode('const maxOldGenerationSizeMb = 1; // a generation of users\n'), []);
    assert.deepEqual(inCode("const a = { kind: 'over-age' };\n"), ['over-age']);
    assert.deepEqual(inCode("const a = { kind: 'shared' }; const b = 'shared';\n"), ['shared']);
    assert.deepEqual(inCode("const a = 'keyturn:grace-least=1h, graceLeast'; const b = 'over-ages';\n"), [
      'graceLeast',
      'keyturn:grace-least',
    ]);
    assert.deepEqual(inCode("const a = settings.a.quiet; const hosts = 'a.quiets';\n"), ['a.quiet']);
    const inPage = (text: string): string[] => retiredIn(text, 'docs/a.md', terms);
    assert.deepEqual(inPage('The finding `over-age`, and `shared`; a shared secret of this generation.'), [
      'over-age',
      'shared',
    ]);
  });
});
