import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { overlapPicture, type Theme } from '../../lib/docs/overlap-picture.ts';

const THEMES: readonly Theme[] = ['light', 'dark'];

/**
 * Texts of the picture with where they stand and how wide they are at most: 0.62 of the size of the font for
 * each character.
 */
function textsOf(svg: string): { text: string; from: number; to: number; y: number; size: number }[] {
  return [
    ...svg.matchAll(
      /<text x="([\d.]+)" y="([\d.]+)" fill="[^"]+" font-size="(\d+)" text-anchor="(\w+)"[^>]*>([^<]*)</g,
    ),
  ].map(([, x = '', y = '', size = '', anchor, text = '']) => {
    const width = text.length * Number(size) * 0.62;
    const from = anchor === 'middle' ? Number(x) - width / 2 : Number(x);
    return { text, from, to: from + width, y: Number(y), size: Number(size) };
  });
}

/** Relative luminance, as WCAG 2.2 defines it. */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

for (const theme of THEMES)
  describe(`the picture of an overlap, ${theme}`, () => {
    const svg = overlapPicture(theme);
    const texts = textsOf(svg);

    test('is one SVG without scripts, links or fonts to load', () => {
      assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 880 \d+"[^]*<\/svg>\n$/);
      assert.doesNotMatch(svg, /<script|href=|@font-face|@import|<style|<image|on\w+=/);
    });

    test('says what it shows to those who do not see it', () => {
      assert.match(svg, /role="img"/);
      assert.match(svg, /<title>[^<]+<\/title>\s+<desc>[^<]*revoked[^<]*verified[^<]*<\/desc>/);
    });

    test('shows overlap, grace period, revocation and verification', () => {
      const all = texts.map((one) => one.text).join('\n');
      for (const word of ['overlap', 'grace period', 'revoked', 'verified', 'AWSCURRENT'])
        assert.ok(all.includes(word), word);
    });

    test('has no text outside of it, and none over another', () => {
      for (const one of texts) assert.ok(one.from >= 0 && one.to <= 880, one.text);
      for (const one of texts)
        for (const other of texts)
          assert.ok(
            one === other || one.y !== other.y || one.to <= other.from || other.to <= one.from,
            `${one.text} | ${other.text}`,
          );
    });

    test('has text that is large enough to read', () => {
      for (const one of texts) assert.ok(one.size >= 13, one.text);
    });

    test('has text that stands out: from the page, and from the bars', () => {
      const page = theme === 'light' ? '#ffffff' : '#0d1117';
      const bars = [...svg.matchAll(/<rect[^>]*height="32" fill="(#\w+)"\/><text[^>]*fill="(#\w+)"/g)];
      assert.ok(bars.length > 3);
      for (const [, bar = '', text = ''] of bars) assert.ok(contrast(bar, text) >= 4.5, `${text} on ${bar}`);
      const colors = new Set([...svg.matchAll(/<text[^>]*fill="(#\w+)"/g)].map(([, color = '']) => color));
      for (const [, , text = ''] of bars) colors.delete(text);
      for (const color of colors) assert.ok(contrast(color, page) >= 4.5, `${color} on ${page}`);
    });
  });

test('the two differ in their colors alone', () => {
  const [light, dark] = THEMES.map((theme) => overlapPicture(theme).replaceAll(/#[0-9a-f]{6}/g, 'color'));
  assert.equal(light, dark);
});
