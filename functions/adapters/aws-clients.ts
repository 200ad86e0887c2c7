import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

/**
 * What every client is made with; Region, endpoint and credentials it reads from the environment. Without
 * limits of its own a call can hang until Lambda stops the function, and then nothing is recorded.
 * Milliseconds.
 */
const SETTINGS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
} as const;

export function cloudwatchClient(): CloudWatchClient {
  return new CloudWatchClient(SETTINGS);
}

export function dynamodbClient(): DynamoDBClient {
  return new DynamoDBClient(SETTINGS);
}

export function ecsClient(): ECSClient {
  return new ECSClient(SETTINGS);
}

export function eventbridgeClient(): EventBridgeClient {
  return new EventBridgeClient(SETTINGS);
}

export function kmsClient(): KMSClient {
  return new KMSClient(SETTINGS);
}

export function lambdaClient(): LambdaClient {
  return new LambdaClient(SETTINGS);
}

export function secretsManagerClient(): SecretsManagerClient {
  return new SecretsManagerClient(SETTINGS);
}

export function snsClient(): SNSClient {
  return new SNSClient(SETTINGS);
}

export function sqsClient(): SQSClient {
  return new SQSClient(SETTINGS);
}
