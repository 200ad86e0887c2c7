import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readOwnIssuer } from '../../functions/providers/declared/own/read-file.ts';
import { parseManifest } from '../../lib/cli/manifest/parse.ts';
import { PAGES } from '../../lib/docs/index.ts';
import { Settings, parseSettings } from '../../lib/infra/settings.ts';
import { readPage } from './pages.ts';

const NAMES = Object.keys(Settings.shape);

/** The blocks of code of a language on a page, without their indentation. */
function blocksIn(page: string, language: string): string[] {
  return [...readPage(page).matchAll(new RegExp(`^( *)\`\`\`${language}\\n([^]*?)\`\`\``, 'gm'))].map(
    ([, indent = '', text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

/** What a page shows of keyturn.json: whole files, and single settings in a sentence. */
function settingsOn(page: string): object[] {
  const files: object[] = blocksIn(page, 'json').map((text) => JSON.parse(text));
  const single = [...readPage(page).matchAll(/`("[a-zA-Z]+": [{["][^`]*)`/g)].map(([, text = '']): object =>
    JSON.parse(`{${text}}`),
  );
  return [...files, ...single.filter(isOurs).map((one) => ({ issuers: { gitlab: {} }, ...one }))].filter(
    isOurs,
  );
}

/** Other files have members of other names. */
function isOurs(shown: object): boolean {
  return Object.keys(shown).some((key) => NAMES.includes(key));
}

function manifestsOn(page: string): string[] {
  return blocksIn(page, 'yaml')
    .filter((text) => /^tokens:/m.test(text))
    .map((text) => (text.includes('version:') ? text : `version: 1\n${text}`));
}

describe('what the pages show', () => {
  const pages = Object.keys(PAGES);

  it('of keyturn.json is right', () => {
    const shown = pages.flatMap(settingsOn);
    assert.ok(shown.length >= 4, `${shown.length} found`);
    for (const settings of shown) parseSettings(settings);
  });

  it('of an issuer of your own is the example, and is right', () => {
    const [shown, ...others] = pages
      .flatMap((page) => blocksIn(page, 'yaml'))
      .filter((text) => /^id: own-/m.test(text));
    assert.deepEqual(others, []);
    assert.equal(shown, readFileSync('examples/own-hub.yaml', 'utf8'));
    assert.equal(readOwnIssuer(shown).faults, undefined);
  });

  it('of a manifest is right', () => {
    const shown = pages.flatMap(manifestsOn);
    assert.ok(shown.length >= 3, `${shown.length} found`);
    for (const text of shown) assert.ok('tokens' in parseManifest(text), JSON.stringify(parseManifest(text)));
  });
});
