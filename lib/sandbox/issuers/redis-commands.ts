/** What a simulated Redis answers to commands. Source, where none is named: Redis 7.0.15, asked. */
import type { AclUsers, HeldPassword } from './redis-users.ts';

/** A reply, as the transport hands it on. */
export type Reply = string | null | readonly Reply[] | { readonly error: string };

export const WRONG_PASSWORD = 'WRONGPASS invalid username-password pair or user is disabled.';

/** The server, as far as commands go. */
export interface Server {
  readonly users: AclUsers;
  readonly hasAclFile: boolean;
  readonly isAdmin: (user: string) => boolean;
  readonly isThere: (user: string) => boolean;
  readonly isListed: (one: HeldPassword) => boolean;
}

/** The reply to one command of a user. */
export function replyTo(command: readonly string[], user: string, server: Server): Reply {
  const [name = '', sub = '', ...rest] = command.map((part, at) => (at < 2 ? part.toLowerCase() : part));
  if (name === 'ping') return 'PONG';
  if (name !== 'acl' && name !== 'config')
    return { error: `ERR unknown command '${command[0]}', with args beginning with: ` };
  if (!server.isAdmin(user))
    return { error: `NOPERM this user has no permissions to run the '${name}|${sub}' command` };
  if (name === 'config')
    return sub === 'get' && rest[0] === 'aclfile'
      ? ['aclfile', server.hasAclFile ? '/data/users.acl' : '']
      : [];
  return aclReply(sub, rest, server);
}

function aclReply(sub: string, [user = '', rule = '']: readonly string[], server: Server): Reply {
  if (sub === 'getuser') return server.isThere(user) ? userReply(user, server) : null;
  if (sub === 'setuser') return changed(user, rule, server);
  if (sub === 'save') return saved(server);
  return { error: `ERR unknown subcommand '${sub}'. Try ACL HELP.` };
}

function userReply(user: string, { users, isListed }: Server): Reply {
  const { isOn, isOpen } = users.account(user);
  const hashes = users.present(user).filter(isListed);
  return [
    'flags',
    [isOn ? 'on' : 'off', ...(isOpen ? ['nopass'] : [])],
    'passwords',
    hashes.map(({ hash }) => hash),
    'commands',
    '-@all +ping',
    'keys',
    '~*',
    'channels',
    '',
    'selectors',
    [],
  ];
}

function changed(user: string, rule: string, { users }: Server): Reply {
  const hash = rule.slice(1);
  if (!/^[#!][0-9a-f]{64}$/.test(rule))
    return {
      error:
        `ERR Error in ACL SETUSER modifier '${rule}': The password hash must be exactly 64 characters and ` +
        'contain only lowercase hexadecimal characters',
    };
  if (rule.startsWith('#')) users.add(user, hash);
  else if (!users.remove(user, hash))
    return {
      error:
        `ERR Error in ACL SETUSER modifier '${rule}': The password you are trying to remove from the user ` +
        'does not exist',
    };
  return 'OK';
}

function saved({ users, hasAclFile }: Server): Reply {
  if (!hasAclFile)
    return {
      error:
        'ERR This Redis instance is not configured to use an ACL file. You may want to specify users via ' +
        'the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration ' +
        'file set) in order to store users in the Redis configuration.',
    };
  users.save();
  return 'OK';
}
