import { ARN, HOME, accesses } from '../../detect/events.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const FOREIGN_KEY = 'arn:aws:kms:eu-west-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab';
export const OWN_KEY = FOREIGN_KEY.replace('999988887777', HOME.account);

/** What a call is said to have changed: subject and severity of each thing. */
export function changes(
  eventName: string,
  parameters: Fields = {},
  responseElements: unknown = { arn: ARN, name: 'prod/billing/ci' },
): string[] {
  return accesses({
    eventName,
    requestParameters: { secretId: ARN, ...parameters },
    responseElements,
  }).flatMap((one) => one.changes.map(({ subject, severity }) => `${subject} ${severity}`));
}

/** What the changes of a call are called. */
export function words(
  eventName: string,
  parameters: Fields = {},
  responseElements: unknown = { arn: ARN },
): string {
  return accesses({ eventName, requestParameters: { secretId: ARN, ...parameters }, responseElements })
    .flatMap((one) => one.changes.map(({ what }) => what))
    .join('; ');
}
