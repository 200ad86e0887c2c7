import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import * as z from 'zod';
import { FILES, textOf, type Import, type Source } from './sources.ts';

const Versions = z.record(z.string(), z.string()).default({});
const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  private: z.boolean().optional(),
  dependencies: Versions,
  devDependencies: Versions,
  optionalDependencies: Versions,
  peerDependencies: Versions,
  exports: z.unknown().optional(),
  bin: z.unknown().optional(),
  files: z.array(z.string()).optional(),
});

/** One package.json under version control; the root's folder is `.`. */
export interface Workspace extends z.output<typeof Manifest> {
  readonly folder: string;
}

/** What `npm ci` reads of the lock file. */
const Lock = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      license: z.unknown().optional(),
      link: z.boolean().optional(),
      resolved: z.string().optional(),
      dependencies: Versions,
      devDependencies: Versions,
      optionalDependencies: Versions,
      peerDependencies: Versions,
    }),
  ),
});

export const LOCK = Lock.parse(JSON.parse(textOf('package-lock.json')));

export const WORKSPACES: readonly Workspace[] = FILES.filter(
  (path) => posix.basename(path) === 'package.json',
).map((path) => ({ ...Manifest.parse(JSON.parse(textOf(path))), folder: posix.dirname(path) }));

/** The package that a file belongs to: the one whose folder is nearest above it. */
export function workspaceOf(path: string): Workspace {
  const above = WORKSPACES.filter(({ folder }) => folder === '.' || path.startsWith(`${folder}/`));
  const [nearest] = above.toSorted((a, b) => b.folder.length - a.folder.length);
  if (!nearest) throw new Error(`${path} belongs to no package`);
  return nearest;
}

/** Everything that a package names, with its version or range. */
export function namedBy(one: Workspace): Readonly<Record<string, string>> {
  return {
    ...one.peerDependencies,
    ...one.devDependencies,
    ...one.optionalDependencies,
    ...one.dependencies,
  };
}

/**
 * The name of the package that an import asks for; undefined for a file, a built-in or a computed path. Types
 * of `aws-lambda` have no code beside them.
 */
export function packageOf({ to, isFile }: Import): string | undefined {
  if (isFile || isBuiltin(to) || to.includes(' ')) return undefined;
  const [scope = '', name = ''] = to.split('/');
  const found = scope.startsWith('@') ? `${scope}/${name}` : scope;
  return found === 'aws-lambda' ? '@types/aws-lambda' : found;
}

/**
 * Imports of a file that its package.json does not name, each as a sentence. A test may import what any
 * package here names.
 */
export function unnamedImports({ path, imports }: Source): string[] {
  const own = workspaceOf(path);
  const isTest = path.startsWith('test/');
  const named = new Set(
    (isTest ? WORKSPACES : [own]).flatMap((one) => [one.name, ...Object.keys(namedBy(one))]),
  );
  return imports.flatMap((one) => {
    const wanted = one.isFile ? workspaceOf(one.to).name : packageOf(one);
    if (wanted === undefined || named.has(wanted)) return [];
    return [`${path}:${one.line} imports ${one.to}, and ${own.name} does not name ${wanted}`];
  });
}

/** Packages that are run or read by their files, not imported: who uses them. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  '@types/node': 'types of Node.js',
  'aws-cdk': 'the program cdk',
  node: 'the Node.js that npm scripts run on',
  oxfmt: 'npm run format',
  oxlint: 'npm run lint',
  'oxlint-tsgolint': 'npm run lint, rules that know types',
  typescript: 'npm run types',
};

/** Whether a licence binds what is linked with the package, with no other licence to choose. */
function isCopyleft(license: unknown): boolean {
  const text = typeof license === 'string' ? license : JSON.stringify(license ?? '');
  return /\bA?GPL\b/.test(text) && !/\bOR\b/.test(text);
}

/** Installed packages under AGPL or GPL, by name. */
export function copyleftPackages(): ReadonlySet<string> {
  return new Set(
    Object.entries(LOCK.packages).flatMap(([path, { license }]) =>
      isCopyleft(license) ? [path.replace(/^.*node_modules\//, '')] : [],
    ),
  );
}

/**
 * Who names one of some packages, by the lock file: folders of workspaces, and places of installed packages.
 */
export function namersOf(names: ReadonlySet<string>): string[] {
  return Object.entries(LOCK.packages).flatMap(([path, one]) => {
    const named = [
      one.dependencies,
      one.devDependencies,
      one.optionalDependencies,
      one.peerDependencies,
    ].flatMap((versions) => Object.keys(versions));
    return named.some((name) => names.has(name)) ? [path] : [];
  });
}
