import type { ObjectNode } from '@humanwhocodes/momoa';
import { valueOf } from '../issuer/identity.ts';
import { Secret } from '../basics/secret.ts';
import { STAMP_FIELD } from '../policy/value-notation.ts';
import { leafIn, parentIn, spanIn } from './locate-value.ts';
import type { Payload, Stamp } from './secret-text.ts';
import { memberOf, objectIn, spanInString, spanOf, spliced, type Edit } from './spans.ts';

/** What was made: the credential, its companions, and what Keyturn notes of it. */
export interface Made {
  readonly value: Secret;
  readonly fields?: Readonly<Record<string, string>>;
  readonly stamp: Stamp;
}

/** Whether the next version can carry a stamp: only JSON can. */
export function carriesStamp({ form, place }: Payload): boolean {
  return form === 'json' || (form === 'empty' && (place.isNamed || place.format === undefined));
}

/**
 * The text of the next version: the same text, in which the value, its companions and the stamp are new ones.
 * All other characters stay as they are. Companions stand in the object of the value, right behind it when
 * they are new; the stamp stands last in the outermost object, unless there is one already.
 */
export function nextText(previous: Payload, made: Made): Secret {
  const text = previous.text.reveal();
  const inner = valueOf(text);
  const start = text.indexOf(inner);
  return new Secret(
    text.slice(0, inner === '' ? 0 : start) +
      nextInner(previous, inner, made) +
      text.slice(inner === '' ? text.length : start + inner.length),
  );
}

function nextInner(previous: Payload, inner: string, made: Made): string {
  const value = made.value.reveal();
  if (!carriesStamp(previous)) {
    const span = previous.form === 'plain' ? spanIn(inner, previous.place, false) : undefined;
    return span ? spliced(inner, [{ ...span, text: value }]) : formatted(previous, value);
  }
  const root = inner.startsWith('{') ? objectIn(inner) : undefined;
  const node = root && leafIn(root, previous.place.path);
  if (!root || !node) return JSON.stringify(newObject(previous, made));
  const span = spanIn(node.value, previous.place, true);
  const whole = { start: 0, end: node.value.length };
  const edit: Edit = {
    ...spanInString(inner, node, span ?? whole),
    text: jsonText(span ? value : formatted(previous, value)),
  };
  return spliced(inner, [
    edit,
    ...companionEdits(inner, parentIn(root, previous.place.path), {
      after: previous.place.path.at(-1) ?? '',
      fields: made.fields ?? {},
    }),
    stampEdit(inner, root, made.stamp),
  ]);
}

function formatted({ place }: Payload, value: string): string {
  return place.format ? place.format.before + value + place.format.after : value;
}

/** What stands between the quotes of a JSON string. */
function jsonText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** For a secret without anything in it. */
function newObject(previous: Payload, made: Made): object {
  const [last = '', ...outer] = previous.place.path.toReversed();
  const innermost: Record<string, unknown> = {
    ...fieldOf(last, formatted(previous, made.value.reveal())),
    ...made.fields,
  };
  return { ...outer.reduce((object, name) => fieldOf(name, object), innermost), [STAMP_FIELD]: made.stamp };
}

/** An own field whatever its name, `__proto__` too. */
function fieldOf(name: string, value: unknown): Record<string, unknown> {
  return Object.fromEntries([[name, value]]);
}

function companionEdits(
  text: string,
  parent: ObjectNode,
  { after, fields }: { after: string; fields: Readonly<Record<string, string>> },
): Edit[] {
  return Object.entries(fields).flatMap(([name, value]): Edit[] => {
    const node = memberOf(parent, name)?.value;
    if (!node) return [newMember(text, parent, { after, name, value })];
    return node.type === 'String' && node.value === value
      ? []
      : [{ ...spanOf(node), text: JSON.stringify(value) }];
  });
}

function stampEdit(text: string, root: ObjectNode, stamp: Stamp): Edit {
  const known = memberOf(root, STAMP_FIELD);
  return known
    ? { ...spanOf(known.value), text: JSON.stringify(stamp) }
    : newMember(text, root, { name: STAMP_FIELD, value: stamp });
}

/** Behind the member `after`, or behind the last one, with the same white space before it. */
function newMember(
  text: string,
  object: ObjectNode,
  made: { readonly after?: string; readonly name: string; readonly value: unknown },
): Edit {
  const behind =
    (made.after === undefined ? undefined : memberOf(object, made.after)) ?? object.members.at(-1);
  const { start, end } = spanOf(behind ?? object);
  const before = text.slice(0, start);
  const space = before.slice(before.trimEnd().length);
  return { start: end, end, text: `,${space}${JSON.stringify(made.name)}:${JSON.stringify(made.value)}` };
}
