'use strict';
// Loads the one file that bundle.js made of the sources. JavaScript, since it is run before any source.
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');

/** The file of the program in its folder. */
const PROGRAM = 'run.cjs';
/** The file beside it that has what V8 compiled of it. */
const COMPILED = 'run.v8';

/**
 * The program in a folder: `run` runs it. What V8 compiled of it before is not compiled again, if that was the
 * same V8.
 */
function programIn(folder) {
  const file = `${folder}/${PROGRAM}`;
  return started(scriptOf(file, compiledIn(folder)), file);
}

/** The same program, whose errors name the sources. It starts later. */
function tracedProgramIn(folder) {
  process.setSourceMapsEnabled(true);
  return require(`${folder}/${PROGRAM}`);
}

/** A program as V8 sees it, with what it compiled of it before. The file has ASCII alone. */
function scriptOf(file, compiled) {
  return new Script(`(function (module, require) {${readFileSync(file, 'latin1')}\n})`, {
    filename: file,
    cachedData: compiled,
  });
}

/** What the program of a script exports. */
function started(script, file) {
  const module = { exports: {} };
  script.runInThisContext()(module, requireFor(file));
  return module.exports;
}

/** What the program requires. Nearly all of it is Node's own, which needs nothing more to be found. */
function requireFor(file) {
  return (id) => (id.startsWith('.') ? require('node:module').createRequire(file)(id) : require(id));
}

/** What V8 compiled of the program in a folder; undefined where that was not kept. */
function compiledIn(folder) {
  try {
    return readFileSync(`${folder}/${COMPILED}`);
  } catch {
    return undefined;
  }
}

module.exports = { COMPILED, PROGRAM, compiledIn, programIn, scriptOf, started, tracedProgramIn };
