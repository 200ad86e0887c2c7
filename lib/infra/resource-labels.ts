// The names that people find the resources of a template by.
import * as z from 'zod';
import type { Resources } from './deployed-text.ts';

const Attribute = z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) });
const Joined = z.strictObject({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });
/** What a `Ref` names. */
export const Referred = z.strictObject({ Ref: z.string() }).transform(({ Ref }) => Ref);

/** The physical name of a resource, or its logical id where the template gives no name. */
export function named(id: string, all: Resources): string {
  const properties = all[id]?.Properties ?? {};
  const key = ['FunctionName', 'QueueName', 'TopicName', 'ManagedPolicyName', 'Name'].find(
    (one) => properties[one] !== undefined,
  );
  return key === undefined ? id : shown(properties[key]);
}

/** A name as people read it: what AWS fills in stands in angle brackets. */
function shown(name: unknown): string {
  if (typeof name === 'string') return name;
  const joined = Joined.safeParse(name).data?.['Fn::Join'];
  if (joined) return joined[1].map(shown).join(joined[0]);
  return `<${Referred.safeParse(name).data?.split('::').at(-1) ?? 'unknown'}>`;
}

/** The name of the function that a role is for: people know the role by it. */
export function functionOf(role: string, all: Resources): string | undefined {
  const [found] = Object.entries(all).filter(
    ([, { Type, Properties }]) =>
      Type === 'AWS::Lambda::Function' &&
      Attribute.safeParse(Properties['Role']).data?.['Fn::GetAtt'][0] === role,
  );
  return found && named(found[0], all);
}
