import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { CLASS_RULES, classOf } from './command-classes.ts';
import { DONE, readPage } from './pages.ts';
import { commandsOf, problemOf, type Known } from './shell.ts';

const ROOT = join(import.meta.dirname, '../..');
const Package = z.object({
  bin: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
  workspaces: z.array(z.string()).default([]),
  scripts: z.record(z.string(), z.string()).default({}),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});

function packageAt(folder: string): z.infer<typeof Package> {
  return Package.parse(JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')));
}

/** Scripts of this package, and programs of its workspaces and of the packages that it names itself. */
function known(): Known {
  const own = packageAt('.');
  const named = Object.keys({ ...own.dependencies, ...own.devDependencies });
  const installed = named
    .filter((name) => !name.startsWith('@keyturn/'))
    .map((name) => join('node_modules', name));
  const programs = [...own.workspaces, ...installed].flatMap((folder) => {
    const { bin = {} } = packageAt(folder);
    return typeof bin === 'string' ? [basename(folder)] : Object.keys(bin);
  });
  return { scripts: Object.keys(own.scripts), programs };
}

describe('what pages tell people to run is there', () => {
  const all = known();

  for (const page of DONE)
    test(`in ${page}`, () => {
      const problems = commandsOf(readPage(page)).flatMap((command) => {
        const problem = problemOf(command, all);
        return problem === undefined ? [] : [`${command}: ${problem}`];
      });
      assert.deepEqual(problems, []);
    });

  test('the README has commands to look at', () => {
    const commands = commandsOf(readPage('README.md'));
    for (const command of ['npm ci', 'npm start', 'npm test', 'npx --no cdk deploy'])
      assert.ok(commands.includes(command), command);
  });
});

describe('the two commands of the README', () => {
  const ci = readFileSync(join(ROOT, '.ci/run'), 'utf8');

  test('stand in it as they are typed', () => {
    for (const line of ['npm ci && npm start', 'npm ci && npm test'])
      assert.match(readPage('README.md'), new RegExp(`^${line}$`, 'm'));
  });

  test('are run by CI, from a folder that has nothing installed', () => {
    for (const stage of [/^stage '[^']+' npm ci$/m, /^stage '[^']+' npm test$/m, /^ {2}npm start /m])
      assert.match(ci, stage);
    assert.ok(ci.search(/^stage '[^']+' npm ci$/m) < ci.search(/^stage '[^']+' npm test$/m));
    assert.ok(existsSync(join(ROOT, 'package-lock.json')));
  });
});

describe('every command of a page is run by CI, or there is a reason why not', () => {
  const commands = [...new Set(DONE.flatMap((page) => commandsOf(readPage(page))))];
  const ci = readFileSync(join(ROOT, '.ci/run'), 'utf8');

  test('by the table, which leaves none out', () =>
    assert.deepEqual(
      commands.filter((command) => classOf(command) === undefined),
      [],
    ));

  test('and in which each row is needed', () => {
    const used = new Set(commands.map((command) => CLASS_RULES.find((rule) => rule.command.test(command))));
    assert.deepEqual(
      CLASS_RULES.filter((rule) => !used.has(rule)).map(({ command }) => command.source),
      [],
    );
  });

  test('by stages that are there', () => {
    for (const { is } of CLASS_RULES)
      if (is.in === 'stage') assert.ok(ci.includes(`\nstage '${is.stage}' `), is.stage);
    assert.match(ci, /^stage '[^']+' npm run --silent test:pages$/m);
  });
});

describe('commands of a page', () => {
  const some: Known = { scripts: ['docs', 'start', 'test'], programs: ['keyturn'] };

  test('are the lines of sh blocks, indented ones too, and code that begins with npm or npx', () => {
    const page =
      'Run `npm run docs`.\n\n```sh\nnpm ci && npm start  # both\n\n# nothing\npbpaste | npx --no ' +
      'keyturn ack T\n```\n\n   ```sh\n   npm test\n   ```\n\n```text\nnpm run other\n```\n';
    assert.deepEqual(commandsOf(page), [
      'npm ci',
      'npm start',
      'pbpaste',
      'npx --no keyturn ack T',
      'npm test',
      'npm run docs',
    ]);
  });

  test('of npm have to be scripts', () => {
    for (const command of [
      'npm ci',
      'npm test',
      'npm start -- --once',
      'npm run docs -- --check',
      'git clone X',
    ])
      assert.equal(problemOf(command, some), undefined, command);
    assert.equal(problemOf('npm run dosc', some), 'package.json has no script dosc');
    assert.equal(problemOf('npm docs', some), 'package.json has no script docs');
  });

  test('of npx may download nothing, and run what is installed', () => {
    assert.equal(problemOf('npx --no keyturn status', some), undefined);
    assert.match(problemOf('npx keyturn status', some) ?? '', /may download/);
    assert.match(problemOf('npx --no other', some) ?? '', /program other/);
  });
});
