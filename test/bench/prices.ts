/**
 * A list price of us-east-1 in US dollars. `sure` is false where it was not read on the vendor's own page.
 */
export interface Price {
  readonly usd: number;
  readonly per: string;
  readonly source: string;
  readonly sure: boolean;
}

const AWS = (page: string): string => `https://aws.amazon.com/${page}/pricing/`;

/** What is paid for, and what it costs. */
export const PRICES = {
  readUnit: {
    usd: 0.125e-6,
    per: 'DynamoDB read request unit, on demand',
    source: AWS('dynamodb'),
    sure: false,
  },
  writeUnit: {
    usd: 0.625e-6,
    per: 'DynamoDB write request unit, on demand',
    source: AWS('dynamodb'),
    sure: false,
  },
  secretCall: {
    usd: 0.05 / 10_000,
    per: 'Secrets Manager API call',
    source: AWS('secrets-manager'),
    sure: false,
  },
  secretMonth: { usd: 0.4, per: 'secret and month', source: AWS('secrets-manager'), sure: false },
  keyCall: { usd: 0.03 / 10_000, per: 'KMS request', source: AWS('kms'), sure: false },
  keyMonth: { usd: 1, per: 'KMS key and month', source: AWS('kms'), sure: false },
  queueCall: { usd: 0.4e-6, per: 'SQS request', source: AWS('sqs'), sure: false },
  event: { usd: 1e-6, per: 'EventBridge custom event', source: AWS('eventbridge'), sure: false },
  publish: { usd: 0.5e-6, per: 'SNS publish', source: AWS('sns'), sure: false },
  run: { usd: 0.2e-6, per: 'Lambda request', source: AWS('lambda'), sure: false },
  gigabyteSecond: { usd: 0.0000133334, per: 'Lambda GB-second, arm64', source: AWS('lambda'), sure: false },
  logGigabyte: { usd: 0.5, per: 'CloudWatch Logs GB taken in', source: AWS('cloudwatch'), sure: false },
  metricMonth: { usd: 0.3, per: 'CloudWatch metric and month', source: AWS('cloudwatch'), sure: false },
  alarmMetricMonth: {
    usd: 0.1,
    per: 'metric that an alarm watches, and month',
    source: AWS('cloudwatch'),
    sure: false,
  },
} as const satisfies Record<string, Price>;

/** What is not measured. A record is taken for 4 KB: with history and marks most are smaller. */
export const ASSUMED = {
  readUnitsPerRead: 1,
  writeUnitsPerWrite: 4,
  /** A message is sent, received and deleted. */
  requestsPerMessage: 3,
  secondsPerRun: 0.5,
  gigabytesPerRun: 0.25,
  logKilobytesPerRun: 1.5,
  rotationsPerMonth: 1,
  daysPerMonth: 30,
  metricsPerProvider: 17,
  providersInUse: 1,
  heartbeats: 4,
  alarmMetrics: 41,
  /** Five long polls of twenty seconds at once on each queue with a consumer. */
  pollsPerQueueAndMonth: 5 * 3 * 60 * 24 * 30,
} as const;
