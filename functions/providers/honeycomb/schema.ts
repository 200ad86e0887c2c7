import * as z from 'zod';
import { Secret } from '../../core/basics/secret.ts';
import { IsoInstant, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({
  team: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be the slug of a team'),
  keyId: z.string().regex(/^hc[a-z]mk_[a-z0-9]{20,40}$/, 'must be the id of a management key'),
  token: AdminSecret,
});

export const Environment = z.strictObject({
  environment: z.string().regex(/^hc[a-z]en_[a-z0-9]{20,40}$/, 'must be the id of an environment'),
});

export const Grant = z.strictObject({
  /** Whether the key may create the dataset that an event names. */
  createDatasets: z.boolean(),
});

const Key = z.object({
  id: z.string().min(1),
  type: z.literal('api-keys'),
  attributes: z.object({
    name: z.string(),
    key_type: z.literal('ingest'),
    disabled: z.boolean(),
    timestamps: z.object({ created: IsoInstant }),
  }),
  relationships: z.object({
    environment: z.object({ data: z.object({ id: z.string(), type: z.literal('environments') }) }),
  }),
});

const Entry = Key.transform(({ id, attributes, relationships }) => ({
  id,
  name: attributes.name,
  state: attributes.disabled ? ('disabled' as const) : ('active' as const),
  createdAt: attributes.timestamps.created,
  owner: relationships.environment.data.id,
}));

/** The id is the first part of the value. */
export const MadeKey = z
  .object({
    data: z.object({
      id: z.string().min(1),
      attributes: z.object({ secret: Value }).catch({ secret: undefined }),
    }),
  })
  .transform(({ data: { id, attributes } }) => ({
    id,
    value: attributes.secret && new Secret(id + attributes.secret.reveal()),
  }));

export const NewEntry = z.object({ data: Entry }).transform(({ data }) => data);

/** What a new key may do beside sending events. */
export const MadeRights = z
  .object({
    data: z.object({
      attributes: z.object({ permissions: z.object({ create_datasets: z.boolean().default(false) }) }),
    }),
  })
  .transform(({ data }) => data.attributes.permissions.create_datasets);

const Page = z.object({ data: z.array(Entry), links: z.object({ next: z.string().nullish() }) });
export const KeyPage = Page.transform(({ data }) => data);
export const NextPage = Page.transform(({ links }) => links.next);

/** What Honeycomb says of the key that asks: an ingest key may send events, and its team is named. */
export const Self = z.object({
  api_key_access: z.object({ events: z.literal(true) }),
  environment: z.object({ slug: z.string() }),
  team: z.object({ slug: z.string() }),
});

/** Newer answers name the region too. */
export const Unknown = z.object({
  error: z.enum([
    'unknown API key - check your credentials',
    'unknown API key - check your credentials, region, and API URL',
  ]),
});

/** The management key that asks. */
export const Manager = z.object({
  data: z.object({
    id: z.string(),
    type: z.literal('api-keys'),
    attributes: z.object({ key_type: z.literal('management'), disabled: z.literal(false) }),
  }),
});

export const ManagerRefused = z.object({
  errors: z.tuple([
    z.object({ code: z.literal('unauthenticated/invalid-key'), title: z.literal('invalid API key') }),
  ]),
});
