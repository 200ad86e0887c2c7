/** SNS of the sandbox as other services see it. */
import type { Kms } from '../kms.ts';
import type { Principal, Service } from '../types.ts';
import type { Mail, Subscription, TopicSettings } from './topic.ts';

/** What SNS is made with. */
export interface SnsOptions {
  readonly kms: Kms;
  /** Where mail goes. */
  readonly mail: (mail: Mail) => void;
  /** Posts to a web server; resolves to the HTTP status. */
  readonly post: (post: { url: string; headers: Record<string, string>; body: string }) => Promise<number>;
}

/** SNS, as the sandbox runs it. */
export interface Sns {
  readonly service: Service;
  /** Adds a topic and gives its ARN. */
  add(settings: TopicSettings): string;
  /** Subscribes for good, as if the endpoint's owner had confirmed with a signed request. */
  subscribe(topicArn: string, subscription: Subscription): string;
  /** A person follows a link of one of its mails. Errors: AwsError. */
  readonly visit: (link: string) => void;
  readonly arnOf: (name: string) => string;
  /** Publishes for a service principal. Errors: AuthorizationError, NotFound. */
  readonly deliver: (principal: Principal, arn: string, message: { body: string }) => void;
}

/** A topic, as SNS keeps it. */
export interface Topic {
  readonly arn: string;
  readonly settings: TopicSettings;
}
