import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployEvents } from '../../../lib/sandbox/runtime/deploy-events.ts';
import { Roles } from '../../../lib/sandbox/runtime/roles.ts';
import { Template } from '../../../lib/sandbox/runtime/template.ts';
import { ACCOUNT, REGION, sandbox } from '../aws/world.ts';

function deploy(Properties: Record<string, unknown>): void {
  const template = new Template(
    { Resources: { Watch: { Type: 'AWS::Events::Rule', Properties } } },
    {
      account: ACCOUNT,
      region: REGION,
      stackName: 'stack',
      queueUrl: (name) => `https://queues.example.com/${name}`,
    },
  );
  deployEvents({ aws: sandbox().aws, template, roles: new Roles(template) });
}

test('a rule with a pattern that EventBridge refuses is not deployed, and is named', () => {
  deploy({ EventPattern: { source: ['app'], detail: { ip: [{ cidr: '10.0.0.0/24' }] } } });
  assert.throws(
    () => deploy({ EventPattern: { source: ['app'], detail: { ip: [{ cdir: '10.0.0.0/24' }] } } }),
    /^Error: Rule Watch cannot be deployed\. .*detail\.ip: cdir is no operator/,
  );
  assert.throws(() => deploy({ EventPattern: { source: 'app' } }), /Rule Watch .*source takes a list/);
  assert.throws(() => deploy({ ScheduleExpression: 'rate(1 hour)' }), /Watch has none: use a schedule/);
});
