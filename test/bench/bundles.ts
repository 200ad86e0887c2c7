import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import type { Assembly } from '../../lib/sandbox/runtime/assembly.ts';

export interface BundleSize {
  readonly functions: readonly string[];
  readonly bytes: number;
  readonly gzipped: number;
  /**
   * Milliseconds to load it in a process of its own, less those of an empty module: the middle of several
   * runs.
   */
  readonly loadMs: number;
}

const RUNS = 7;
/** Enough environment for the modules to load; handlers read theirs when first called. */
const ENV = { PATH: process.env['PATH'] ?? '', AWS_REGION: 'eu-central-1' };

/** Size and load time of every bundle of the stack, with the functions that run from it. */
export function bundleSizes(assembly: Assembly): BundleSize[] {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  try {
    const empty = join(folder, 'empty.mjs');
    writeFileSync(empty, 'export const handler = () => undefined;\n');
    const floor = loadTime(empty);
    return functionsByBundle(assembly)
      .map(([file, functions]) => sizeOf(file, functions, floor))
      .sort((a, b) => b.bytes - a.bytes);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const Functions = z.object({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.unknown() })),
});
const Properties = z.object({ FunctionName: z.string(), Code: z.object({ S3Key: z.string() }) });

function functionsByBundle(assembly: Assembly): [string, string[]][] {
  const bundles = new Map<string, string[]>();
  for (const resource of Object.values(Functions.parse(assembly.template).Resources)) {
    const properties =
      resource.Type === 'AWS::Lambda::Function' ? Properties.safeParse(resource.Properties).data : undefined;
    const asset = properties && assembly.assets.get(properties.Code.S3Key);
    if (asset) bundles.set(asset, [...(bundles.get(asset) ?? []), properties.FunctionName]);
  }
  return [...bundles].map(([asset, functions]) => [join(asset, 'index.mjs'), functions]);
}

function sizeOf(file: string, functions: string[], floor: number): BundleSize {
  const text = readFileSync(file);
  return {
    functions,
    bytes: text.length,
    gzipped: gzipSync(text).length,
    loadMs: Math.max(0, Math.round((loadTime(file) - floor) * 10) / 10),
  };
}

function loadTime(file: string): number {
  const script =
    `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); ` +
    'process.stdout.write(String(performance.now() - t)); process.exit(0);';
  const times = Array.from({ length: RUNS }, () =>
    Number(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { env: ENV, encoding: 'utf8' }),
    ),
  );
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
}
