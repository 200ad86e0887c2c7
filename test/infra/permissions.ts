import type { Json, Synthesised } from './synth.ts';

const SHORT: [RegExp, string][] = [
  [/arn:aws:kms:eu-central-1:111122223333:KeyturnFoundationKeysData\w+/g, 'data-key'],
  [/arn:aws:kms:eu-central-1:111122223333:KeyturnFoundationKeysSeal\w+/g, 'seal-key'],
  [/arn:aws:lambda:eu-central-1:111122223333:function:/g, 'lambda:'],
  [/arn:aws:(dynamodb|sqs|sns|lambda|logs|events|ecs):eu-central-1:111122223333:/g, '$1:'],
  [/arn:aws:secretsmanager:eu-central-1:111122223333:/g, ''],
  [/secretsmanager:ResourceTag\/keyturn:/g, 'tag '],
  [/\.eu-central-1\.amazonaws\.com/g, ''],
  [/KeyturnFoundationBus\w+/g, 'keyturn-main'],
];

/** Operators of conditions that go without saying. */
const PLAIN: ReadonlySet<string> = new Set(['StringEquals', 'StringLike', 'ArnEquals', 'ArnLike']);

function shorten(text: string): string {
  return SHORT.reduce((short, [pattern, name]) => short.replaceAll(pattern, name), text);
}

/**
 * What may be done to each resource: `<effect unless allowed><resource><conditions>` to the sorted actions.
 * However statements were merged, it is the same.
 */
export type Permissions = Record<string, string>;

export function permissionsIn(synth: Synthesised, documents: readonly { Statement: Json[] }[]): Permissions {
  const found = new Map<string, Set<string>>();
  for (const statement of documents.flatMap((document) => document.Statement)) {
    const tests = Object.entries<Record<string, unknown>>(statement.Condition ?? {}).flatMap(
      ([operator, keys]) => Object.entries(keys).map(([key, value]) => ({ operator, key, value })),
    );
    const conditions = tests
      .map(
        ({ operator, key, value }) =>
          `${PLAIN.has(operator) ? '' : `${operator} `}${key}=${synth.list(value).join('|')}`,
      )
      .sort();
    const effect = statement.Effect === 'Allow' ? '' : 'DENY ';
    for (const resource of synth.list(statement.Resource)) {
      const key = shorten(
        `${effect}${resource}${conditions.length === 0 ? '' : ` if ${conditions.join(' and ')}`}`,
      );
      found.set(key, new Set([...(found.get(key) ?? []), ...synth.list(statement.Action)]));
    }
  }
  return Object.fromEntries([...found].map(([key, actions]) => [key, [...actions].sort().join(' ')]));
}

/** Everything a role may do. */
export function permissionsOfRole(synth: Synthesised, roleId: string): Permissions {
  const role = synth.resources[roleId];
  const attached = synth
    .of('AWS::IAM::Policy')
    .filter(([, policy]) => policy.Properties['Roles'].some((one: { Ref: string }) => one.Ref === roleId));
  if (role?.Properties['ManagedPolicyArns'] || attached.length > 0)
    throw new Error(`${roleId} has policies of another kind`);
  const policies: { PolicyDocument: { Statement: Json[] } }[] = role?.Properties['Policies'] ?? [];
  return permissionsIn(
    synth,
    policies.map((policy) => policy.PolicyDocument),
  );
}

/** Everything a function may do. */
export function permissionsOf(synth: Synthesised, functionName: string): Permissions {
  return permissionsOfRole(synth, synth.fn(functionName).Properties['Role']['Fn::GetAtt'][0]);
}

/** What services may do with a queue by its own policy: `<principal> <actions> if <conditions>`. */
export function linesOfQueuePolicy(synth: Synthesised, queueName: string): string[] {
  const [queueId] = synth.named('AWS::SQS::Queue', 'QueueName', queueName);
  const policies = synth
    .of('AWS::SQS::QueuePolicy')
    .filter(([, policy]) => policy.Properties['Queues'].some((one: { Ref: string }) => one.Ref === queueId));
  const allowed = policies
    .flatMap(([, policy]) => policy.Properties['PolicyDocument'].Statement)
    .filter((statement) => statement.Effect === 'Allow');
  return allowed.map((statement) => {
    const tests = Object.values<Record<string, unknown>>(statement.Condition ?? {}).flatMap((one) =>
      Object.entries(one),
    );
    return (
      `${synth.list(statement.Principal.Service).join(' ')} ${synth.list(statement.Action).join(' ')} if ` +
      tests.map(([key, value]) => `${key}=${synth.list(value).join('|')}`).join(' and ')
    );
  });
}
