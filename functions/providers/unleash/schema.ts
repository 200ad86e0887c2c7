import * as z from 'zod';
import { IsoInstant, Value } from '../declared/forms.ts';
import { AdminSecret } from '../grants.ts';

export const Admin = z.strictObject({ token: AdminSecret });

const Name = (what: string) => z.string().regex(/^[\w~.-]{1,100}$/, `must be the id of ${what}`);
export const Place = z.strictObject({ project: Name('a project'), environment: Name('an environment') });
export const Grant = z.strictObject({ type: z.enum(['client', 'frontend']) });

/** One of several projects, or of all, belongs to no account. */
export const ownerOf = ({ project, environment }: z.infer<typeof Place>): string =>
  `${project}:${environment}`;

/** Unleash has no id beside the value: name and time of creation stand for it. */
const idOf = (name: string): string => encodeURIComponent(name);

/** One that is past its end is listed still: its end says it. */
const Entry = z
  .object({
    tokenName: z.string().min(1),
    type: z.string(),
    environment: z.string().nullish(),
    projects: z.array(z.string()),
    createdAt: IsoInstant,
    expiresAt: IsoInstant.nullish(),
    secret: Value,
  })
  .transform(({ tokenName, type, environment, projects, createdAt, expiresAt, secret }) => ({
    id: idOf(tokenName),
    state: 'active' as const,
    name: tokenName,
    createdAt,
    expiresAt: expiresAt ?? undefined,
    scopes: [type],
    owner: ownerOf({ project: projects.join(), environment: environment ?? '' }),
    value: secret,
  }));

export const MadeToken = z
  .object({ tokenName: z.string().min(1), secret: Value })
  .transform(({ tokenName, secret }) => ({ id: idOf(tokenName), value: secret }));

export const NewEntry = Entry;

export const TokenList = z.object({ tokens: z.array(Entry) }).transform(({ tokens }) => tokens);

/** Where a new token belongs, and whether its value is shown once alone. */
export const MadePlace = z.object({
  projects: z.array(z.string()),
  environment: z.string().nullish(),
  secure: z.boolean().nullish(),
});

/** What an SDK for servers is given, and what one for browsers. */
export const Features = z.object({ version: z.number(), features: z.array(z.unknown()) });
export const Toggles = z.object({ toggles: z.array(z.unknown()) });
