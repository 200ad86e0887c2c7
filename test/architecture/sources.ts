import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { parseSync, Visitor, type Program } from 'oxc-parser';

const ROOT = new URL('../../', import.meta.url);

/** Every file that is or will be under version control, generated and ignored ones left out. */
export const FILES: readonly string[] = listed();

function listed(): string[] {
  const out = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return [...new Set(out.split('\n'))].filter((path) => path !== '' && exists(path)).toSorted();
}

function exists(path: string): boolean {
  try {
    readFileSync(new URL(path, ROOT));
    return true;
  } catch {
    return false;
  }
}

export function textOf(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** One import, re-export, `import()` or type import. */
export interface Import {
  /** A file of the repository by its path from the root, or a package or built-in by its name. */
  readonly to: string;
  readonly isFile: boolean;
  /** `import()`: loaded only when it is reached. */
  readonly isLazy: boolean;
  readonly line: number;
}

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly imports: readonly Import[];
  readonly hasDefaultExport: boolean;
}

function parsed(path: string): Source {
  const text = textOf(path);
  const { module, program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  const found: { to: string; at: number; isLazy?: boolean }[] = [];
  for (const one of module.staticImports) found.push({ to: one.moduleRequest.value, at: one.start });
  for (const one of module.staticExports.flatMap((statement) => statement.entries))
    if (one.moduleRequest) found.push({ to: one.moduleRequest.value, at: one.start });
  for (const one of module.dynamicImports) {
    const request = text.slice(one.moduleRequest.start, one.moduleRequest.end);
    found.push({
      to: /^(['"])[^'"]*\1$/.test(request) ? request.slice(1, -1) : 'a computed path',
      at: one.start,
      isLazy: true,
    });
  }
  new Visitor({ TSImportType: (node) => void found.push({ to: node.source.value, at: node.start }) }).visit(
    program,
  );
  const imports = found.map(({ to, at, isLazy = false }): Import => ({
    ...resolved(path, to),
    isLazy,
    line: lineOf(text, at),
  }));
  return {
    path,
    text,
    program,
    imports,
    hasDefaultExport: module.staticExports.some((one) =>
      one.entries.some((entry) => ['Default'].includes(entry.exportName.kind)),
    ),
  };
}

function resolved(from: string, to: string): Pick<Import, 'to' | 'isFile'> {
  return to.startsWith('.')
    ? { to: posix.join(posix.dirname(from), to), isFile: true }
    : { to, isFile: false };
}

export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

/** Every file of TypeScript or JavaScript, parsed. */
export const SOURCES: readonly Source[] = FILES.filter((path) => /\.(ts|js)$/.test(path)).map(parsed);

/** All files a file imports, and what those import, itself included. */
export function reached(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const { to, isFile } of SOURCES.find((one) => one.path === path)?.imports ?? [])
    if (isFile) reached(to, seen);
  return seen;
}

/**
 * The files that import each other in a circle, or stand between two circles: what is left when files that
 * import nothing of the rest, or that nothing of it imports, are taken away again and again.
 */
export function inCircles(sources: readonly Pick<Source, 'path' | 'imports'>[]): string[] {
  const rest = new Map(sources.map(({ path, imports }) => [path, new Set(imports.map(({ to }) => to))]));
  for (let before = -1; before !== rest.size;) {
    before = rest.size;
    const imported = new Set([...rest.values()].flatMap((imports) => [...imports]));
    for (const [path, imports] of rest)
      if (!imported.has(path) || ![...imports].some((to) => rest.has(to))) rest.delete(path);
  }
  return [...rest.keys()].toSorted();
}
