import type { ProviderDescriptor } from '../../functions/core/issuer/provider-descriptor.ts';
import { isUsual } from '../usual-issuers.ts';

/** What the engine goes by at an issuer. Two of one class differ in their answers alone. */
export function classOf({ slots, value, found, check, disables }: ProviderDescriptor): string {
  return [slotsText(slots), value, found, check, disables === true ? 'disables' : 'revokes'].join(' / ');
}

function slotsText(slots: ProviderDescriptor['slots']): string {
  if ('names' in slots) return slots.names.length === 1 ? 'one named slot' : 'named slots';
  return typeof slots.count === 'number' ? 'so many slots' : `${slots.count} slots`;
}

/** One issuer of each class, by their ids: a usual one where there is one, or else the first. */
export function oneOfEach(descriptors: readonly ProviderDescriptor[]): readonly string[] {
  const classes = new Map<string, string>();
  for (const descriptor of [...descriptors.filter(({ id }) => isUsual(id)), ...descriptors])
    if (!classes.has(classOf(descriptor))) classes.set(classOf(descriptor), descriptor.id);
  return [...classes.values()];
}
