import { ERROR_RULES } from '../../../functions/core/basics/error-rules.ts';
import { InstallationRecord } from '../../../functions/core/inventory/installation.ts';
import {
  CANARY_DETAIL_TYPE,
  DELIVERY_DETAIL_TYPE,
  DETAIL_TYPES,
  EVENT_SOURCE,
  Fact,
  HEALTH_SIGNAL,
} from '../../../functions/core/findings/events.ts';
import { FINDING_RULES } from '../../../functions/core/findings/finding-rules.ts';
import {
  CANARY_LABEL,
  DELIVERY_LABEL,
  SUBMITTED_LABEL,
  adminPrefixOf,
  deliverySecretOf,
  pinOf,
  setAsideOf,
} from '../../../functions/core/basics/names.ts';
import { READER } from '../../../functions/core/basics/record.ts';
import { CONSUMER_TAG, TAGS } from '../../../functions/core/policy/tags.ts';
import { Token } from '../../../functions/core/token/token.ts';
import { EXIT } from '../../cli/command-line/exit.ts';
import { commandEntries } from './commands.ts';
import type { InterfaceList } from './compare.ts';
import { membersOf } from './schema-members.ts';
import { templateInterface } from './template.ts';

/** Everything that counts as an interface (CONTRIBUTING.md says why), entries in the order of their names. */
export function interfaceList(): InterfaceList {
  const { stateful, names } = templateInterface();
  const parts: InterfaceList = {
    'stateful resources, by logical id': stateful,
    'physical names': names,
    'tags of secrets': tagEntries(),
    'names in Secrets Manager': secretNames(),
    findings: Object.fromEntries(Object.entries(FINDING_RULES).map(([kind, rule]) => [kind, rule.runbook])),
    errors: Object.fromEntries(Object.keys(ERROR_RULES).map((code) => [code, 'error'])),
    events: eventEntries(),
    'events, their details': membersOf(Fact),
    commands: commandEntries(),
    'exit codes': Object.fromEntries(
      Object.entries(EXIT).map(([meaning, status]) => [meaning, String(status)]),
    ),
    'record of a token': { ...membersOf(Token), minReader: String(READER) },
    'record of an installation': membersOf(InstallationRecord),
  };
  return Object.fromEntries(Object.entries(parts).map(([part, entries]) => [part, inOrder(entries)]));
}

function tagEntries(): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(TAGS).map(([field, tag]) => [tag, field])),
    [CONSUMER_TAG]: 'consumers',
  };
}

/** Names of secrets and staging labels that stand in the account, with what varies in angle brackets. */
function secretNames(): Record<string, string> {
  return {
    [adminPrefixOf('<issuer>')]: 'admin secret',
    [deliverySecretOf('<kind>')]: 'delivery secret',
    [CANARY_LABEL]: 'staging label',
    [DELIVERY_LABEL]: 'staging label',
    [SUBMITTED_LABEL]: 'staging label',
    [pinOf('<version>')]: 'staging label',
    [setAsideOf('<version>')]: 'staging label',
  };
}

function eventEntries(): Record<string, string> {
  const types = [...Object.values(DETAIL_TYPES), CANARY_DETAIL_TYPE, DELIVERY_DETAIL_TYPE];
  return {
    ...Object.fromEntries(types.map((type) => [type, `from ${EVENT_SOURCE}`])),
    [HEALTH_SIGNAL]: 'from others',
  };
}

function inOrder(entries: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
