/**
 * Who did something, in words that people know: a person by the name of the session, a role, an AWS service,
 * or Keyturn.
 *
 * The record keeps what AWS tells. For a role that is `<role id>:<session>`, for an IAM user its id, for the
 * account root the account (Amazon SQS API reference, "ReceiveMessage", SenderId; IAM user guide, "Unique
 * identifiers"); in events it is an ARN.
 */
export function actorText(by: string): string {
  const role = /^AROA\w*:(.+)$/.exec(by)?.[1];
  if (role !== undefined) return sessionText(role);
  const session = /^arn:[^:]+:sts::\d+:assumed-role\/(?:[^:]*\/)?([^/:]+)\/([^/]+)$/.exec(by);
  if (session) return isOfKeyturn(session[1] ?? '') ? 'Keyturn' : `role ${session[1]}, session ${session[2]}`;
  const principal = /^arn:[^:]+:iam::\d+:(user|role)\/(?:.*\/)?([^/]+)$/.exec(by);
  if (principal) return `${principal[1] === 'user' ? 'user' : 'role'} ${principal[2]}`;
  if (/^AIDA\w+$/.test(by)) return `IAM user with the id ${by}`;
  if (/^\d{12}$/.test(by)) return `root of the account ${by}`;
  return NAMES.get(by) ?? by;
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ['keyturn', 'Keyturn'],
  ['policy', 'Keyturn, by its policy'],
  ['secretsmanager', 'Secrets Manager'],
]);

/**
 * Lambda names the session of a function's role like the function (Lambda developer guide, "Execution role").
 */
function sessionText(session: string): string {
  if (isOfKeyturn(session)) return 'Keyturn';
  return session.includes('@') ? session : `session ${session}`;
}

function isOfKeyturn(name: string): boolean {
  return name.startsWith('keyturn-');
}

/** A sentence with who is named in it as AWS tells it, in the words of {@link actorText}. */
export function withActors(sentence: string): string {
  return sentence.replaceAll(/\bAROA\w+:[\w+=,.@-]+|\bAIDA[A-Z0-9]+\b/g, (id) => actorText(id));
}
