import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { DAY } from '../../../functions/core/basics/time.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CACHE = join(ROOT, 'node_modules/.cache/keyturn/assemblies');
/** What the synthesised template and the bundles are made from. */
const INPUTS = [
  'functions/**/*.ts',
  'lib/infra/**/*.ts',
  'bin/app.ts',
  'cdk.json',
  'package-lock.json',
  'tsconfig.json',
];

/** One stack of a cloud assembly. */
export interface Assembly {
  readonly stackName: string;
  readonly template: unknown;
  /** Folders of assets, and files of nested templates, by the object key the template names them by. */
  readonly assets: ReadonlyMap<string, string>;
}

/**
 * The cloud assembly of bin/app.ts for some settings: what `cdk deploy` would deploy, bundles included. It is
 * made by the
 * app itself in a process of its own; while none of its inputs changes, the one made before is used again.
 * Errors: the app's own message when it cannot be made; the signal's reason when that gave it up.
 */
export async function synthesise(settings: object, signal?: AbortSignal): Promise<Assembly> {
  const key = keyOf(settings);
  const folder = join(CACHE, key);
  if (existsSync(folder)) {
    const now = new Date();
    utimesSync(folder, now, now);
    return readAssembly(folder);
  }
  mkdirSync(CACHE, { recursive: true });
  dropUnused();
  const making = mkdtempSync(join(CACHE, 'making-'));
  try {
    writeFileSync(join(making, 'settings.json'), JSON.stringify(settings));
    await runApp(join(making, 'cdk.out'), join(making, 'settings.json'), signal);
    // A file was changed meanwhile: what was made may be half of each.
    if (keyOf(settings) !== key) return await synthesise(settings, signal);
    moveInto(join(making, 'cdk.out'), folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return readAssembly(folder);
}

function keyOf(settings: object): string {
  const hash = createHash('sha256').update(JSON.stringify(settings)).update(process.version);
  for (const file of INPUTS.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).sort())
    hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)));
  for (const file of ownFilesIn(settings)) hash.update(`\0${file}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 32);
}

const WithFiles = z.looseObject({
  issuers: z.record(z.string(), z.looseObject({ file: z.string().optional() })).default({}),
});

/** The files in which the settings declare issuers. */
function ownFilesIn(settings: object): string[] {
  const { issuers } = WithFiles.parse(settings);
  return Object.values(issuers).flatMap(({ file }) => (file === undefined ? [] : [file]));
}

/** Another process may have made the same one meanwhile; then that one stays. */
function moveInto(made: string, folder: string): void {
  try {
    renameSync(made, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

function dropUnused(): void {
  for (const name of readdirSync(CACHE)) {
    const folder = join(CACHE, name);
    if (statSync(folder).mtimeMs < Date.now() - DAY) rmSync(folder, { recursive: true, force: true });
  }
}

const CdkJson = z.looseObject({ context: z.record(z.string(), z.unknown()).default({}) });

/**
 * Runs the CDK app as the `cdk` command does (docs.aws.amazon.com, "CDK toolkit": output folder and context
 * come by environment).
 */
async function runApp(output: string, settings: string, signal: AbortSignal | undefined): Promise<void> {
  const { context } = CdkJson.parse(JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')));
  const env = {
    ...process.env,
    CDK_OUTDIR: output,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, settings }),
    NODE_OPTIONS: '',
  };
  signal?.throwIfAborted();
  const app = spawn(process.execPath, [join(ROOT, 'bin/app.ts')], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [app.stdout, app.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => void (said += chunk));
  const stop = (): void => void app.kill();
  signal?.addEventListener('abort', stop, { once: true });
  await once(app, 'close');
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (app.exitCode !== 0 || !existsSync(join(output, 'manifest.json')))
    throw new Error(`The stack could not be synthesised:\n${said.trim()}`);
}

const Manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      properties: z
        .looseObject({
          templateFile: z.string().optional(),
          file: z.string().optional(),
          stackName: z.string().optional(),
        })
        .optional(),
    }),
  ),
});
const AssetManifest = z.object({
  files: z.record(
    z.string(),
    z.looseObject({
      source: z.looseObject({ path: z.string().optional() }),
      destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
    }),
  ),
});

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/**
 * The template of a nested stack, by the URL that CDK gives it: the end of its path is the key of an asset.
 * Error: none of the assets has it.
 */
export function nestedTemplate({ assets }: Pick<Assembly, 'assets'>, url: string): unknown {
  const path = assets.get(url.split('/').at(-1) ?? '');
  if (path === undefined) throw new Error(`The assembly has no template ${url}.`);
  return readJson(path);
}

/** Reads a cloud assembly with one stack, which may have nested ones. */
export function readAssembly(folder: string): Assembly {
  const { artifacts } = Manifest.parse(readJson(join(folder, 'manifest.json')));
  const stacks = Object.entries(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const [stack, ...others] = stacks;
  const templateFile = stack?.[1].properties?.templateFile;
  if (!stack || templateFile === undefined || others.length > 0)
    throw new Error(`The sandbox runs an assembly with one stack; ${folder} has ${stacks.length}.`);
  const manifests = Object.values(artifacts).flatMap(({ type, properties }) =>
    type === 'cdk:asset-manifest' && properties?.file !== undefined ? [properties.file] : [],
  );
  const files = manifests.flatMap((file) =>
    Object.values(AssetManifest.parse(readJson(join(folder, file))).files),
  );
  const assets = files.flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }) => [objectKey, join(folder, source.path ?? '')] as const),
  );
  return {
    stackName: stack[1].properties?.stackName ?? stack[0],
    template: readJson(join(folder, templateFile)),
    assets: new Map(assets),
  };
}
