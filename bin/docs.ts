#!/usr/bin/env node
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOCUMENTS, type Document } from '../lib/docs/index.ts';

const ROOT = join(import.meta.dirname, '..');

/** Brings one generated file up to date and says so; with `check` it only complains. */
function bring({ path, text }: Document, check: boolean): void {
  const file = join(ROOT, path);
  const current = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const wanted = text(current);
  if (wanted === current) return;
  if (check)
    throw new Error(`${path} is not what the code says: run npm run docs and commit what it writes.`);
  writeFileSync(file, wanted);
  console.log(`wrote ${path}`);
}

function main(check: boolean): void {
  for (const document of DOCUMENTS) {
    try {
      bring(document, check);
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    }
  }
}

main(process.argv.includes('--check'));
