import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { agentOf, networkOf } from '../../../functions/core/detection/network-origin.ts';

test('networks: /16 of IPv4, /48 of IPv6, the endpoint where there is one', () => {
  const cases: [string | undefined, string | undefined, string][] = [
    ['203.0.113.7', undefined, '203.0.0.0/16'],
    ['10.0.1.2', 'vpce-0123456789abcdef0', 'vpce-0123456789abcdef0'],
    ['2001:db8:0:1::5', undefined, '2001:db8:0::/48'],
    ['2001:0DB8::5', undefined, '2001:db8:0::/48'],
    ['::1', undefined, '0:0:0::/48'],
    ['AWS Internal', undefined, 'aws'],
    ['secretsmanager.amazonaws.com', undefined, 'aws'],
    [undefined, undefined, 'unknown'],
    ['<script>', undefined, 'unknown'],
  ];
  for (const [address, endpoint, network] of cases) assert.equal(networkOf(address, endpoint), network);
});

test('what a caller chooses never reaches a name but as plain letters', () => {
  assert.equal(agentOf('Boto3/1.34 md/Botocore#1.34'), 'boto3');
  assert.equal(agentOf('stratus-red-team_83d9-aa'), 'stratus-red-team');
  assert.equal(agentOf('[aws-cli/2.15 Python/3.11]'), 'aws-cli');
  assert.equal(agentOf('<b>\n'), 'unknown');
  fc.assert(
    fc.property(
      fc.string(),
      fc.string(),
      (agent, address) =>
        /^[a-z0-9-]{1,40}$/.test(agentOf(agent)) &&
        /^[a-z0-9.:/-]{1,40}$/.test(networkOf(address, undefined)),
    ),
  );
});
