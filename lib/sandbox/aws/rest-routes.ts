/**
 * A request of a protocol in which method and path say what is asked (smithy.io, "AWS restJson1 protocol").
 */
interface Route {
  readonly service: string;
  readonly method: string;
  readonly path: RegExp;
  readonly operation: string;
  /** `named` is what the path names. */
  readonly inputOf: (named: string, query: URLSearchParams) => Record<string, unknown>;
}

/**
 * Those that people are told to make. Sources: AWS Lambda API Reference, "ListEventSourceMappings";
 * EventBridge Scheduler API Reference, "GetSchedule".
 */
const ROUTES: readonly Route[] = [
  {
    service: 'lambda',
    method: 'GET',
    path: /^\/2015-03-31\/event-source-mappings\/?$/,
    operation: 'ListEventSourceMappings',
    inputOf: (_named, query) => given(query, ['FunctionName', 'EventSourceArn']),
  },
  {
    service: 'scheduler',
    method: 'GET',
    path: /^\/schedules\/([^/]+)$/,
    operation: 'GetSchedule',
    inputOf: (Name, query) => ({
      Name,
      ...(query.has('groupName') && { GroupName: query.get('groupName') }),
    }),
  },
];

function given(query: URLSearchParams, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.flatMap((name) => (query.has(name) ? [[name, query.get(name)]] : [])));
}

/** The operation that a request asks for; undefined for one that is not known here. */
export function routed(
  service: string,
  method: string,
  url: string,
): { readonly operation: string; readonly input: unknown } | undefined {
  const { pathname, searchParams } = new URL(url, 'http://sandbox');
  const route = ROUTES.find(
    (one) => one.service === service && one.method === method && one.path.test(pathname),
  );
  if (!route) return undefined;
  const named = decodeURIComponent(route.path.exec(pathname)?.[1] ?? '');
  return { operation: route.operation, input: route.inputOf(named, searchParams) };
}
