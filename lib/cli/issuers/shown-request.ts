// A request as it is shown: what a credential was put into is replaced as a whole, and whatever else holds
// one loses it.
import { boundedText } from '../../../functions/core/basics/bounded-body.ts';
import type { Secret } from '../../../functions/core/basics/secret.ts';
import type { OwnIssuer } from '../../../functions/providers/declared/own/form.ts';
import type { Step } from './pretended-issuer.ts';

/** More than any request of ours has. */
const MOST_SHOWN = 1_000_000;

/** One request, without any credential. */
export interface ShownRequest {
  readonly step: Step;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Its body as text; null without one. */
  readonly body: string | null;
}

interface Known {
  readonly form: OwnIssuer;
  readonly step: Step;
  /** Every credential that is known by now. */
  readonly secrets: readonly Secret[];
}

/** The request that is about to be sent, for people. */
export async function shownRequest(request: Request, known: Known): Promise<ShownRequest> {
  const { form, step } = known;
  const isAboutValue = step === 'check';
  const auth = isAboutValue ? form.check.auth : form.admin.auth;
  const credential = isAboutValue ? '<value>' : '<admin credential>';
  const name = auth.is === 'header' ? auth.name : 'authorization';
  const headers = [...request.headers].map(([header, text]) => [
    header,
    header === name ? `${wordOf(auth)}${credential}` : masked(text, known.secrets),
  ]);
  const text = await boundedText(new Response(request.clone().body), MOST_SHOWN);
  return {
    step,
    method: request.method,
    url: masked(request.url, known.secrets),
    headers: Object.fromEntries(headers),
    body: text === '' ? null : masked(text, known.secrets),
  };
}

function wordOf(auth: OwnIssuer['check']['auth'] | OwnIssuer['admin']['auth']): string {
  switch (auth.is) {
    case 'bearer':
      return 'Bearer ';
    case 'word':
      return `${auth.word} `;
    case 'basic':
    case 'pair':
      return 'Basic ';
    case 'header':
    case 'body':
      return '';
  }
}

/** Without the credentials, in whichever way they were written into it. */
function masked(text: string, secrets: readonly Secret[]): string {
  return secrets.reduce((left, secret) => waysOf(secret.reveal()).reduce(withoutOne, left), text);
}

function withoutOne(text: string, way: string): string {
  return way === '' ? text : text.replaceAll(way, '<masked>');
}

function waysOf(value: string): string[] {
  const form = new URLSearchParams({ v: value }).toString().slice(2);
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    form,
    btoa(unescapedLatin(value)),
  ];
}

function unescapedLatin(value: string): string {
  return /^[\0-\xff]*$/.test(value) ? value : '';
}
