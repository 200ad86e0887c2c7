// How values of settings are written: names, hosts, numbers, lengths of time. Each wrong one is told with
// what to write instead.
import * as z from 'zod';
import { MINUTE, parseDuration } from '../../../functions/core/basics/time.ts';

/** A text of a form; `fix` says what to write. */
export function text(pattern: RegExp, fix: string) {
  return z
    .string({ error: fix })
    .regex(pattern, { error: (issue) => `is ${JSON.stringify(issue.input)}: ${fix}` });
}

/** A text that a reader understands; `fix` says what to write. */
export function readable(reads: (text: string) => boolean, fix: string) {
  return z
    .string({ error: fix })
    .refine(reads, { error: (issue) => `is ${JSON.stringify(issue.input)}: ${fix}` });
}

/** A whole number of minutes, written like `15m` or `1h`; Scheduler knows nothing finer. */
export function interval(range: { min: number; max: number }) {
  return readable(
    (wanted) => isWithin(minutesOf(wanted), range),
    `write a whole number of minutes or hours from ${range.min}m to ${range.max / 60}h, like 15m or 1h`,
  );
}

export function isWithin(count: number, range: { min: number; max: number }): boolean {
  return Number.isInteger(count) && count >= range.min && count <= range.max;
}

/** The length of an interval of the settings, in minutes. */
export function minutesOf(interval: string): number {
  return (parseDuration(interval) ?? 0) / MINUTE;
}

export function count(min: number, max: number) {
  const wanted = `write a whole number from ${min} to ${max}`;
  return z.int({ error: wanted }).min(min, wanted).max(max, wanted);
}

export const YesOrNo = z.boolean({ error: 'write true or false' });

export function httpsUrl(example: string) {
  const fix = `write an https URL without credentials, like ${example}`;
  return text(/^https:\/\/[^\s/@?#]+(\/[^\s@]*)?$/, fix);
}

export const Host = text(
  /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/,
  'write a host name in small letters without https:// and path, like gitlab.example.com',
);
export const KmsKeyArn = text(
  /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
  'write the ARN of a KMS key (not of an alias), like ' +
    'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
);
export const Email = text(/^[^\s@]+@[^\s@]+$/, 'write an e-mail address');
const SECRET_NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;
export const SecretName = text(SECRET_NAME, 'write the name (not the ARN) of a secret');
export const NamePrefix = text(SECRET_NAME, 'write the beginning of names of secrets, like prod/legacy/');
export const RoutingKeySecret = text(
  SECRET_NAME,
  'write the name (not the ARN) of the secret that holds the routing key',
);
export const Days = text(/^[1-9]\d{0,3}d$/, 'write a number of days, like 90d');
