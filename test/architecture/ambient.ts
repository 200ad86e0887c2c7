import { Visitor } from 'oxc-parser';
import { lineOf, type Source } from './sources.ts';

/** Globals through which a module takes from its surroundings what should be given to it. */
const CALLED = new Set(['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'eval']);
const OWNED: readonly (readonly [object: string, member: RegExp])[] = [
  ['Date', /^now$/],
  ['Math', /^random$/],
  ['performance', /./],
  ['process', /./],
  ['console', /./],
  ['crypto', /./],
  ['globalThis', /./],
];

/** Names that a file binds itself, such as a parameter called `fetch`: they are not the globals. */
function boundNames(source: Source): Set<string> {
  const names = new Set<string>();
  const bind = (pattern: { type: string; name?: unknown }): void => {
    if (pattern.type === 'Identifier' && typeof pattern.name === 'string') names.add(pattern.name);
  };
  new Visitor({
    VariableDeclarator: (node) => bind(node.id),
    ObjectPattern: (node) =>
      node.properties.forEach((one) => bind(one.type === 'Property' ? one.value : one.argument)),
    FunctionDeclaration: (node) => node.params.forEach(bind),
    FunctionExpression: (node) => node.params.forEach(bind),
    ArrowFunctionExpression: (node) => node.params.forEach(bind),
    ImportSpecifier: (node) => bind(node.local),
    ImportNamespaceSpecifier: (node) => bind(node.local),
  }).visit(source.program);
  return names;
}

/**
 * Each use of a clock, randomness, the environment, the network or the console that was not handed in, with
 * its line.
 */
export function ambientUses(source: Source): string[] {
  const bound = boundNames(source);
  const found: string[] = [];
  const note = (at: number, what: string): void =>
    void found.push(`${source.path}:${lineOf(source.text, at)} uses ${what}`);
  new Visitor({
    CallExpression: ({ callee, start }) => {
      if (callee.type === 'Identifier' && CALLED.has(callee.name) && !bound.has(callee.name))
        note(start, `${callee.name}()`);
      if (callee.type === 'Identifier' && callee.name === 'Date') note(start, 'Date()');
    },
    NewExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0)
        note(node.start, 'new Date()');
    },
    MemberExpression: (node) => {
      if (node.object.type !== 'Identifier' || bound.has(node.object.name)) return;
      const { name } = node.object;
      const member = node.property.type === 'Identifier' ? node.property.name : '?';
      if (OWNED.some(([object, members]) => object === name && members.test(member)))
        note(node.start, `${name}.${member}`);
    },
  }).visit(source.program);
  return found;
}

/** Modules of Node that are a clock or an environment, and the makers of random values of its own. */
const SURROUNDINGS = /^(?:node:)?(?:process|perf_hooks|timers(?:\/promises)?|os|child_process)$/;
const MAKERS = /^(?:random|generate|webcrypto|getRandomValues)/;

/** Each import of a clock, an environment or of randomness, with its line. */
export function ambientImports(source: Source): string[] {
  const found: string[] = [];
  new Visitor({
    ImportDeclaration: ({ source: { value }, specifiers, start }) => {
      const names = specifiers.map((one) =>
        one.type === 'ImportSpecifier' && one.imported.type === 'Identifier' ? one.imported.name : '*',
      );
      const isRandom =
        /^(?:node:)?crypto$/.test(value) && names.some((name) => name === '*' || MAKERS.test(name));
      if (SURROUNDINGS.test(value) || isRandom)
        found.push(`${source.path}:${lineOf(source.text, start)} imports ${value}`);
    },
  }).visit(source.program);
  return found;
}

/** Calls of a method by its name, with their lines. */
export function callsOf(source: Source, method: string): string[] {
  const found: string[] = [];
  new Visitor({
    CallExpression: ({ callee, start }) => {
      if (
        callee.type === 'MemberExpression' &&
        callee.property.type === 'Identifier' &&
        callee.property.name === method
      )
        found.push(`${source.path}:${lineOf(source.text, start)}`);
    },
  }).visit(source.program);
  return found;
}
