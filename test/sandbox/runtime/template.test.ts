import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callerId } from '../../../lib/sandbox/aws/sts.ts';
import { Template } from '../../../lib/sandbox/runtime/template.ts';

const PLACE = {
  account: '111122223333',
  region: 'eu-central-1',
  stackName: 'stack',
  queueUrl: (name: string) => `http://localhost/${name}`,
};

function outputsOf(
  outputs: Record<string, unknown>,
  rest: Record<string, unknown> = {},
): Record<string, string> {
  const Outputs = Object.fromEntries(Object.entries(outputs).map(([name, Value]) => [name, { Value }]));
  return Object.fromEntries(new Template({ Resources: {}, ...rest, Outputs }, PLACE).outputs);
}

test('the id of a role is the one that its sessions and their messages carry', () => {
  const Resources = {
    Role: { Type: 'AWS::IAM::Role', Properties: { Path: '/keyturn-functions/main/', RoleName: 'sweep' } },
    Plain: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'sweep' } },
  };
  const { Id, Plain } = outputsOf(
    { Id: { 'Fn::GetAtt': ['Role', 'RoleId'] }, Plain: { 'Fn::GetAtt': ['Plain', 'RoleId'] } },
    { Resources },
  );
  assert.equal(
    Id,
    callerId(
      { kind: 'role', name: 'keyturn-functions/main/sweep', session: 's', policies: [] },
      PLACE.account,
    ).split(':')[0],
  );
  assert.notEqual(Id, Plain, 'two roles of one name under two paths');
});

test('every intrinsic function comes to what CloudFormation makes of it', () => {
  const Resources = {
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: { 'Fn::Join': ['-', ['my', { Ref: 'AWS::Region' }]] } },
    },
  };
  const Conditions = {
    InEurope: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-central-1'] },
    Elsewhere: { 'Fn::Not': [{ Condition: 'InEurope' }] },
    Both: { 'Fn::And': [{ Condition: 'InEurope' }, { Condition: 'Elsewhere' }] },
  };
  const Parameters = { Size: { Type: 'String', Default: 'large' } };
  const found = outputsOf(
    {
      Ref: { Ref: 'Queue' },
      GetAtt: { 'Fn::GetAtt': ['Queue', 'Arn'] },
      Dotted: { 'Fn::GetAtt': 'Queue.QueueName' },
      Sub: { 'Fn::Sub': 'arn:${AWS::Partition}:${Queue.QueueName}:${!literal}' },
      SubOwn: { 'Fn::Sub': ['${Own}/${AWS::AccountId}', { Own: { Ref: 'Size' } }] },
      Pick: { 'Fn::Select': [1, { 'Fn::Split': [',', 'a,b,c'] }] },
      If: { 'Fn::If': ['InEurope', 'yes', 'no'] },
      Else: { 'Fn::If': ['Both', 'yes', { 'Fn::Sub': 'no' }] },
    },
    { Resources, Conditions, Parameters },
  );
  assert.deepEqual(found, {
    Ref: 'http://localhost/my-eu-central-1',
    GetAtt: 'arn:aws:sqs:eu-central-1:111122223333:my-eu-central-1',
    Dotted: 'my-eu-central-1',
    Sub: 'arn:aws:my-eu-central-1:${literal}',
    SubOwn: 'large/111122223333',
    Pick: 'b',
    If: 'yes',
    Else: 'no',
  });
});

test('a property without a value is gone, and a resource whose condition is false is not made', () => {
  const Resources = {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { Path: { Ref: 'AWS::NoValue' }, Tags: ['a', { Ref: 'AWS::NoValue' }] },
    },
    Off: { Type: 'AWS::IAM::Role', Condition: 'Never' },
  };
  const template = new Template({ Resources, Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } } }, PLACE);
  assert.deepEqual(
    template.resources.map(({ id, properties }) => [id, properties]),
    [['Role', { Tags: ['a'] }]],
  );
});

test('names that the template leaves open are the same each time', () => {
  const Resources = {
    Key: { Type: 'AWS::KMS::Key' },
    Role: { Type: 'AWS::IAM::Role', Properties: { Path: '/a/' } },
  };
  const [one, other] = [new Template({ Resources }, PLACE), new Template({ Resources }, PLACE)];
  assert.deepEqual(one.resources, other.resources);
  assert.match(
    one.of('AWS::KMS::Key')[0]?.ref ?? '',
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.equal(one.of('AWS::IAM::Role')[0]?.attributes['Arn'], 'arn:aws:iam::111122223333:role/a/stack-Role');
});

test('what is not known is named', () => {
  const wrong: [unknown, RegExp][] = [
    [{ 'Fn::Cidr': ['10.0.0.0/8', 1] }, /intrinsic function Fn::Cidr/],
    [{ Ref: 'Nobody' }, /refers to Nobody/],
    [{ 'Fn::GetAtt': ['Nobody', 'Arn'] }, /resource Nobody/],
    [{ 'Fn::GetAtt': ['Log', 'Colour'] }, /attribute Colour of AWS::Logs::LogGroup \(Log\)/],
  ];
  for (const [value, sentence] of wrong)
    assert.throws(
      () => outputsOf({ Out: value }, { Resources: { Log: { Type: 'AWS::Logs::LogGroup' } } }),
      sentence,
    );
});

const QUEUE = {
  Parameters: { Name: { Type: 'String' } },
  Resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Name' } } },
    Role: { Type: 'AWS::IAM::Role' },
  },
};

function nesting(Parameters: unknown, nested: unknown = QUEUE): Template {
  const Inner = {
    Type: 'AWS::CloudFormation::Stack',
    Properties: { TemplateURL: 'https://s3.example/a/b.json', Parameters },
  };
  const Outer = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'outer' } };
  return new Template({ Resources: { Inner, Outer } }, PLACE, {
    nestedAt: (url) => (url.endsWith('/b.json') ? nested : undefined),
  });
}

test('what is in a nested stack is deployed with what the outer one gives it', () => {
  const template = nesting({ Name: { 'Fn::Join': ['-', [{ Ref: 'Outer' }, 'queue']] } });
  assert.deepEqual(
    template.of('AWS::SQS::Queue').map(({ properties }) => properties),
    [{ QueueName: 'outer-queue' }],
  );
  assert.deepEqual(
    template.of('AWS::IAM::Role').map(({ ref }) => ref),
    ['stack-Inner-Role', 'outer'],
    'CloudFormation names what has no name after the nested stack',
  );
  assert.deepEqual(template.of('AWS::CloudFormation::Stack'), []);
});

test('a nested stack is refused as CloudFormation refuses it, or with what is missing', () => {
  assert.throws(() => nesting({}), /^Error: The parameter Name of the template has no value\.$/);
  assert.throws(() => nesting({ Name: 'a', Other: 'b' }), /declares no parameter Other/);
  assert.throws(() => new Template(QUEUE, PLACE), /parameter Name of the template has no value/);
  const Resources = { Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'x' } } };
  assert.throws(() => new Template({ Resources }, PLACE), /template of the nested stack Inner is not there/);
});
