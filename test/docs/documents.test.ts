import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { DESCRIPTORS } from '../../functions/providers/descriptors.ts';
import { FINDING_RULES } from '../../functions/core/findings/finding-rules.ts';
import { RUNBOOK_PAGE } from '../../functions/core/findings/runbook-address.ts';
import { pathOfIssuer } from '../../lib/docs/issuer-page.ts';
import { DOCUMENTS, PAGES } from '../../lib/docs/index.ts';
import { MEANINGS, settingPaths } from '../../lib/docs/settings.ts';
import { parseManifest } from '../../lib/cli/manifest/parse.ts';
import { ALARM_RULES } from '../../lib/infra/alarm-rules.ts';
import { parseSettings } from '../../lib/infra/settings.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Of the README: a stranger has to find the way in. */
const MOST_LINES = 200;
/** Of what a program printed. */
const MOST_LINES_OF_OUTPUT = 15;

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

describe('generated documents', () => {
  for (const { path, text } of DOCUMENTS)
    test(`${path} is what the code says`, () => {
      const current = read(path);
      assert.ok(text(current) === current, `${path} has drifted: run npm run docs`);
    });

  test('every setting is explained, and nothing that is no setting', () => {
    assert.deepEqual(settingPaths().toSorted(), Object.keys(MEANINGS).toSorted());
  });
});

describe('the runbook', () => {
  const runbook = read(RUNBOOK_PAGE);
  const rules = [...Object.values(FINDING_RULES), ...Object.values(ALARM_RULES)];

  for (const { runbook: anchor } of rules)
    test(`has a section ${anchor}`, () => {
      const [, after] = runbook.split(`<a id="${anchor}"></a>`);
      assert.ok(after !== undefined, 'there is no anchor');
      assert.match(after, /^\n\n?### /);
    });

  test('has no section that no finding or alarm links to', () => {
    const anchors = [...runbook.matchAll(/<a id="(runbook-[a-z-]+)"><\/a>/g)].map((match) => match[1] ?? '');
    assert.deepEqual(new Set(anchors), new Set<string>(rules.map((rule) => rule.runbook)));
  });
});

describe('the pages', () => {
  for (const page of [...Object.keys(PAGES), ...DESCRIPTORS.map(({ id }) => pathOfIssuer(id))])
    test(`${page} links to files that are there and to headings that are there`, () => {
      for (const match of read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)) {
        const [, path = '', anchor] = match;
        const target = path === '' ? page : join(dirname(page), path);
        assert.ok(existsSync(join(ROOT, target)), `${target} is not there`);
        if (anchor !== undefined)
          assert.ok(anchorsOf(target).has(anchor), `${target} has no heading #${anchor}`);
      }
    });

  for (const page of Object.keys(PAGES))
    test(`${page} names files that are there`, () => {
      for (const [, path = ''] of read(page).matchAll(
        /`((?:bin|lib|functions|test|examples|docs)\/[\w./-]+)`/g,
      ))
        assert.ok(existsSync(join(ROOT, path)), `${path} is not there`);
    });

  test('are all reached from the README', () => {
    const reached = new Set(
      [...read('README.md').matchAll(/\]\((docs\/[^)#/]+\.md)/g)].map(([, path = '']) => path),
    );
    assert.deepEqual(
      reached,
      new Set(
        readdirSync(join(ROOT, 'docs'))
          .filter((name) => name.endsWith('.md'))
          .map((name) => `docs/${name}`),
      ),
    );
  });
});

describe('the README', () => {
  test('shows a manifest and settings that are right', () => {
    const manifest = parseManifest(block('yaml'));
    assert.ok('tokens' in manifest, JSON.stringify(manifest));
    assert.equal(manifest.tokens.length, 1);
    assert.doesNotThrow(() => parseSettings(JSON.parse(block('json'))));
  });

  /** The first block of code of a language, without its indentation. */
  function block(language: string): string {
    const [, indent = '', text = ''] =
      new RegExp(`^( *)\`\`\`${language}\\n([^]*?)\`\`\``, 'm').exec(read('README.md')) ?? [];
    return text.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
  }

  test('shows little of what programs print', () => {
    const outputs = [...read('README.md').matchAll(/```text\n([^]*?)```/g)].map(
      ([, text = '']) => text.trimEnd().split('\n').length,
    );
    for (const lines of outputs) assert.ok(lines <= MOST_LINES_OF_OUTPUT, `${lines} lines`);
  });

  test('is short enough to find the way in it', () => {
    const lines = read('README.md').split('\n').length;
    assert.ok(lines <= MOST_LINES, `it has ${lines} lines: move depth into docs/`);
  });
});

describe('the first screen', () => {
  const [first = ''] = read('README.md').split('\n## ');

  test('has a picture in both themes, which are there', () => {
    for (const theme of ['light', 'dark']) {
      assert.ok(first.includes(`docs/images/overlap-${theme}.svg`), theme);
      assert.ok(existsSync(join(ROOT, `docs/images/overlap-${theme}.svg`)), theme);
    }
    assert.match(
      first,
      /<source media="\(prefers-color-scheme: dark\)" srcset="docs\/images\/overlap-dark\.svg">/,
    );
  });

  test('begins with the clone, in at most three commands', () => {
    const [, commands = ''] = /```sh\n([^]*?)```/.exec(first) ?? [];
    const lines = commands.trim().split('\n');
    assert.match(lines[0] ?? '', /^git clone /);
    assert.ok(lines.length <= 3, commands);
  });

  test('says the words of the field', () => {
    for (const word of [/rotates/i, /overlap/i, /revocation/i, /grace period/i, /leak/i, /issuers/i])
      assert.match(first, word);
  });
});

function anchorsOf(page: string): Set<string> {
  const text = read(page);
  const named = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id);
  return new Set([...named, ...[...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slugOf(heading))]);
}

/** As GitHub makes anchors of headings. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
}
