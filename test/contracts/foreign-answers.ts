/**
 * What others than the issuer answer: gateways, proxies, other servers, and fragments. Sources: each
 * product's documentation or default pages.
 */
const BODIES: Readonly<Record<string, string>> = {
  nothing: '',
  null: 'null',
  'an empty object': '{}',
  'a list of something else': '[{}]',
  'a text': '"text"',
  'a number': '7',
  'a cut-off object': '{"message":"401 Unauth',
  nginx:
    '<html>\r\n<head><title>401 Authorization Required</title></head>\r\n<body><center><h1>401 ' +
    'Authorization Required</h1></center><hr><center>nginx</center></body></html>',
  'AWS API Gateway, unauthorized': '{"message":"Unauthorized"}',
  'AWS API Gateway, forbidden': '{"message":"Forbidden"}',
  'AWS API Gateway, no route': '{"message":"Missing Authentication Token"}',
  'AWS with a policy': '{"Message":"User is not authorized to access this resource with an explicit deny"}',
  'Kong, without a key': '{"message":"No API key found in request"}',
  'Kong, newer': '{"message":"Unauthorized","request_id":"6c0d3a4d9e1f7b2a"}',
  Envoy: 'Jwt verification fails',
  'Envoy, by role': 'RBAC: access denied',
  Apigee: '{"fault":{"faultstring":"Invalid ApiKey","detail":{"errorcode":"oauth.v2.InvalidApiKey"}}}',
  'Azure API Management': '{"statusCode":401,"message":"Access denied due to invalid subscription key."}',
  Cloudflare: '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head></html>',
  Spring: '{"timestamp":"2026-03-02T10:17:30.000+00:00","status":401,"error":"Unauthorized","path":"/"}',
  Traefik: '401 Unauthorized\n',
  'a proxy that wants a login':
    '<html><head><title>Sign in to Acme</title></head><body><form action="/login"></form></body></html>',
  'OAuth, no token': '{"error":"invalid_request","error_description":"The access token is missing"}',
  'OAuth, a token of somebody': '{"error":"invalid_token","error_description":"The access token expired"}',
  'OAuth, without a word': '{"error":"invalid_token"}',
  'OAuth, a client': '{"error":"invalid_client"}',
  'OAuth, client or secret':
    '{"error":"invalid_client","error_description":"Client authentication failed. Either the client or ' +
    'the client credentials are invalid."}',
  'OAuth, no client': '{"error":"invalid_client","error_description":"No client credentials found."}',
  'OAuth, an unknown client':
    '{"error":"invalid_client","error_description":"Invalid value for \'client_id\' parameter."}',
  'OAuth, too few scopes':
    '{"error":"insufficient_scope","error_description":"The request requires higher privileges than ' +
    'provided by the access token.","scope":"api"}',
  'a proof that is wanted': '{"error":"dpop_error","error_description":"DPoP validation error"}',
  'a client that is wanted':
    '{"error":"restricted_language_server_client_error","error_description":"Language server client error"}',
  'a service that is fine': '{"status":"ok"}',
  'introspection of a live token': '{"active":true}',
  'a user without a name': '{"username":null}',
  'npm, elsewhere': '{"error":"Unauthorized"}',
  'a blocked user': '{"message":"403 Forbidden - Your account has been blocked"}',
};

const STATUSES = [
  200, 201, 202, 204, 301, 302, 307, 400, 401, 402, 403, 404, 407, 409, 410, 418, 421, 422, 451,
];

export interface ForeignAnswer {
  readonly name: string;
  readonly response: () => Response;
}

/** Every such body with every status. */
export const FOREIGN_ANSWERS: readonly ForeignAnswer[] = STATUSES.flatMap((status) =>
  Object.entries(BODIES).map(([name, body]) => ({
    name: `${status} ${name}`,
    response: () =>
      new Response(status === 204 ? null : body, {
        status,
        headers: {
          'content-type': /^[[{]/.test(body) ? 'application/json' : 'text/html',
          ...(status < 400 && status > 299 && { location: 'https://sso.acme.example/' }),
        },
      }),
  })),
);
