import { BlockList, isIP } from 'node:net';
import * as z from 'zod';
import { KeyturnError } from '../core/basics/errors.ts';

/**
 * Addresses at which this machine, or its cloud, answers for itself: a request there could hand out or take
 * in credentials.
 */
const FORBIDDEN = new BlockList();
FORBIDDEN.addSubnet('0.0.0.0', 8, 'ipv4');
FORBIDDEN.addSubnet('127.0.0.0', 8, 'ipv4');
FORBIDDEN.addSubnet('169.254.0.0', 16, 'ipv4');
FORBIDDEN.addAddress('::', 'ipv6');
FORBIDDEN.addAddress('::1', 'ipv6');
FORBIDDEN.addSubnet('fe80::', 10, 'ipv6');
// Amazon's own services to an instance: metadata, DNS, time, pod identity. Source: Amazon EC2 User Guide,
// "Instance metadata".
FORBIDDEN.addSubnet('fd00:ec2::', 32, 'ipv6');

const FORBIDDEN_NAMES =
  /^(localhost|.*\.localhost|metadata|metadata\.google\.internal|instance-data(\.ec2\.internal)?)$/;

type Checked = { readonly origin: string; readonly basePath: string } | { readonly problem: string };

/** Plain names between slashes; nothing that a parser would fold or decode. */
const BASE_PATH = /^(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*\/?$/;

/** The text itself is in no sentence: a person may have pasted a credential into the wrong field. */
function check(text: string, part: 'origin' | 'root' | 'address' = 'origin'): Checked {
  if (!URL.canParse(text)) return { problem: 'is not an address like https://gitlab.example.com' };
  const url = new URL(text);
  if (url.protocol !== 'https:') return { problem: 'must start with https://' };
  if (url.username !== '' || url.password !== '')
    return { problem: 'must not hold a user or a password: put the credential into its own field' };
  if (part === 'origin' && (url.pathname !== '/' || /[?#]/.test(text)))
    return { problem: 'must end after the host: leave out path, query and fragment' };
  if (
    part === 'root' &&
    (/[?#\\%]/.test(text) || !BASE_PATH.test(url.pathname) || /\/\.{1,2}(\/|$)/.test(text))
  )
    return {
      problem:
        'must end after the path at which the issuer lies, as in https://git.example.com/gitlab: leave ' +
        'out query and fragment',
    };
  if (text.includes('#')) return { problem: 'must have no fragment' };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host.endsWith('.')) return { problem: 'must name the host without a dot at its end' };
  if (isForbidden(host))
    return {
      problem:
        'names this machine, a link-local address or a metadata service: name the issuer by its public ' +
        'or private host name',
    };
  return { origin: url.origin, basePath: url.pathname.replace(/\/$/, '') };
}

function isForbidden(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return FORBIDDEN_NAMES.test(host);
  return FORBIDDEN.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

/**
 * The https origin of an issuer as an admin secret states it. A host name that resolves to a forbidden
 * address passes: whoever writes the admin secret holds the credential anyway, and the operator's list of
 * hosts is there for more.
 */
export const IssuerUrl = z.string().transform((text, context): string => {
  const checked = check(text);
  if ('origin' in checked) return checked.origin;
  context.addIssue({ code: 'custom', message: checked.problem });
  return z.NEVER;
});

/**
 * The https address of an issuer's root: an origin, and the path below which it lies, if any, without a slash
 * at its end. A path that ends in `api` is refused when the issuer has it from the root (`apiPath`, such as
 * `/api/v4`): it would stand there twice.
 */
export function issuerRoot(apiPath?: string) {
  return z.string().transform((text, context): string => {
    const checked = check(text, 'root');
    const isTwice = 'basePath' in checked && apiPath !== undefined && checked.basePath.endsWith(apiPath);
    if ('origin' in checked && !isTwice) return checked.origin + checked.basePath;
    context.addIssue({
      code: 'custom',
      message:
        'problem' in checked ? checked.problem : `must end before ${apiPath}, which Keyturn adds itself`,
    });
    return z.NEVER;
  });
}

/** An https address with path and query, under the same rules. */
export const WebhookUrl = z.string().transform((text, context): URL => {
  const checked = check(text, 'address');
  if ('origin' in checked) return new URL(text);
  context.addIssue({ code: 'custom', message: checked.problem });
  return z.NEVER;
});

/**
 * Redis over TLS, as `rediss://redis.example.com:6379` (IANA, "Uniform Resource Identifier (URI) Schemes"),
 * under the same rules; Redis without TLS is refused. Gives the https origin of the same host and port, since
 * URLs of other schemes have none.
 */
export const RedissUrl = z.string().transform((text, context): string => {
  const [, rest] = /^rediss:\/\/(.*)$/is.exec(text) ?? [];
  const checked = rest === undefined ? { problem: 'must start with rediss://' } : check(withPort(rest));
  if ('origin' in checked) return checked.origin;
  const message = checked.problem.replace(/https:.*$/, 'rediss://redis.example.com:6379');
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** With the port of Redis where none is named. Source: redis.io, "Redis configuration", port. */
function withPort(rest: string): string {
  const host = /^(?:[^/?#]*@)?(?:\[[^\]/?#]*\]|[^:/?#]+)/.exec(rest)?.[0] ?? '';
  const port = host === '' || rest[host.length] === ':' ? '' : ':6379';
  return `https://${host}${port}${rest.slice(host.length)}`;
}

/** {@link IssuerUrl} for a text outside a schema. Error: `bad-request`. */
export function issuerUrl(text: string): string {
  const checked = check(text);
  if ('origin' in checked) return checked.origin;
  throw new KeyturnError('bad-request', `The address of the issuer ${checked.problem}.`);
}

/** What makes a host one that credentials may be sent to; `unconfirmed` when nothing does. */
export type HostTrust = 'built-in' | 'allowed' | 'confirmed' | 'unconfirmed';

/** What an issuer's descriptor says of its hosts. */
interface HostsOf {
  readonly hosts?: readonly string[];
  readonly own?: true;
}

/**
 * Who vouches for a host: the vendor itself (`hosts` of the descriptor), the operator's settings, or an
 * operator's confirmation of this host. The admin secret vouches for nothing: whoever may write it could name
 * any. For an issuer that a user declares only the settings
 * vouch. Host names and ports are compared whole.
 */
export function hostTrust(
  host: string,
  { hosts = [], own }: HostsOf,
  allowedHosts: readonly string[],
  confirmed: readonly string[],
): HostTrust {
  if (own) return allowedHosts.includes(host) ? 'allowed' : 'unconfirmed';
  if (hosts.some((pattern) => isVendorHost(host, pattern))) return 'built-in';
  if (allowedHosts.includes(host)) return 'allowed';
  return confirmed.includes(host) ? 'confirmed' : 'unconfirmed';
}

/** `*.okta.com` fits any name below it, never itself; no pattern fits a host with a port. */
function isVendorHost(host: string, pattern: string): boolean {
  if (!pattern.startsWith('*.')) return host === pattern;
  const start = host.endsWith(pattern.slice(1)) ? host.slice(0, 1 - pattern.length) : '';
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(start) && !start.includes('..');
}

/**
 * Why nothing is sent to a host, in one sentence with the command that changes it. With hosts of the
 * operator's own list the vendor's are none of this installation's: then that list, and what was confirmed,
 * is all.
 */
export function hostObjection(
  host: string,
  issuer: HostsOf & { readonly id: string },
  allowed: readonly string[],
  confirmed: readonly string[],
): string | undefined {
  const { own } = issuer;
  const facts = allowed.length === 0 || own ? issuer : {};
  if (hostTrust(host, facts, allowed, confirmed) !== 'unconfirmed') return undefined;
  if (own)
    return (
      `The admin secret of ${issuer.id} names the host ${host}, which the settings do not name: nothing is ` +
      `sent there. If it is your issuer, add it to issuers.${issuer.id}.allowedHosts and deploy; if not, a ` +
      'person who may write that secret tries to get the values.'
    );
  return (
    `The admin secret of ${issuer.id} names the host ${host}, which is not confirmed: nothing is sent ` +
    `there. If it is your issuer, run \`keyturn confirm-host ${issuer.id} ${host}\`; If not, a person ` +
    'who may write that secret tries to get the values.'
  );
}

/** Holds a host against the operator's list; an empty list allows every host. Error: `admin-invalid`. */
export function assertHostAllowed(host: string, allowed: readonly string[]): void {
  if (allowed.length === 0 || allowed.includes(host)) return;
  throw new KeyturnError(
    'admin-invalid',
    `The admin secret names the host ${host}, which is not among the hosts this installation may talk ` +
      `to: ${allowed.join(', ')}.`,
  );
}
