import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaksIn } from '../../../lib/sandbox/story/leaks.ts';

const VALUE = 'glpat-abc+/def';

test('a value is found plain, in a URL and in base64, and its place is named', () => {
  const places = [
    { name: 'plain', text: `token ${VALUE}!` },
    { name: 'url', text: `https://host/?token=${encodeURIComponent(VALUE)}` },
    { name: 'base64', text: `Basic ${Buffer.from(VALUE).toString('base64')}` },
    { name: 'clean', text: 'glpat-' },
  ];
  assert.deepEqual(leaksIn(places, [VALUE]), ['plain', 'url', 'base64']);
});
