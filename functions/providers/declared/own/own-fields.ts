import * as z from 'zod';
import type { At } from '../calls.ts';
import { fieldSchema, type Field, type FieldValue } from './grant-form.ts';
import type { Fillings } from './placeholders.ts';
import type { OwnAdmin } from './sends.ts';
import type { OwnIssuer } from './shape.ts';

/** Fields of a grant by their names. */
export type OwnFields = Readonly<Record<string, FieldValue>>;

/** What a call of such an issuer is about. */
export type OwnAt = At<OwnAdmin, OwnFields, OwnFields>;
/** How fields are read. */
export function schemaOf(fields: Readonly<Record<string, Field>>): z.ZodType<OwnFields> {
  return z.strictObject(
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldSchema(field)])),
  );
}

/** What the placeholders of some fields stand for. */
export function prefixed(prefix: string, fields: OwnFields): Fillings {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${prefix}.${name}`, value]));
}

/** In a former account the place is that one, and the grant the one of today. */
export function fillingsAt({ account, grant }: OwnIssuer, { place, grant: granted }: OwnAt): Fillings {
  return {
    ...prefixed('account', only(place, account.fields)),
    ...prefixed('grant', only(granted, grant)),
  };
}

/** Those values that these fields name. */
export function only(values: OwnFields, fields: Readonly<Record<string, Field>>): OwnFields {
  return Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(fields, name)));
}
