import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { HOUR, MINUTE, SECOND } from '../../../../functions/core/basics/time.ts';
import { CachedConsumer, USE_EVERY } from '../consumers.ts';
import type { Episode } from '../episode.ts';
import { policy } from '../inbox.ts';
import { keyturn } from '../keyturn-command.ts';
import type { Stage } from '../stage.ts';
import { lastOf, openedAndOver, check } from '../checks.ts';

const FRAUD = 'payments/gitlab-fraud';
const CHECKER = { agent: 'fraud-checker/1', usesEvery: USE_EVERY };
const ALARM = 'payments-errors';
const ROTATED = 8 * HOUR;
const FIRED = ROTATED + 30 * MINUTE;
/** The morning after, its owner has read of it. */
const AGAIN = 26 * HOUR;

/**
 * A new credential works for its issuer and not for those who use it: the alarm that its policy names goes
 * off, and the one before comes back by itself.
 */
export const ROLLBACK: Episode = {
  members: [
    {
      secret: FRAUD,
      provider: 'gitlab',
      owner: 'team-payments',
      purpose: 'reads the rules against fraud',
      begins: 'by-hand',
      beginning: `made by hand; the alarm ${ALARM} watches each rotation for two hours`,
      policy: {
        rotateEvery: '30d',
        minGrace: '15m',
        unusedFor: '30m',
        cacheTtl: '1h',
        healthSignals: [ALARM],
        bakeTime: '2h',
      },
    },
  ],
  players: [CHECKER],
  async start(stage) {
    await setAlarm(stage, 'OK');
    new CachedConsumer(stage.at(FRAUD), { role: 'fraud-checker', agent: CHECKER.agent, cache: HOUR }).serve(
      5 * SECOND,
    );
  },
  acts: [
    {
      at: ROTATED,
      async play({ stage }) {
        stage.tell(`${FRAUD}: its owner runs \`keyturn rotate\``);
        await keyturn(stage.sandbox.folder, ['rotate', FRAUD]);
      },
    },
    {
      at: FIRED,
      async play({ stage }) {
        stage.tell(
          `${FRAUD}: its service cannot handle what the new credential looks like; the alarm ${ALARM} ` +
            'goes off',
        );
        await setAlarm(stage, 'ALARM');
      },
    },
    { at: FIRED + HOUR, play: ({ stage }) => setAlarm(stage, 'OK') },
    {
      at: AGAIN,
      async play({ stage }) {
        stage.tell(
          `${FRAUD}: its owner has read about it and fixed the service, and runs \`keyturn rotate\` again`,
        );
        await keyturn(stage.sandbox.folder, ['rotate', FRAUD]);
      },
    },
  ],
  expects: [{ secret: FRAUD, kind: 'rotation-rolled-back' }],
  check({ facts, start }) {
    const wrong = openedAndOver(facts, FRAUD, 'rotation-rolled-back');
    const back = lastOf(facts, FRAUD, 'rolled-back');
    if (back === undefined || back < start + FIRED || back > start + FIRED + 15 * MINUTE)
      wrong.push('the credential before did not come back when the alarm went off');
    if ((lastOf(facts, FRAUD, 'rotated') ?? 0) < start + AGAIN)
      wrong.push('it was not rotated again when its service was fixed');
    const minutes = back === undefined ? 0 : Math.ceil((back - start - FIRED) / MINUTE);
    return check(
      'The new credential that broke its service was taken back without a person',
      wrong,
      `${FRAUD}, within ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} of the alarm`,
    );
  },
};

/** The team's own monitoring sets it. */
async function setAlarm({ sandbox: { aws } }: Stage, StateValue: 'OK' | 'ALARM'): Promise<void> {
  const policies = [
    policy({
      Action: ['cloudwatch:PutMetricAlarm', 'cloudwatch:SetAlarmState'],
      Resource: `arn:aws:cloudwatch:${aws.region}:${aws.account}:alarm:${ALARM}`,
    }),
  ];
  const client = new CloudWatchClient(
    aws.clientConfig({ kind: 'role', name: 'payments-monitoring', session: 'i-1', policies }),
  );
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: ALARM,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
    }),
  );
  await client.send(
    new SetAlarmStateCommand({
      AlarmName: ALARM,
      StateValue,
      StateReason: 'errors of the last five minutes',
    }),
  );
}
