import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command } from '../../../functions/core/commands/commands.ts';
import {
  CAN_END,
  Forwarded,
  Letter,
  MACHINES,
  SENDERS,
  SENT_BY,
  admit,
  mayAsk,
  type Letter as AnyLetter,
  type Machine,
  type Origin,
  type Sender,
} from '../../../functions/core/commands/senders.ts';

const HEAD = { tokenId: 'prod/billing/ci-AbC123', notAfter: 1 };
/** One of each kind: a kind that is missing does not compile. */
const COMMANDS = {
  settle: { ...HEAD, kind: 'settle', attemptId: 'a' },
  retire: { ...HEAD, kind: 'retire', credentialId: 'g' },
  examine: {
    ...HEAD,
    kind: 'examine',
    secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x-AbC123',
  },
  inspect: {
    ...HEAD,
    kind: 'inspect',
    secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x-AbC123',
  },
  rotate: { ...HEAD, kind: 'rotate' },
  rollback: { ...HEAD, kind: 'rollback', credentialId: 'g' },
  revoke: { ...HEAD, kind: 'revoke', credentialId: 'g' },
  forget: { ...HEAD, kind: 'forget', credentialId: 'g', reason: 'gone' },
  enable: { ...HEAD, kind: 'enable', credentialId: 'g', reason: 'a test value' },
  review: { ...HEAD, kind: 'review', decision: 'approved' },
  end: { ...HEAD, kind: 'end', how: 'retire' },
  withdraw: { ...HEAD, kind: 'withdraw', credentialId: 'g', signal: 's', firedAt: 1 },
  compromise: { ...HEAD, kind: 'compromise', source: 's', reportedAt: 1 },
  moved: { ...HEAD, kind: 'moved', consumer: 'c', credentialId: 'g' },
  redeliver: { ...HEAD, kind: 'redeliver', consumer: 'c', credentialId: 'g' },
  using: { ...HEAD, kind: 'using', service: 's', version: 'v', credentialId: 'g' },
  released: { ...HEAD, kind: 'released', service: 's', version: 'v' },
  acknowledge: { ...HEAD, kind: 'acknowledge' },
  'confirm-host': { ...HEAD, kind: 'confirm-host', provider: 'gitlab', host: 'git.example.com' },
  'test-alert': { ...HEAD, kind: 'test-alert' },
  accept: { ...HEAD, kind: 'accept', subject: '*' },
} satisfies { [K in Command['kind']]: Extract<Command, { kind: K }> };

const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:keyturn-main-worker-gitlab';
const ROLES: Record<Machine, string> = {
  router: 'AROAROUTER',
  sweep: 'AROASWEEP',
  reconcile: 'AROARECONCILE',
  rotate: 'AROAROTATE',
  leaks: 'AROALEAKS',
  health: 'AROAHEALTH',
};
const RULES = { queueArn: QUEUE, roles: ROLES };
const PERSON = 'AROAOPERATOR:ana@example.com';

/** How a command of each sender arrives. */
const ARRIVING: Record<Sender, (command: Command) => { letter: AnyLetter; origin: Origin }> = {
  person: (command) => ({
    letter: { command, requestedBy: PERSON },
    origin: from('AROAROUTER:keyturn-main-router'),
  }),
  sweep: (command) => ({ letter: command, origin: from('AROASWEEP:keyturn-main-sweep') }),
  reconcile: (command) => ({ letter: command, origin: from('AROARECONCILE:keyturn-main-reconcile') }),
  rotate: (command) => ({ letter: command, origin: from('AROAROTATE:keyturn-main-rotate-gitlab') }),
  leaks: (command) => ({ letter: command, origin: from('AROALEAKS:keyturn-main-leaks') }),
  health: (command) => ({ letter: command, origin: from('AROAHEALTH:keyturn-main-health') }),
  unknown: (command) => ({ letter: command, origin: from('AROADELIVER:keyturn-main-deliver') }),
};

function from(senderId: string, more: Partial<Origin> = {}): Origin {
  return { queueArn: QUEUE, senderId, isRedriven: false, ...more };
}

const KINDS = Object.values(COMMANDS);

describe('who may send which command', () => {
  for (const command of KINDS)
    for (const sender of SENDERS)
      it(`${command.kind} from ${sender}`, () => {
        const { letter, origin } = ARRIVING[sender](command);
        const admission = admit(Letter.parse(JSON.parse(JSON.stringify(letter))), origin, RULES);
        const allowed: readonly Sender[] = SENT_BY[command.kind];
        if (allowed.includes(sender))
          return assert.deepEqual(admission, {
            outcome: 'admitted',
            command,
            by: sender === 'person' ? PERSON : origin.senderId,
          });
        assert.deepEqual(admission, {
          outcome: 'refused',
          sender,
          kind: command.kind,
          isKnown: sender !== 'unknown',
        });
      });

  it('lets no rotation function end a token, and no unknown sender do what can end a credential', () => {
    assert.equal(
      admit(COMMANDS.end, from('AROAROTATE:keyturn-main-rotate-gitlab'), RULES).outcome,
      'refused',
    );
    for (const { kind } of KINDS) {
      const allowed: readonly Sender[] = SENT_BY[kind];
      assert.equal(allowed.includes('unknown') && CAN_END[kind], false, kind);
    }
  });

  it('leaves no sender without a command of its own', () => {
    const all = new Set<string>(KINDS.flatMap(({ kind }): readonly string[] => SENT_BY[kind]));
    assert.deepEqual([...all].sort(), [...SENDERS].sort());
    assert.deepEqual(
      [...MACHINES].filter((one) => one !== 'router').sort(),
      SENDERS.filter((one) => one !== 'person' && one !== 'unknown').sort(),
    );
  });
});

describe('an act function', () => {
  const envelope: Forwarded = { command: COMMANDS.end, requestedBy: PERSON };

  it('believes an envelope of the router alone', () => {
    for (const senderId of [
      'AROASWEEP:s',
      'AROAROTATE:s',
      'AROAOPERATOR:ana',
      'AIDAUSER',
      '111122223333',
      'AROAROUTER',
      '',
    ])
      assert.equal(admit(envelope, from(senderId), RULES).outcome, 'refused', senderId);
  });

  it('takes no envelope of another function, not even about what that may ask itself', () => {
    for (const command of [COMMANDS.settle, COMMANDS.retire, COMMANDS.rollback])
      assert.equal(
        admit({ command, requestedBy: PERSON }, from('AROASWEEP:keyturn-main-sweep'), RULES).outcome,
        'refused',
        command.kind,
      );
  });

  it('takes nothing of the router but envelopes', () => {
    for (const command of KINDS)
      assert.equal(
        admit(command, from('AROAROUTER:keyturn-main-router'), RULES).outcome,
        'refused',
        command.kind,
      );
  });

  it('knows no sender of what came by another queue, or was given up once', () => {
    for (const more of [{ queueArn: QUEUE.replace('gitlab', 'okta') }, { isRedriven: true }]) {
      for (const command of KINDS.filter(({ kind }) => CAN_END[kind]))
        assert.equal(admit(command, from('AROASWEEP:s', more), RULES).outcome, 'refused', command.kind);
      assert.equal(admit(envelope, from('AROAROUTER:s', more), RULES).outcome, 'refused');
      assert.equal(admit(COMMANDS.inspect, from('AROASWEEP:s', more), RULES).outcome, 'admitted');
    }
  });

  it('does not take a session for a role, or a longer id for its beginning', () => {
    for (const senderId of ['AROAX:AROASWEEP', 'AROASWEEPX:s', 'x:AROAROUTER:y'])
      assert.equal(admit(COMMANDS.retire, from(senderId), RULES).outcome, 'refused', senderId);
  });

  it('reads envelopes and commands, and nothing between', () => {
    for (const wrong of [
      { ...envelope, more: 1 },
      { ...COMMANDS.end, requestedBy: PERSON },
      { command: COMMANDS.end },
      { ...envelope, requestedBy: '' },
      { ...envelope, command: { kind: 'x' } },
    ])
      assert.equal(Letter.safeParse(wrong).success, false, JSON.stringify(wrong));
  });
});

describe('the router', () => {
  it('hands on what people may ask for', () => {
    for (const command of KINDS) {
      const allowed: readonly Sender[] = SENT_BY[command.kind];
      assert.equal(mayAsk(command, { isRedriven: false }), allowed.includes('person'), command.kind);
    }
  });

  it('hands on nothing that was given up once and can end a credential', () => {
    assert.equal(mayAsk(COMMANDS.end, { isRedriven: true }), false);
    assert.equal(mayAsk(COMMANDS.acknowledge, { isRedriven: true }), true);
  });
});
