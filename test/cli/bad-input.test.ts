import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { allCommands } from '../../lib/cli/command-line/commands.ts';
import { T0, aToken } from '../fakes/tokens.ts';
import { bench, type Bench } from './harness.ts';

const COMMANDS = await allCommands();

async function world(): Promise<Bench> {
  const it = bench();
  await it.put(
    aToken({
      name: 'prod/x',
      credentials: [
        {
          id: 'v',
          handle: '7',
          state: 'current',
          origin: 'minted',
          fingerprint: 'f',
          issuedAt: T0,
          promotedAt: T0,
        },
      ],
    }),
  );
  return it;
}

/**
 * What people and scripts send by mistake: nothing at all, blanks, control characters, what looks like an
 * option, paths, ARNs of other things, very long texts.
 */
const SLIPS = [
  '',
  ' ',
  '\u0000',
  '\u001b[31mred',
  '--',
  '-',
  '..',
  '../x',
  'arn:',
  'arn:aws:s3:::bucket',
  'arn:aws:secretsmanager:eu-west-1:1:secret:x',
  '{"token":1}',
  '*',
  '%00',
  'prod/x\n',
  '𝕏',
  'x'.repeat(5_000),
];

/**
 * One sentence, or a few lines where several faults are told: never an unexpected failure, never a control
 * character.
 */
function assertSaid({ exit, out, err }: { exit: number; out: string; err: string }, line: string): void {
  assert.ok(exit === 1 || exit === 2 || exit === 3, `${line}: ${exit} ${out}${err}`);
  assert.doesNotMatch(err, /failed unexpectedly/, line);
  assert.doesNotMatch(err.replaceAll('\n', ''), /\p{Cc}/u, line);
  assert.match(err, /[.!?]\n$/, line);
}

describe('bad input', () => {
  for (const { name, options, takes } of COMMANDS) {
    if (name.startsWith('sandbox') || ['completion', 'help', 'version'].includes(name)) continue;

    it(
      `to ${name} is told in a sentence: an option that is not there, or has no value, or one that takes ` +
        'none',
      async () => {
        assertSaid(await (await world()).keyturn(...name.split(' '), '--no-such-option'), name);
        for (const [option, { type }] of Object.entries(options)) {
          if (type === 'optional') continue;
          const run = await (
            await world()
          ).keyturn(...name.split(' '), type === 'string' ? `--${option}=` : `--${option}=x`);
          assertSaid(run, `${name} --${option}`);
          assert.match(run.err, new RegExp(`--${option}`), 'it names the option');
        }
      },
    );

    it(`to ${name} is told in a sentence: slips in the place of names`, async () => {
      for (const slip of SLIPS) {
        if (takes === 0) continue;
        const it = await world();
        const run = await it.keyturn(...name.split(' '), slip, '--yes');
        const isPlain = await it.keyturn(...name.split(' '), slip);
        for (const one of [run, isPlain])
          if (one.exit !== 0) assertSaid(one, `${name} ${JSON.stringify(slip.slice(0, 30))}`);
        assert.deepEqual(it.sent, [], `${name} ${JSON.stringify(slip.slice(0, 30))} asked for something`);
      }
    });
  }

  for (const { name, takes } of COMMANDS.filter(
    (one) => one.takes > 1 && one.takes < 10 && !['help', 'sandbox fault'].includes(one.name),
  ))
    it(`to ${name} is told in a sentence: slips behind a name that is right`, async () => {
      const token = aToken({
        name: 'prod/x',
        credentials: [
          {
            id: 'v',
            handle: '7',
            state: 'current',
            origin: 'minted',
            fingerprint: 'f',
            issuedAt: T0,
            promotedAt: T0,
          },
        ],
        noted: [{ kind: 'dormant-token-read', subject: '', severity: 'warning', detail: 'x', seenAt: T0 }],
        findings: [
          {
            kind: 'dormant-token-read',
            subject: '',
            severity: 'warning',
            detail: 'x',
            state: 'open',
            openedAt: T0,
            seenAt: T0,
            sequence: 1,
          },
        ],
        consumers: [
          { name: 'ci', kind: 'github', target: 'acme/x:T' },
          { name: 'api', kind: 'service', target: 'api' },
        ],
      });
      for (const slip of SLIPS.filter((one) => one !== '*' && one !== '--'))
        for (let place = 1; place < takes; place++) {
          const it = bench();
          await it.put(token);
          const right = name === 'consumer record-undeployment' ? ['api', '1'] : ['prod/x', 'api', '1'];
          // A version is whatever a pipeline calls it.
          if (slip.startsWith('arn:') && name.startsWith('consumer record-')) continue;
          const run = await it.keyturn(...name.split(' '), ...right.slice(0, place), slip, '--yes');
          assertSaid(run, `${name} ${place} ${JSON.stringify(slip.slice(0, 30))}`);
          assert.deepEqual(it.sent, []);
        }
    });

  it('of any kind asks for nothing and is never an unexpected failure', async () => {
    const words = fc.oneof(
      fc.constantFrom(
        ...SLIPS,
        'prod/x',
        'prod',
        'installation',
        '--json',
        '--wait',
        '--timeout',
        '--owner',
        '--queue',
      ),
      fc.string({ maxLength: 20 }),
    );
    const names = COMMANDS.map(({ name }) => name).filter(
      (name) => name !== 'sandbox' && name !== 'sandbox start',
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.array(words, { maxLength: 3 }), async (name, rest) => {
        const { err } = await (await world()).keyturn(...name.split(' '), ...rest);
        assert.doesNotMatch(err, /failed unexpectedly/);
      }),
      { numRuns: 400 },
    );
  });
});
