import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DETAIL_TYPES, EVENT_SOURCE } from '../../functions/core/findings/events.ts';
import { linesOfQueuePolicy, permissionsOfRole } from './permissions.ts';
import { ALL_SETTINGS, type Json, type Synthesised, synthesised } from './synth.ts';

const FULL = synthesised(ALL_SETTINGS);
const PLAIN = synthesised();
const BUS = ALL_SETTINGS.staging.forwardTo[0] ?? '';
const LIFE = {
  'detail-type': [DETAIL_TYPES.lifecycle],
  detail: { what: ['rotated', 'rotation-aborted', 'rolled-back', 'enrolled', 'detached', 'retired'] },
};
const CRITICAL = {
  'detail-type': [DETAIL_TYPES.finding],
  detail: {
    $or: [
      { severity: ['critical'] },
      { kind: ['secret-unusable', 'rotation-failed', 'rotation-stuck', 'token-inactive'] },
    ],
  },
};

function rulesTo(target: string) {
  return FULL.of('AWS::Events::Rule').flatMap(([, rule]) => {
    const { Targets, EventPattern, EventBusName } = rule.Properties;
    return FULL.text(Targets[0].Arn) === target
      ? [
          {
            bus: EventBusName && FULL.text(EventBusName),
            pattern: {
              ...EventPattern,
              ...(EventPattern.account && { account: FULL.list(EventPattern.account) }),
              ...(EventPattern.region && { region: FULL.list(EventPattern.region) }),
            },
            target: Targets[0],
          },
        ]
      : [];
  });
}

function statementOf(synth: Synthesised, sid: string): Json {
  return statementsOf(synth).find((statement) => statement.Sid === sid);
}

function statementsOf(synth: Synthesised): Json[] {
  return synth.only('AWS::Events::EventBus').Properties['Policy'].Statement;
}

test('what tokens of other installations wait for is forwarded, as far as it happened here', () => {
  const rules = rulesTo(BUS);
  assert.deepEqual(
    rules.map(({ bus, pattern }) => ({ bus, pattern })),
    [LIFE, CRITICAL].map((told) => ({
      bus: 'keyturn-main',
      pattern: { account: ['111122223333'], region: ['eu-central-1'], source: [EVENT_SOURCE], ...told },
    })),
  );
  for (const { target } of rules) {
    assert.deepEqual(permissionsOfRole(FULL, target.RoleArn['Fn::GetAtt'][0]), { [BUS]: 'events:PutEvents' });
    assert.match(FULL.text(target.DeadLetterConfig.Arn), /:keyturn-main-staging-dlq$/);
  }
  assert.equal(linesOfQueuePolicy(FULL, 'keyturn-main-staging-dlq').length, 2);
});

test('the named accounts may put exactly these events on the bus, and their own only are heard', () => {
  const { Effect, Principal, Action, Condition, Resource } = statementOf(FULL, 'HearOfUpstreamTokens');
  assert.equal(FULL.text(Resource), 'arn:aws:events:eu-central-1:111122223333:event-bus/keyturn-main');
  assert.deepEqual(
    [Effect, Action, FULL.list(Principal.AWS)],
    ['Allow', 'events:PutEvents', ['arn:aws:iam::777788889999:root']],
  );
  assert.deepEqual(Condition, {
    'ForAllValues:StringEquals': {
      'events:source': EVENT_SOURCE,
      'events:detail-type': Object.values(DETAIL_TYPES),
    },
    Null: { 'events:source': 'false', 'events:detail-type': 'false' },
  });
  const heard = FULL.of('AWS::Events::Rule').filter(([, rule]) =>
    FULL.list(rule.Properties['EventPattern'].account ?? []).includes('777788889999'),
  );
  assert.deepEqual(
    heard.map(([, rule]) => rule.Properties['EventPattern']),
    [LIFE, CRITICAL].map((told) => ({ account: ['777788889999'], source: [EVENT_SOURCE], ...told })),
  );
  for (const [, rule] of heard)
    assert.match(FULL.text(rule.Properties['Targets'][0].Arn), /:keyturn-main-changes$/);
});

test(
  'no other rule gets what a foreign account may say: every other rule on the bus is for this account ' +
    'alone, or for sources that it may not use',
  () => {
    for (const [id, rule] of FULL.of('AWS::Events::Rule')) {
      if (rule.Properties['EventBusName'] === undefined || id.includes('StagingHeard')) continue;
      const { account = [], source = [EVENT_SOURCE] } = rule.Properties['EventPattern'];
      assert.ok(
        FULL.list(account).join() === '111122223333' || !FULL.list(source).includes(EVENT_SOURCE),
        id,
      );
    }
  },
);

test(
  'facts are refused from all but roles of Keyturn and those in whose name accepted installations tell ' +
    'of theirs',
  () => {
    const own = ['keyturn', 'keyturn-functions'].map(
      (path) => `arn:aws:iam::111122223333:role/${path}/main/eu-central-1/*`,
    );
    for (const [synth, others] of [
      [PLAIN, []],
      [FULL, ['arn:aws:iam::777788889999:role/keyturn-forwarders/*']],
    ] as const) {
      const { Effect, Principal, Action, Condition } = statementOf(synth, 'FactsFromKeyturnOnly');
      assert.deepEqual([Effect, Action, Principal], ['Deny', 'events:PutEvents', { AWS: '*' }]);
      assert.deepEqual(Condition['ForAnyValue:StringEquals'], { 'events:source': EVENT_SOURCE });
      assert.deepEqual(synth.list(Condition.ArnNotLike['aws:PrincipalArn']), [...own, ...others].sort());
    }
  },
);

test('without staging in the settings there is nothing of it', () => {
  assert.deepEqual(
    statementsOf(PLAIN).map(({ Sid }) => Sid),
    ['FactsFromKeyturnOnly'],
  );
  assert.deepEqual(
    Object.keys(PLAIN.resources).filter((id) => id.includes('Staging')),
    [],
  );
});
