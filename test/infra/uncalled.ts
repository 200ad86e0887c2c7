/**
 * Grants that the days of test/sandbox/runtime/stack.long.test.ts make no call with, by function and action,
 * and why each is there all the same. What is neither called there nor listed here fails that test, and so
 * does a line for what is called.
 */
export const UNCALLED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'worker-gitlab': {
    'dynamodb:DeleteItem':
      'entries of the index of credentials that records need no more, after years: ' +
      'test/use-cases/inventory/credential-index.test.ts',
    'secretsmanager:CancelRotateSecret': 'a token that a person ends or lets go: test/proofs/ending.test.ts',
  },
  'rotate-gitlab': {
    'sqs:SendMessage': 'the end of what a new admin credential made on trial: test/proofs/admin.test.ts',
  },
  alert: {
    'dynamodb:DeleteItem':
      'what waited for a digest or a reminder, and is over: test/use-cases/alerts/send-reminders.test.ts',
  },
  health: {
    'cloudwatch:DescribeAlarms': 'no token here declares a health signal: test/proofs/health.test.ts',
    'dynamodb:Query': 'no token here declares a health signal: test/proofs/health.test.ts',
    'sqs:SendMessage': 'no token here declares a health signal: test/proofs/health.test.ts',
  },
  leaks: {
    'events:PutEvents':
      'a flood of reports, and leaks of tokens that were let go: ' +
      'test/use-cases/incidents/leak-reports.test.ts',
  },
};

/** What is done in a function's name by AWS itself: no code calls it. */
export const DONE_BY_AWS: Readonly<Record<string, string>> = {
  'logs:CreateLogStream': 'Lambda writes the log',
  'logs:PutLogEvents': 'Lambda writes the log',
  'sqs:ReceiveMessage': 'the event source mapping',
  'sqs:DeleteMessage': 'the event source mapping',
  'sqs:GetQueueAttributes': 'the event source mapping',
  'kms:Decrypt': 'through the services that store something encrypted',
  'kms:DescribeKey': 'through DynamoDB',
  'kms:Encrypt': 'through DynamoDB',
  'kms:GenerateDataKey': 'through the services that store something encrypted',
  'kms:ReEncryptFrom': 'through DynamoDB',
  'kms:ReEncryptTo': 'through DynamoDB',
  'lambda:InvokeFunction': 'RotateSecret asks it of its caller',
};

/** Operations whose permission has another name. */
export const PERMISSION_OF: Readonly<Record<string, string>> = {
  'sqs:SendMessageBatch': 'sqs:SendMessage',
  'sns:PublishBatch': 'sns:Publish',
};
