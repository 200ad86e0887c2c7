import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Assembly } from '../../lib/sandbox/runtime/assembly.ts';

export interface BundleSize {
  readonly file: string;
  readonly bytes: number;
  readonly gzipped: number;
  /** Milliseconds to load it in a process of its own, less those of an empty module: the middle of several runs. */
  readonly loadMs: number;
}

const RUNS = 7;
/** Enough environment for the modules to load; handlers read theirs when first called. */
const ENV = { PATH: process.env['PATH'] ?? '', AWS_REGION: 'eu-central-1' };

/** Size and load time of every bundle of the stack. */
export function bundleSizes(assembly: Assembly): BundleSize[] {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  try {
    const empty = join(folder, 'empty.mjs');
    writeFileSync(empty, 'export const handler = () => undefined;\n');
    const floor = loadTime(empty);
    return [...assembly.assets.values()].flatMap(bundleIn).map((file) => sizeOf(file, floor)).sort((a, b) => b.bytes - a.bytes);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function bundleIn(asset: string): string[] {
  if (!statSync(asset).isDirectory()) return [];
  return readdirSync(asset).filter((name) => name.endsWith('.mjs')).map((name) => join(asset, name));
}

function sizeOf(file: string, floor: number): BundleSize {
  const text = readFileSync(file);
  return { file: nameOf(text.toString('utf8')), bytes: text.length, gzipped: gzipSync(text).length, loadMs: Math.max(0, Math.round((loadTime(file) - floor) * 10) / 10) };
}

/** A bundle is named by what it exports: its asset folder is only a hash. */
function nameOf(text: string): string {
  return /export\s*\{([^}]*)\}/.exec(text.slice(-2_000))?.[1]?.split(',').map((part) => part.split(' as ').at(-1)?.trim()).join(' + ') ?? 'unknown';
}

function loadTime(file: string): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); process.stdout.write(String(performance.now() - t)); process.exit(0);`;
  const times = Array.from({ length: RUNS }, () => Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { env: ENV, encoding: 'utf8' })));
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
}
