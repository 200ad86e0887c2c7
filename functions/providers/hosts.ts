import { BlockList, isIP } from 'node:net';
import * as z from 'zod';
import { KeyturnError } from '../core/errors.ts';

/** Addresses at which this machine, or its cloud, answers for itself: a request there could hand out or take in credentials. */
const FORBIDDEN = new BlockList();
FORBIDDEN.addSubnet('0.0.0.0', 8, 'ipv4');
FORBIDDEN.addSubnet('127.0.0.0', 8, 'ipv4');
FORBIDDEN.addSubnet('169.254.0.0', 16, 'ipv4');
FORBIDDEN.addAddress('::', 'ipv6');
FORBIDDEN.addAddress('::1', 'ipv6');
FORBIDDEN.addSubnet('fe80::', 10, 'ipv6');
// Amazon's own services to an instance: metadata, DNS, time, pod identity. Source: Amazon EC2 User Guide, "Instance metadata".
FORBIDDEN.addSubnet('fd00:ec2::', 32, 'ipv6');

const FORBIDDEN_NAMES = /^(localhost|.*\.localhost|metadata|metadata\.google\.internal|instance-data(\.ec2\.internal)?)$/;

type Checked = { readonly origin: string } | { readonly problem: string };

/** The text itself is in no sentence: a person may have pasted a credential into the wrong field. */
function check(text: string, part: 'origin' | 'address' = 'origin'): Checked {
  if (!URL.canParse(text)) return { problem: 'is not an address like https://gitlab.example.com' };
  const url = new URL(text);
  if (url.protocol !== 'https:') return { problem: 'must start with https://' };
  if (url.username !== '' || url.password !== '') return { problem: 'must not hold a user or a password: put the credential into its own field' };
  if (part === 'origin' && (url.pathname !== '/' || /[?#]/.test(text))) return { problem: 'must end after the host: leave out path, query and fragment' };
  if (text.includes('#')) return { problem: 'must have no fragment' };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host.endsWith('.')) return { problem: 'must name the host without a dot at its end' };
  if (isForbidden(host)) return { problem: 'names this machine, a link-local address or a metadata service: name the issuer by its public or private host name' };
  return { origin: url.origin };
}

function isForbidden(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return FORBIDDEN_NAMES.test(host);
  return FORBIDDEN.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

/**
 * The https origin of an issuer as an admin secret states it. A host name that resolves to a forbidden address
 * passes: whoever writes the admin secret holds the credential anyway, and the operator's list of hosts is there for more.
 */
export const IssuerUrl = z.string().transform((text, context): string => {
  const checked = check(text);
  if ('origin' in checked) return checked.origin;
  context.addIssue({ code: 'custom', message: checked.problem });
  return z.NEVER;
});

/** An https address with path and query, under the same rules. */
export const WebhookUrl = z.string().transform((text, context): URL => {
  const checked = check(text, 'address');
  if ('origin' in checked) return new URL(text);
  context.addIssue({ code: 'custom', message: checked.problem });
  return z.NEVER;
});

/** {@link IssuerUrl} for a text outside a schema. Error: `bad-request`. */
export function issuerUrl(text: string): string {
  const checked = check(text);
  if ('origin' in checked) return checked.origin;
  throw new KeyturnError('bad-request', `The address of the issuer ${checked.problem}.`);
}

/** Holds a host against the operator's list; an empty list allows every host. Error: `admin-malformed`. */
export function assertHostAllowed(host: string, allowed: readonly string[]): void {
  if (allowed.length === 0 || allowed.includes(host)) return;
  throw new KeyturnError('admin-malformed', `The admin secret names the host ${host}, which is not among the hosts this installation may talk to: ${allowed.join(', ')}.`);
}
