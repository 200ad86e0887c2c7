// Bundles of functions: what Lambda runs, made at synth.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const ROOT = join(import.meta.dirname, '../../..');
const HANDLERS = join(ROOT, 'functions/handlers');

/** The file that Lambda loads, and its source map. */
const FILES = ['index.mjs', 'index.mjs.map'] as const;

/** Where a private authority's certificates lie in a bundle. */
export const CA_FILE_IN_BUNDLE = 'private-ca.pem';

/** CommonJS dependencies inside an ES module bundle still call `require`. */
const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/** Handlers of functions that belong to no issuer, under functions/handlers. */
const CORE = [
  'alert.ts',
  'chat.ts',
  'deliver.ts',
  'detect.ts',
  'discover.ts',
  'health.ts',
  'intake.ts',
  'leaks.ts',
  'measure.ts',
  'pager.ts',
  'reconcile.ts',
  'router.ts',
  'sweep.ts',
] as const;

/** A file under functions/handlers that exports handlers. */
export type Entry = (typeof CORE)[number] | `issuers/${string}.ts`;

/** A file that travels in the bundle; none where `from` is undefined. */
export interface FileBeside {
  readonly from: string | undefined;
  /** Its name in the bundle. */
  readonly to: string;
}

/**
 * The bundles of an installation: one file per entry, AWS SDK included, so that what was tested is what runs,
 * whatever SDK the runtime has that day. One run of esbuild makes all of them when the first is asked for:
 * most of what they are made from is the same, and is parsed once.
 */
export class Bundles {
  readonly #entries: readonly Entry[];
  #made: string | undefined;

  constructor(issuers: readonly Entry[]) {
    this.#entries = [...new Set([...CORE, ...issuers])];
  }

  /** The code of a function; CDK asks for no bundle where a stack needs none, as in tests. */
  code(entry: Entry, beside: readonly FileBeside[]): Code {
    if (!this.#entries.includes(entry)) throw new TypeError(`${entry} is in no run of esbuild`);
    const files = beside.flatMap(({ from, to }) => (from === undefined ? [] : [{ from, to }]));
    return Code.fromAsset(HANDLERS, {
      assetHashType: AssetHashType.OUTPUT,
      bundling: {
        image: DockerImage.fromRegistry('keyturn-bundles-without-docker'),
        // CDK makes one asset of all that look the same to it: these tell them apart.
        environment: { ENTRY: entry, BESIDE: JSON.stringify(files) },
        local: {
          tryBundle: (output) => {
            this.#put(entry, output);
            for (const { from, to } of files) copyFileSync(from, join(output, to));
            return true;
          },
        },
      },
    });
  }

  #put(entry: Entry, output: string): void {
    this.#made ??= made(this.#entries, dirname(output));
    for (const file of FILES) copyFileSync(join(this.#made, entry, file), join(output, file));
  }
}

/**
 * Makes a folder of bundles beside the assets, which is gone when the process ends. The module entry points
 * of packages come first, since only ES modules lose what is not used.
 */
function made(entries: readonly Entry[], assets: string): string {
  const folder = mkdtempSync(join(assets, 'bundles-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  buildSync({
    entryPoints: entries.map((entry) => ({ in: join(HANDLERS, entry), out: join(entry, 'index') })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    banner: { js: REQUIRE },
    legalComments: 'none',
    logLevel: 'warning',
  });
  return folder;
}
