import type { Identity } from './trail-event.ts';

/** Where detection is at home: whose secrets it watches, and which roles are Keyturn's own. */
export interface Home {
  readonly account: string;
  readonly region: string;
  /** The IAM path of the roles that read secrets for Keyturn, with slashes at both ends. */
  readonly rolePath: string;
}

/** Who called, by a name that stays the same over sessions. */
export interface Caller {
  /**
   * `role/app/web`, `lambda/report`, `user/anna`, `sso/Admin/anna@example.com`, `root`,
   * `aws/ecs.amazonaws.com`; a person behind another role after a colon, which no name of a role has, as in
   * `role/app/admin:anna`. Of another account with its number before, as in `444455556666:role/x`.
   */
  readonly principal: string;
  /** The role or user behind it, as `role/app/web`, where a session of one called. */
  readonly role: string | undefined;
  readonly isForeign: boolean;
  /** The root user of an account, or a session that it made. */
  readonly isRoot: boolean;
  /**
   * Keyturn's own functions, known by the path of their roles. Whoever may make roles under that path may
   * pass for them.
   */
  readonly isOwn: boolean;
}

const LONGEST = 240;
const LAMBDA = /^arn:[a-z-]+:lambda:([a-z0-9-]+):\d{12}:function:([\w-]+)/;
const IAM = /^arn:[a-z-]+:(?:iam|sts)::(\d{12}):(.+)$/;
/**
 * The role of a permission set. Only IAM Identity Center makes roles under this path. Source: AWS IAM
 * Identity Center User Guide, "Referencing permission sets in resource policies".
 */
const PERMISSION_SET =
  /^role\/aws-reserved\/sso\.amazonaws\.com\/(?:[a-z0-9-]+\/)?AWSReservedSSO_(.+)_[0-9a-f]+$/;

/** Who is behind the identity of an event. Source: AWS CloudTrail User Guide, "userIdentity element". */
export function callerOf(identity: Identity, home: Home): Caller {
  const account = identity.accountId ?? accountIn(identity.arn) ?? accountIn(issuerOf(identity)) ?? '';
  const isForeign = account !== '' && account !== home.account;
  const prefix = isForeign ? `${account}:` : '';
  const issued = pathOf(issuerOf(identity));
  const isOwn =
    !isForeign &&
    accountIn(issuerOf(identity)) === home.account &&
    issued?.startsWith(`role${home.rolePath}`) === true;
  const principal = plain(prefix + nameOf(identity, issued, home));
  return {
    principal,
    role: issued === undefined ? undefined : plain(prefix + issued),
    isForeign,
    isRoot: isRoot(identity, issued),
    isOwn,
  };
}

/** Names hold nothing else; what a caller could choose beyond that is left out. */
function plain(name: string): string {
  return name.replaceAll(/[^\w+=,.@:/-]/g, '_').slice(0, LONGEST);
}

function isRoot(identity: Identity, issued: string | undefined): boolean {
  return (
    identity.type === 'Root' ||
    identity.sessionContext?.sessionIssuer?.type === 'Root' ||
    issued === 'root' ||
    pathOf(identity.arn) === 'root'
  );
}

function nameOf(identity: Identity, issued: string | undefined, home: Home): string {
  const lambda = functionOf(identity, home);
  if (lambda !== undefined) return lambda;
  const [kind, first = '', ...session] = (pathOf(identity.arn) ?? '').split('/');
  if (kind === 'assumed-role') return sessionName(identity, issued ?? `role/${first}`, session.join('/'));
  // Whoever may call GetFederationToken chooses the name, so the user who did stands before it.
  if (kind === 'federated-user') return `${issued ?? kind}:${first}`;
  if (issued !== undefined) return sessionName(identity, issued, sessionIn(identity.principalId));
  if (first !== '' || kind === 'root')
    return [kind, first, ...session].filter((part) => part !== '').join('/');
  return unnamed(identity);
}

/**
 * A function by its name, which keeps it apart from others that share its role; one of another Region with
 * that Region.
 */
function functionOf({ inScopeOf }: Identity, home: Home): string | undefined {
  if (
    inScopeOf?.issuerType !== undefined &&
    inScopeOf.issuerType !== null &&
    inScopeOf.issuerType !== 'AWS::Lambda::Function'
  )
    return undefined;
  const found = LAMBDA.exec(inScopeOf?.credentialsIssuedTo ?? '');
  if (!found) return undefined;
  return found[1] === home.region ? `lambda/${found[2]}` : `lambda/${found[1]}/${found[2]}`;
}

/**
 * A session of a role: its name is another each time, but where people share a role, each of them is one of
 * their own.
 */
function sessionName(identity: Identity, role: string, session: string): string {
  const set = PERMISSION_SET.exec(role)?.[1];
  const userId = identity.onBehalfOf?.userId;
  if (set !== undefined) return ['sso', set, session, userId].filter((part) => part).join('/');
  return [role, identity.sessionContext?.sourceIdentity, userId].filter((part) => part).join(':');
}

/**
 * The owner's copy of a call from another account may name its principal by id only; some types have neither
 * ARN nor id.
 */
function unnamed({ type, principalId, userName, identityProvider, invokedBy, onBehalfOf }: Identity): string {
  if (type === 'Root') return 'root';
  if (invokedBy) return `aws/${invokedBy}`;
  if (onBehalfOf?.userId) return `sso/${onBehalfOf.userId}`;
  if (identityProvider)
    return [type === 'SAMLUser' ? 'saml' : 'web', identityProvider, userName ?? principalId]
      .filter((part) => part)
      .join('/');
  if (type === 'WebIdentityUser' || type === 'SAMLUser') return principalId || userName || type;
  if (type === 'IAMUser' && userName) return `user/${userName}`;
  return principalId?.split(':')[0] || type || 'unknown';
}

function issuerOf(identity: Identity): string | undefined {
  return identity.sessionContext?.sessionIssuer?.arn ?? undefined;
}

/** The name of a session stands after the colon of its id. */
function sessionIn(principalId: string | null | undefined): string {
  return principalId?.split(':').slice(1).join(':') ?? '';
}

function accountIn(arn: string | null | undefined): string | undefined {
  return IAM.exec(arn ?? '')?.[1];
}

function pathOf(arn: string | null | undefined): string | undefined {
  return IAM.exec(arn ?? '')?.[2];
}
