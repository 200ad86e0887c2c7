import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { parseSync } from 'oxc-parser';
import type { Ports } from '../../functions/core/ports/ports.ts';
import type { Session } from '../../functions/core/issuer/provider.ts';
import { HOUR } from '../../functions/core/basics/time.ts';
import { currentOf } from '../../functions/core/token/lookups.ts';
import { inTurn } from '../extent.ts';
import {
  SHORT,
  SUBJECTS,
  adopted,
  consoleRotates,
  inGrace,
  oldOf,
  recordOf,
  send,
  sessionsThrough,
} from './home.ts';

describe('no other path reaches a revoke', () => {
  const ROOT = new URL('../../functions/', import.meta.url);
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );

  const importing = (of: string): readonly string[] =>
    files.filter((file) => imports(readFileSync(new URL(file, ROOT), 'utf8'), file, of));

  test('in the code: only functions/use-cases/revocation/index.ts asks a session to revoke', () => {
    const calling = files.filter((file) => reaches(readFileSync(new URL(file, ROOT), 'utf8'), file));
    assert.deepEqual(
      calling.filter((file) => !file.startsWith('providers/')),
      ['use-cases/revocation/index.ts'],
    );
  });

  test('in the code: only one step of retire asks the guard', () => {
    assert.deepEqual(importing('use-cases/revocation/index.ts'), [
      'use-cases/revocation/ask-guard.ts',
      // Part of the same step: what leaked is disabled before it is revoked.
      'use-cases/revocation/disable-credential.ts',
    ]);
  });

  test('in the code: what a lost creation left ends in one place, where a rotation is accounted for', () => {
    const ending = files.filter((file) =>
      reaches(readFileSync(new URL(file, ROOT), 'utf8'), file, 'endLost'),
    );
    assert.deepEqual(
      ending.filter((file) => !file.startsWith('providers/')),
      ['use-cases/revocation/end-lost.ts'],
    );
    assert.deepEqual(importing('use-cases/revocation/end-lost.ts'), [
      'use-cases/inspection/lost-creations.ts',
    ]);
    assert.deepEqual(importing('use-cases/inspection/lost-creations.ts'), ['use-cases/inspection/settle.ts']);
  });

  test('the search would find every way to write it', () => {
    for (const text of [
      's.revoke(h)',
      "s['revoke'](h)",
      's?.revoke(h)',
      'const { revoke } = s',
      'const { revoke: end } = s',
      'run(s.revoke)',
      'Reflect.get(s, "revoke")',
      's[`revoke`](h)',
    ])
      assert.ok(reaches(text, 'a.ts'), text);
    assert.ok(!reaches("const kind = 'revocation-blocked'; revoke(target);", 'a.ts'));
  });

  for (const subject of inTurn(SUBJECTS, import.meta.filename)) {
    test(`in a life, ${subject.id}: every revoke comes from the guard, and none while rotating`, async () => {
      const seen: { during: string; stack: string }[] = [];
      const wrap = (ports: Ports, invocation: { name: string }): Ports => ({
        ...ports,
        issuers: sessionsThrough(ports.issuers, (session) =>
          watched(session, (stack) => seen.push({ during: invocation.name, stack })),
        ),
      });
      const home = await adopted(subject, { tags: SHORT, options: { wrap } });
      home.world.startSchedules();
      await home.world.clock.advanceBy(8 * HOUR);
      await consoleRotates(home.world, home.arn).catch(() => undefined);
      await home.world.clock.advanceBy(4 * HOUR);
      assert.ok(seen.length >= 2, `only ${seen.length} revokes in twelve hours`);
      for (const one of seen) {
        assert.match(one.stack, /use-cases\/revocation\/index\.ts/);
        assert.match(one.during, /^worker retire$/);
      }
    });

    test(`rotating and rolling back need no revoke, ${subject.id}`, async () => {
      const wrap = (ports: Ports, invocation: { name: string }): Ports => ({
        ...ports,
        issuers: sessionsThrough(ports.issuers, (session) =>
          watched(session, () => {
            throw new Error(`revoke during ${invocation.name}`);
          }),
        ),
      });
      const home = await inGrace(subject, { options: { wrap } });
      const old = oldOf(await recordOf(home));
      assert.ok(await send(home.world, home.arn, { kind: 'rollback', credentialId: old.id }));
      assert.equal(currentOf(await recordOf(home))?.id, old.id);
      assert.ok(await send(home.world, home.arn, { kind: 'inspect' }));
      assert.deepEqual(home.world.errors, []);
    });
  }
});

/** The session, with a report of every revoke before it is made. */
function watched(session: Session, tell: (stack: string) => void): Session {
  return new Proxy(session, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (key !== 'revoke' || typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        tell(new Error('here').stack ?? '');
        return Reflect.apply(member, target, args);
      };
    },
  });
}

type Node = { readonly type: string } & Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function nodesIn(value: unknown): Node[] {
  const parts = Array.isArray(value)
    ? value
    : typeof value === 'object' && value !== null
      ? Object.values(value)
      : [];
  return [...(isNode(value) ? [value] : []), ...parts.flatMap(nodesIn)];
}

function named(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Identifier') return String(node['name']);
  if (node.type === 'Literal') return String(node['value']);
  if (node.type !== 'TemplateLiteral' || !Array.isArray(node['quasis']) || node['quasis'].length !== 1)
    return undefined;
  const [only] = node['quasis'] as { value: { raw: string } }[];
  return only?.value.raw;
}

/** Whether a text takes a member of this name from anything, in whatever way it is written. */
function reaches(text: string, file: string, member = 'revoke'): boolean {
  return nodesIn(parseSync(file, text).program).some((node) => {
    if (node.type === 'MemberExpression') return named(node['property']) === member;
    if (node.type === 'ObjectPattern' && Array.isArray(node['properties']))
      return node['properties'].some((one: unknown) => isNode(one) && named(one['key']) === member);
    if (node.type === 'CallExpression' && isReflection(node['callee']) && Array.isArray(node['arguments']))
      return node['arguments'].some(
        (one: unknown) => isNode(one) && one.type !== 'Identifier' && named(one) === member,
      );
    return false;
  });
}

function isReflection(callee: unknown): boolean {
  return isNode(callee) && callee.type === 'MemberExpression' && named(callee['object']) === 'Reflect';
}

function imports(text: string, file: string, of: string): boolean {
  return parseSync(file, text).module.staticImports.some(
    (one) => join(dirname(file), one.moduleRequest.value) === of,
  );
}
