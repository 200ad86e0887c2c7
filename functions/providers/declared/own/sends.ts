// Requests of a form as the declaration sends them.
import { Secret } from '../../../core/basics/secret.ts';
import type { HttpRequest } from '../../request.ts';
import { type Headers } from '../calls.ts';
import { asBearer, asHeader, asPair, asUser, asWord } from '../forms.ts';
import type { AdminAuth, BodyForm, ValueAuth } from './call-form.ts';
import { filledJson, filledTexts, type Fillings } from './placeholders.ts';

/** The fields of an admin secret that hold its credential. */
export type OwnAdmin = Readonly<Record<string, Secret>>;

/** A body with its placeholders filled. */
export function filledBody(body: BodyForm, fillings: Fillings): NonNullable<HttpRequest['body']> {
  return 'json' in body
    ? { json: filledJson(body.json, fillings) }
    : { form: filledTexts(body.form, fillings) };
}

/** How the admin credential is put on a request. */
export function adminHeaders(auth: AdminAuth, admin: OwnAdmin): Headers {
  const { token = NONE, user = NONE, password = NONE } = admin;
  switch (auth.is) {
    case 'bearer':
      return asBearer(token);
    case 'word':
      return asWord(auth.word)(token);
    case 'header':
      return asHeader(auth.name)(token);
    case 'basic':
      return asUser(user.reveal(), password);
  }
}

const NONE = new Secret('');

/** How a value is put on a request about itself. */
export function valueHeaders(auth: ValueAuth, value: Secret): Headers {
  switch (auth.is) {
    case 'bearer':
      return asBearer(value);
    case 'word':
      return asWord(auth.word)(value);
    case 'header':
      return asHeader(auth.name)(value);
    case 'pair':
      return asPair(value);
    case 'body':
      return {};
  }
}
