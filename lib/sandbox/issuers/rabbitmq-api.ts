/**
 * RabbitMQ's HTTP API as far as users go. Source of paths and fields: rabbitmq.com, "HTTP API Reference"; of
 * refusals and their words: RabbitMQ 3.10.8, asked. It takes no field that the reference does not name, which
 * the program would pass over.
 */
import { MODULE, type HeldPassword, type Users } from './rabbitmq-users.ts';

export interface Broker {
  readonly users: Users;
  /** Whether the list shows a user by now. */
  readonly isListed: (one: HeldPassword) => boolean;
  /** Whether all that belongs to a name was taken away. */
  readonly isGone: (name: string) => boolean;
}

/** The virtual hosts of this broker. */
const VHOSTS: readonly string[] = ['/', 'orders'];

export function bad(reason: unknown): Response {
  return Response.json({ error: 'bad_request', reason }, { status: 400 });
}

const notFound = (): Response =>
  Response.json({ error: 'Object Not Found', reason: 'Not Found' }, { status: 404 });
const notAllowed = (): Response => new Response(null, { status: 405 });
const done = (what: 'created' | 'changed'): Response =>
  new Response(null, { status: what === 'created' ? 201 : 204 });

/** Answers an administrator. */
export async function administer(request: Request, broker: Broker): Promise<Response> {
  const { pathname } = new URL(request.url);
  const [kind, ...names] = pathname
    .replace(/^\/api\//, '')
    .split('/')
    .map((part) => decodeURIComponent(part));
  const [first = '', second] = names;
  if (kind === 'users' && names.length === 0)
    return request.method === 'GET' ? Response.json(listed(broker)) : notAllowed();
  if (kind === 'users' && names.length === 1) return user(request, first, broker);
  if (kind === 'users' && second === 'permissions' && request.method === 'GET') return held(first, broker);
  if (kind === 'permissions' && second !== undefined)
    return request.method === 'PUT' ? permit(request, { vhost: first, name: second }, broker) : notAllowed();
  return notFound();
}

function listed({ users, isListed, isGone }: Broker): unknown[] {
  return users
    .present()
    .filter((one) => isListed(one) && !isGone(one.name))
    .map(shown);
}

function shown({ name, hash, tags }: HeldPassword): object {
  return { name, password_hash: hash, hashing_algorithm: MODULE, tags, limits: {} };
}

async function user(request: Request, name: string, { users, isGone }: Broker): Promise<Response> {
  const there = isGone(name) ? undefined : users.find(name);
  switch (request.method) {
    case 'GET':
      return there ? Response.json(shown(there)) : notFound();
    case 'DELETE':
      if (!there) return notFound();
      users.end(there);
      return new Response(null, { status: 204 });
    case 'PUT':
      return isGone(name) ? bad('vhost_or_user_not_found') : put(await request.text(), name, users);
    default:
      return notAllowed();
  }
}

function put(text: string, name: string, users: Users): Response {
  const wanted = jsonIn(text);
  if (wanted === undefined) return bad('not_json');
  const { password, password_hash: hash, hashing_algorithm: algorithm = MODULE, tags, ...others } = wanted;
  if (tags === undefined) return bad('tags_not_present');
  if (Object.keys(others).length > 0 || algorithm !== MODULE) return bad('field_not_documented');
  const list = typeof tags === 'string' ? tags.split(',').filter((tag) => tag !== '') : tags;
  if (!Array.isArray(list) || !list.every((tag) => typeof tag === 'string')) return bad('tags_not_strings');
  if (typeof hash === 'string')
    return isBase64(hash) ? done(users.put(name, hash, list)) : bad(['not_base64', hash]);
  if (typeof password === 'string') return done(users.putPassword(name, password, list));
  // Without a password a new user has an empty one, and one that is there loses its own: neither logs in.
  return done(users.find(name) ? users.put(name, '', list) : users.putPassword(name, '', list));
}

function isBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text;
}

function held(name: string, { users, isGone }: Broker): Response {
  const there = isGone(name) ? undefined : users.find(name);
  return there
    ? Response.json([...there.permissions].map(([vhost, may]) => ({ user: name, vhost, ...may })))
    : notFound();
}

async function permit(
  request: Request,
  { vhost, name }: { vhost: string; name: string },
  { users, isGone }: Broker,
): Promise<Response> {
  const wanted = jsonIn(await request.text());
  if (wanted === undefined) return bad('not_json');
  const { configure, write, read, ...others } = wanted;
  if (Object.keys(others).length > 0) return bad('field_not_documented');
  for (const [key, pattern] of Object.entries({ configure, write, read })) {
    if (typeof pattern !== 'string') return bad(`[{key_missing,${key}}]`);
    if (!isPattern(pattern)) return bad(['invalid_regexp', [], []]);
  }
  const there = isGone(name) ? undefined : users.find(name);
  if (!there || !VHOSTS.includes(vhost)) return bad('vhost_or_user_not_found');
  const what = there.permissions.has(vhost) ? 'changed' : 'created';
  there.permissions.set(vhost, {
    configure: String(configure),
    write: String(write),
    read: String(read),
  });
  return done(what);
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

function jsonIn(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : undefined;
  } catch {
    return undefined;
  }
}
