import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { FINDING_RULES } from '../../functions/core/findings.ts';
import { DOCUMENTS } from '../../lib/docs/index.ts';
import { MEANINGS, settingPaths } from '../../lib/docs/settings.ts';
import { parseManifest } from '../../lib/cli/manifest/parse.ts';
import { ALARM_RULES } from '../../lib/infra/alarm-rules.ts';
import { parseSettings } from '../../lib/infra/settings.ts';

const ROOT = join(import.meta.dirname, '../..');

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

describe('the README', () => {
  const readme = read('README.md');
  const rules = [...Object.values(FINDING_RULES), ...Object.values(ALARM_RULES)];

  for (const { runbook } of rules)
    test(`has a section ${runbook}`, () => {
      const [, after] = readme.split(`<a id="${runbook}"></a>`);
      assert.ok(after !== undefined, 'there is no anchor');
      assert.match(after, /^\n\n?### /);
    });

  test('has no runbook section that no finding or alarm links to', () => {
    const anchors = [...readme.matchAll(/<a id="(runbook-[a-z-]+)"><\/a>/g)].map((match) => match[1] ?? '');
    assert.deepEqual(new Set(anchors), new Set<string>(rules.map((rule) => rule.runbook)));
  });

  test('links to files that are there and to headings that are there', () => {
    const anchors = new Set([...readme.matchAll(/<a id="([^"]+)">/g)].map((match) => match[1]));
    for (const match of readme.matchAll(/^#+ (.+)$/gm)) anchors.add(slugOf(match[1] ?? ''));
    for (const match of readme.matchAll(/\]\((?!https?:)([^)#]*)(#[^)]*)?\)/g)) {
      const [, path = '', anchor] = match;
      if (path !== '') assert.ok(existsSync(join(ROOT, path)), `${path} is not there`);
      else assert.ok(anchors.has(anchor?.slice(1)), `${anchor} is no heading`);
    }
  });

  test('shows a manifest and settings that are right', () => {
    const manifest = parseManifest(block('yaml'));
    assert.ok('tokens' in manifest, JSON.stringify(manifest));
    assert.equal(manifest.tokens.length, 1);
    assert.doesNotThrow(() => parseSettings(JSON.parse(block('json'))));
  });

  /** The first block of code of a language, without its indentation. */
  function block(language: string): string {
    const [, indent = '', text = ''] = new RegExp(`^( *)\`\`\`${language}\\n([^]*?)\`\`\``, 'm').exec(readme) ?? [];
    return text.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
  }

  test('names files that are there', () => {
    const named = [...readme.matchAll(/`((?:bin|lib|functions|test|examples)\/[\w./-]+)`/g)].map((match) => match[1] ?? '');
    assert.ok(named.length > 20);
    for (const path of named) assert.ok(existsSync(join(ROOT, path)), `${path} is not there`);
  });
});

/** As GitHub makes anchors of headings. */
function slugOf(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N} -]/gu, '').replaceAll(' ', '-');
}
