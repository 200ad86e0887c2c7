// What servers other than an issuer answer: a verdict that fits one of these would take a gateway's word for
// the issuer's. Sources: each product's documentation or default pages; for OAuth RFC 6750 and RFC 7662.

/** Such an answer, whatever its status, and who gives it. */
export const OTHER_SERVERS: readonly { readonly who: string; readonly body: unknown }[] = [
  { who: 'a gateway of AWS', body: { message: 'Unauthorized' } },
  { who: 'a gateway of AWS', body: { message: 'Forbidden' } },
  { who: 'a gateway of AWS', body: { message: 'Missing Authentication Token' } },
  { who: 'a gateway of AWS', body: { message: 'Not Found' } },
  { who: 'a Kong gateway', body: { message: 'No API key found in request' } },
  { who: 'a Kong gateway', body: { message: 'Invalid authentication credentials' } },
  {
    who: 'Azure API Management',
    body: { statusCode: 401, message: 'Access denied due to invalid subscription key.' },
  },
  { who: 'a server in Spring', body: { status: 401, error: 'Unauthorized', path: '/' } },
  { who: 'a server in Spring', body: { status: 403, error: 'Forbidden', path: '/' } },
  { who: 'a server in Spring', body: { status: 404, error: 'Not Found', path: '/' } },
  {
    who: 'an OAuth server',
    body: { error: 'invalid_request', error_description: 'The access token is missing' },
  },
  { who: 'an OAuth server', body: { error: 'invalid_token', error_description: 'The access token expired' } },
  { who: 'an OAuth server', body: { error: 'invalid_client' } },
  { who: 'an OAuth server', body: { error: 'insufficient_scope' } },
  { who: 'an OAuth server', body: { active: true } },
  { who: 'many a server', body: { status: 'ok' } },
  { who: 'many a server', body: { error: 'Unauthorized' } },
  { who: 'many a server', body: { error: 'unauthorized' } },
  { who: 'many a server', body: { error: 'Forbidden' } },
  { who: 'many a server', body: { error: 'Not Found' } },
  { who: 'many a server', body: { success: true, ok: true } },
  { who: 'many a server', body: { success: false, ok: false } },
];
