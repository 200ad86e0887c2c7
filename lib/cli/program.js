// Loads the one file that bundle.js made of the sources. JavaScript, since it is run before any source.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';

/** The file of the program in its folder. */
export const PROGRAM = 'run.cjs';
/** The file beside it that has what V8 compiled of it. */
export const COMPILED = 'run.v8';

/**
 * The program in a folder: `run` runs it. What V8 compiled of it before is not compiled again, if that was the
 * same V8.
 */
export function programIn(folder) {
  const file = join(folder, PROGRAM);
  return started(scriptOf(file, compiledIn(folder)), file);
}

/** The same program, whose errors name the sources. It starts later. */
export function tracedProgramIn(folder) {
  process.setSourceMapsEnabled(true);
  const file = join(folder, PROGRAM);
  return createRequire(file)(file);
}

/** A program as V8 sees it, with what it compiled of it before. */
export function scriptOf(file, compiled) {
  return new Script(`(function (module, require) {${readFileSync(file, 'utf8')}\n})`, {
    filename: file,
    cachedData: compiled,
  });
}

/** What the program of a script exports. */
export function started(script, file) {
  const module = { exports: {} };
  script.runInThisContext()(module, createRequire(file));
  return module.exports;
}

/** What V8 compiled of the program in a folder; undefined where that was not kept. */
export function compiledIn(folder) {
  try {
    return readFileSync(join(folder, COMPILED));
  } catch {
    return undefined;
  }
}
