import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSync } from 'oxc-parser';
import { DESCRIPTORS } from '../functions/providers/descriptors.ts';
import { PROVIDERS } from '../functions/providers/registry.ts';
import { ambientImports, ambientUses, callsOf } from './architecture/ambient.ts';
import {
  DECLARED,
  LAYERS,
  NEARLY_PURE,
  PURE,
  REVEALING,
  SHARED_BY_PROVIDERS,
} from './architecture/layers.ts';
import { ROOMS } from './architecture/rooms.ts';
import { FILES, SOURCES, inCircles, reached, textOf, type Source } from './architecture/sources.ts';

const PRODUCTION = SOURCES.filter((one) => !one.path.startsWith('test/'));
const FUNCTIONS = SOURCES.filter((one) => one.path.startsWith('functions/'));

describe('imports', () => {
  it('follow the table of layers', () => {
    const wrong = SOURCES.flatMap((source) => {
      const layer = LAYERS.find((one) => one.files.test(source.path));
      if (!layer) return [`${source.path} belongs to no layer`];
      const refused = source.imports.filter(
        ({ to, isFile }) => !(isFile ? layer.mayImport : layer.packages).some((allowed) => allowed.test(to)),
      );
      return refused.map(({ to, line }) => `${source.path}:${line} must not import ${to}`);
    });
    assert.deepEqual(wrong, []);
  });

  it('name files that are there, with their ending', () => {
    const wrong = SOURCES.flatMap(({ path, imports }) =>
      imports
        .filter(({ to, isFile }) => isFile && !FILES.includes(to))
        .map(({ to, line }) => `${path}:${line} imports ${to}, which is not there`),
    );
    assert.deepEqual(wrong, []);
  });

  it('run in no circle, those of types included', () => {
    assert.deepEqual(inCircles(SOURCES), []);
    const importing = (path: string, ...names: string[]): Pick<Source, 'path' | 'imports'> => ({
      path,
      imports: names.map((to) => ({ to, isFile: true, isLazy: false, line: 1 })),
    });
    assert.deepEqual(
      inCircles([
        importing('top', 'a'),
        importing('a', 'b'),
        importing('b', 'c', 'ground'),
        importing('c', 'a'),
        importing('ground'),
      ]),
      ['a', 'b', 'c'],
    );
  });

  it('of one provider never reach into another one', () => {
    const own = (path: string): string | undefined => /^functions\/providers\/([^/]+)\//.exec(path)?.[1];
    const wrong = SOURCES.filter(
      ({ path }) => own(path) !== undefined && path.startsWith('functions/'),
    ).flatMap(({ path, imports }) =>
      imports
        .filter(
          ({ to }) =>
            to.startsWith('functions/providers/') && own(to) !== own(path) && !SHARED_BY_PROVIDERS.test(to),
        )
        .map(({ to, line }) => `${path}:${line} imports ${to}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('of a room lead to rooms before it in the table, never back up', () => {
    const wrong = Object.entries(ROOMS).flatMap(([folder, rooms]) => {
      const placeOf = (path: string): number =>
        rooms.indexOf(path.slice(folder.length + 1).split('/')[0] ?? '');
      const isHere = (path: string): boolean => path.startsWith(`${folder}/`);
      return SOURCES.filter(({ path }) => isHere(path)).flatMap(({ path, imports }) => {
        if (placeOf(path) === -1) return [`${path} stands in no room of the table`];
        return imports
          .filter(({ to, isFile }) => isFile && isHere(to) && placeOf(to) > placeOf(path))
          .map(({ to, line }) => `${path}:${line} reaches up to ${to}`);
      });
    });
    assert.deepEqual(wrong, []);
  });

  it('take zod as a namespace, so that bundles hold what is used of it alone', () => {
    const wrong = PRODUCTION.filter(({ text }) =>
      /from 'zod[^']*'/.test(text.replaceAll(/import (type )?\* as z from 'zod';/g, '')),
    ).map(({ path }) => path);
    assert.deepEqual(wrong, []);
  });
});

describe('code', () => {
  it('takes time, randomness, environment and network from nowhere but its parameters', () => {
    assert.deepEqual(
      FUNCTIONS.filter(({ path }) => PURE.test(path) || NEARLY_PURE.test(path)).flatMap(ambientUses),
      [],
    );
    assert.deepEqual(FUNCTIONS.filter(({ path }) => PURE.test(path)).flatMap(ambientImports), []);
  });

  it('is watched by a rule that sees every such use', () => {
    const seen = (text: string): number => ambientUses(sourceFrom(text)).length;
    for (const text of [
      'Date.now()',
      'const at = Date.now',
      'new Date()',
      'Date()',
      'Math.random()',
      'process.env.X',
      "fetch('x')",
      'setTimeout(f, 1)',
      'console.log(1)',
      'crypto.randomUUID()',
      'globalThis.fetch(x)',
    ])
      assert.ok(seen(text) > 0, text);
    for (const text of [
      'new Date(at)',
      'function f({ fetch }) { fetch(1); }',
      'const f = (fetch) => fetch(1)',
      'tools.fetch(x)',
      'ports.now()',
      'Math.max(1, 2)',
    ])
      assert.equal(seen(text), 0, text);
    const imported = (text: string): number => ambientImports(sourceFrom(text)).length;
    for (const text of [
      "import { createHash, randomUUID } from 'node:crypto'",
      "import { generateKeyPairSync as make } from 'crypto'",
      "import crypto from 'node:crypto'",
      "import * as crypto from 'node:crypto'",
      "import { setTimeout } from 'node:timers/promises'",
      "import { env } from 'node:process'",
    ])
      assert.equal(imported(text), 1, text);
    assert.equal(imported("import { createHash, timingSafeEqual } from 'node:crypto'"), 0);
  });

  it('reads no answer from outside without a bound', () => {
    const unbounded = (text: string): string[] =>
      text.split('\n').filter((line) => /\.(?:json|text|arrayBuffer|blob|bytes|formData)\(\)/.test(line));
    assert.deepEqual(
      PRODUCTION.filter(({ path }) => /^(functions|lib\/cli)\//.test(path)).flatMap(({ path, text }) =>
        unbounded(text).map((line) => `${path}: ${line.trim()}`),
      ),
      [],
    );
    assert.equal(
      unbounded('const a = await response.json();\nreturn response.text();\nanswer.json(Schema);').length,
      2,
    );
  });

  it('revokes credentials through one guard alone', () => {
    const calls = FUNCTIONS.flatMap((source) => callsOf(source, 'revoke'));
    // By its handle, or by its value: in one place.
    assert.deepEqual(
      [...new Set(calls.map((call) => call.replace(/:\d+$/, '')))],
      ['functions/use-cases/revocation/index.ts'],
    );
    assert.equal(new Set(calls.map((call) => call.replace(/^.*:/, ''))).size, 1, 'on one line');
    const users = FUNCTIONS.filter(({ imports }) =>
      imports.some(({ to }) => to === 'functions/use-cases/revocation/index.ts'),
    ).map(({ path }) => path);
    assert.deepEqual(users, [
      'functions/use-cases/revocation/ask-guard.ts',
      'functions/use-cases/revocation/disable-credential.ts',
    ]);
  });

  it('asks about a stored value in one place, which says what stands beside it', () => {
    const asking = FUNCTIONS.filter((source) => callsOf(source, 'probe').length > 0).map(({ path }) => path);
    assert.deepEqual(asking, ['functions/use-cases/rotation/probe-of.ts']);
  });

  it("loads the rules of users' issuers in the bundle that serves them alone", () => {
    const loading = (file: string): string[] =>
      FUNCTIONS.filter(({ imports }) => imports.some(({ to }) => to === file)).map(({ path }) => path);
    const handlers = loading('functions/providers/declared/own/form.ts').filter((path) =>
      path.startsWith('functions/handlers/'),
    );
    assert.deepEqual(handlers, ['functions/handlers/own-issuers.ts']);
    assert.deepEqual(loading('functions/handlers/own-issuers.ts'), ['functions/handlers/issuers/own.ts']);
  });

  it('permits that a creation ends a value in one guard alone, and asks for it in one place', () => {
    const naming = (text: string): string[] =>
      FUNCTIONS.filter((source) => source.text.includes(text)).map(({ path }) => path);
    assert.deepEqual(naming('new ReplacePermit('), ['functions/use-cases/replacement/permit-replacement.ts']);
    assert.deepEqual(naming('.replace(permit)'), ['functions/use-cases/replacement/replace-secret.ts']);
    assert.deepEqual(
      naming('permitReplacement(').filter((path) => !path.endsWith('/permit-replacement.ts')),
      ['functions/use-cases/replacement/replace-secret.ts'],
    );
  });

  it('disables through the same guard, and enables for a person alone', () => {
    for (const [call, place] of [
      ['disable', 'functions/use-cases/revocation/index.ts'],
      ['enable', 'functions/use-cases/incidents/enable.ts'],
    ] as const)
      assert.deepEqual(
        FUNCTIONS.flatMap((source) => callsOf(source, call)).map((one) => one.replace(/:\d+$/, '')),
        [place],
      );
  });

  it('looks into secrets in few places', () => {
    const calls = FUNCTIONS.filter(({ path }) => !REVEALING.some((allowed) => allowed.test(path))).flatMap(
      (source) => callsOf(source, 'reveal'),
    );
    assert.deepEqual(calls, []);
  });

  it('exports by name', () =>
    assert.deepEqual(
      SOURCES.filter((one) => one.hasDefaultExport && !one.path.endsWith('.d.ts')).map(({ path }) => path),
      [],
    ));
});

describe('files', () => {
  it('are short', () => {
    const lines = (text: string): string[] => text.trimEnd().split('\n');
    const code = (text: string): string[] => lines(text).filter((line) => !/^\s*($|\/\/|\/\*|\*)/.test(line));
    const long = SOURCES.filter(({ path, text }) =>
      /^(bin|functions|lib)\//.test(path) ? lines(text).length > 200 : code(text).length > 620,
    ).map(({ path }) => path);
    assert.deepEqual(long, []);
  });

  it('have names in kebab-case', () => {
    const folders = /^([a-z0-9_]+(-[a-z0-9]+)*\/)*[^/]*$/;
    const name = /(^|\/)[a-z0-9]+(-[a-z0-9]+)*(\.(test|long\.test|env|types|d))?\.(ts|js)$/;
    const odd = SOURCES.map(({ path }) => path).filter((path) => !folders.test(path) || !name.test(path));
    assert.deepEqual(odd, []);
  });

  it('name no place or machine of those who wrote them', () => {
    const folders = ['root', 'work', 'home', 'Users'].map((name) => `/${name}/`);
    const elsewhere = new RegExp(
      `(^|[^a-zA-Z0-9_.\\-*}])(${folders.join('|')})|${['..', 'shared', ''].join('/')}`,
      'm',
    );
    const named = FILES.filter((path) => !path.startsWith('test/architecture')).filter((path) =>
      elsewhere.test(textOf(path)),
    );
    assert.deepEqual(named, []);
  });

  it('install from the registry of their user: neither the lock file nor .npmrc names one', () => {
    const places = [...textOf('package-lock.json').matchAll(/"resolved": "([^"]*)"/g)];
    assert.deepEqual(
      places.map(([, place = '']) => place).filter((place) => !FILES.includes(`${place}/package.json`)),
      [],
    );
    assert.doesNotMatch(textOf('.npmrc'), /registry\s*=|_auth|proxy/i);
  });
});

describe('tests', () => {
  const tests = SOURCES.filter(
    ({ path }) => path.endsWith('.test.ts') && !path.startsWith('test/architecture'),
  );

  it('reach the code in the folder they are named after, or else some code of the product', () => {
    const orphans = tests.filter(({ path }) => {
      const area = path.split('/')[1] ?? '';
      const homes = [`functions/${area}/`, `lib/${area}/`].filter((home) =>
        PRODUCTION.some((one) => one.path.startsWith(home)),
      );
      const wanted = homes.length > 0 ? homes : ['functions/', 'lib/', 'bin/'];
      return ![...reached(path)].some((file) => wanted.some((home) => file.startsWith(home)));
    });
    assert.deepEqual(
      orphans.map(({ path }) => path),
      [],
    );
  });

  it('of functions/core are one file for each module that holds code', () => {
    const modules = SOURCES.filter(
      ({ path, text }) =>
        path.startsWith('functions/core/') && /^export (async )?(function|const|class)/m.test(text),
    ).map(({ path }) => path);
    const expected = modules.map((path) => path.replace('functions/', 'test/').replace(/\.ts$/, '.test.ts'));
    assert.deepEqual(
      tests.map(({ path }) => path).filter((path) => path.startsWith('test/core/')),
      expected,
    );
  });
});

describe('providers', () => {
  const folders = [
    ...new Set(FILES.flatMap((path) => /^functions\/providers\/([^/]+)\//.exec(path)?.[1] ?? [])),
  ].filter((folder) => folder !== DECLARED);

  it('are the folders on disk: those registered, and the template', () => {
    assert.deepEqual(folders.toSorted(), [...PROVIDERS.keys(), '_template'].toSorted());
    assert.deepEqual(DESCRIPTORS.map(({ id }) => id).toSorted(), [...PROVIDERS.keys()].toSorted());
  });

  it('have the same three files in each folder, and a test', () => {
    for (const folder of folders) {
      for (const file of ['descriptor.ts', 'index.ts', 'schema.ts'])
        assert.ok(FILES.includes(`functions/providers/${folder}/${file}`), `${folder}/${file}`);
      assert.ok(FILES.includes(`test/providers/${folder.replace(/^_/, '')}.test.ts`), folder);
    }
  });
});

function sourceFrom(text: string): Source {
  return {
    path: 'example.ts',
    text,
    program: parseSync('example.ts', text).program,
    imports: [],
    hasDefaultExport: false,
  };
}
