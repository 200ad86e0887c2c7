/**
 * Why each function makes each kind of AWS call during one rotation and retirement. A call without a reason
 * fails the bench.
 */
export const REASONS: Readonly<Record<string, string>> = {
  'sweep dynamodb:Query':
    'asks the index of due tokens, one query a shard, and the one of rotations that wait',
  'sweep dynamodb:GetItem': 'reads the record of a due token before deciding; which run holds the lease',
  'sweep dynamodb:PutItem':
    'takes and gives back its lease; the attempt, or the rest after handing out, before anything ' +
    'happens; history and outbox of what it started',
  'sweep secretsmanager:DescribeSecret':
    'asks whether somebody switched rotation off: RotateSecret would switch it on again',
  'sweep secretsmanager:RotateSecret': 'starts the rotation',
  'sweep sqs:SendMessageBatch': 'hands out settle, retire and inspect to the worker function',
  'sweep events:PutEvents': 'tells that a rotation started',
  'rotate secretsmanager:DescribeSecret':
    'checks tags, rotation and labels at every step: steps may come late or twice',
  'rotate secretsmanager:GetSecretValue':
    'reads the admin credential at every step, the pending value where there may be one, and the ' +
    'fields to keep',
  'rotate secretsmanager:PutSecretValue': 'stores the new credential as AWSPENDING',
  'rotate secretsmanager:UpdateSecretVersionStage': 'moves AWSCURRENT by compare-and-swap',
  'rotate dynamodb:GetItem': 'reads the record once a step',
  'rotate dynamodb:PutItem':
    'lease, intent before the mint, handle after it, release; claim and record of the promotion; ' +
    'history and outbox',
  'rotate kms:GenerateMac': 'fingerprint and seal of the new value, and their check before the probe',
  'rotate events:PutEvents': 'tells that the token was rotated',
  'act dynamodb:GetItem':
    'reads the record once a command, and anew in the guard; completeness of the inventory',
  'act dynamodb:Query': 'asks in the guard whether another token holds the credential',
  'act dynamodb:DescribeTable': 'asks which table this is: a restored one is not trusted',
  'act dynamodb:PutItem': 'claims the generation, then records revoke and proof; history and outbox',
  'act dynamodb:DeleteItem': 'gives up the claim on a revoked credential',
  'act secretsmanager:DescribeSecret':
    'reads labels and tags at the start of a command, and last of all in the guard',
  'act secretsmanager:GetSecretValue':
    'reads the admin credential, AWSCURRENT in the guard, and the old value for the proof',
  'act secretsmanager:UpdateSecretVersionStage':
    'pins the old version until its credential is verified as revoked',
  'act kms:GenerateMac': 'checks fingerprint and seal of what the guard and the proof read',
  'act events:PutEvents': 'tells that the old credential was revoked and verified as revoked',
  'reconcile dynamodb:GetItem':
    'asks whether a registered secret is in the inventory, and whether that is complete; at each run ' +
    'whether a canary is due',
  'reconcile dynamodb:PutItem':
    'takes and gives back its lease; how far a long pass came; once a day that a canary went, and that ' +
    'it arrived',
  'reconcile dynamodb:DescribeTable': 'asks which table this is: a restored one is not trusted',
  'reconcile secretsmanager:ListSecrets': 'finds every registered secret',
  'reconcile secretsmanager:DescribeSecret': 'reads the registration of the secret that a label event names',
  'reconcile sqs:SendMessageBatch': 'has that secret inspected',
  'reconcile sns:ListSubscriptionsByTopic': 'sees at the end of a pass who is subscribed to alerts',
  'reconcile sns:GetSubscriptionAttributes': 'asks of each address whether anybody can end its subscription',
  'reconcile events:PutEvents': 'sends the canary of the day on the way of findings',
  'alert dynamodb:GetItem': 'holds a canary against the record, and against what it passed on',
  'alert dynamodb:PutItem': 'remembers which canary it passed on',
  'alert sns:Publish': 'passes the canary of the day on to its topic',
  'alert dynamodb:Query': 'asks four times an hour what waits for a digest or a reminder',
};
