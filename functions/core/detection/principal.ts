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
  /** `role/app/web`, `lambda/report`, `user/anna`, `root`, `aws/ecs.amazonaws.com`; of another account with its number before, as in `444455556666:role/x`. */
  readonly principal: string;
  /** The role behind it, as `role/app/web`, where a session of one called. */
  readonly role: string | undefined;
  readonly isForeign: boolean;
  /** Keyturn's own functions, known by the path of their roles. Whoever may make roles under that path may pass for them. */
  readonly isOwn: boolean;
}

const LONGEST = 200;
const LAMBDA = /^arn:[a-z-]+:lambda:[a-z0-9-]+:(\d{12}):function:([\w-]+)/;
const IAM = /^arn:[a-z-]+:(?:iam|sts)::(\d{12}):(.+)$/;

/** Who is behind the identity of an event. Source: AWS CloudTrail User Guide, "userIdentity element". */
export function callerOf(identity: Identity, home: Home): Caller {
  const account = identity.accountId ?? accountIn(identity.arn) ?? '';
  const isForeign = account !== '' && account !== home.account;
  const issuer = identity.sessionContext?.sessionIssuer?.arn ?? undefined;
  const name = plain(nameOf(identity, issuer));
  const isOwn = !isForeign && issuer !== undefined && pathIn(issuer, home.account).startsWith(`role${home.rolePath}`);
  const prefix = isForeign ? `${account}:` : '';
  const issued = IAM.exec(issuer ?? '')?.[2];
  return { principal: prefix + name, role: issued === undefined ? undefined : (prefix + plain(issued)), isForeign, isOwn };
}

/** Names hold nothing else; what a caller could choose beyond that is left out. */
function plain(name: string): string {
  return name.replaceAll(/[^\w+=,.@:/-]/g, '_').slice(0, LONGEST);
}

function nameOf(identity: Identity, issuer: string | undefined): string {
  const lambda = LAMBDA.exec(identity.inScopeOf?.sourceArn ?? '');
  if (lambda) return `lambda/${lambda[2]}`;
  const issued = issuer === undefined ? undefined : IAM.exec(issuer)?.[2];
  if (issued !== undefined) return issued;
  const named = IAM.exec(identity.arn ?? '')?.[2];
  if (named !== undefined) return withoutSession(named);
  if (identity.invokedBy) return `aws/${identity.invokedBy}`;
  // The owner's copy of a call from another account may name its principal by id only; a session's name stands after the colon.
  return identity.principalId?.split(':')[0] || identity.type || 'unknown';
}

/** `assumed-role/ROLE/SESSION` and `federated-user/NAME`: the session is another each time. */
function withoutSession(path: string): string {
  const [kind, role] = path.split('/');
  return kind === 'assumed-role' ? `role/${role ?? ''}` : path;
}

function accountIn(arn: string | null | undefined): string | undefined {
  return IAM.exec(arn ?? '')?.[1];
}

function pathIn(arn: string, account: string): string {
  const found = IAM.exec(arn);
  return found?.[1] === account ? (found[2] ?? '') : '';
}
