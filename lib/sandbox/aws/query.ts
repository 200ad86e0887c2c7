/** The awsQuery protocol of SNS and STS: forms in, XML out (smithy.io, "AWS query protocol"). */

type Tree = Map<string, Tree | string>;

function plant(pairs: Iterable<[string, string]>): Tree {
  const root: Tree = new Map();
  for (const [path, value] of pairs) {
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    let branch = root;
    for (const step of steps) {
      const next = branch.get(step);
      if (next instanceof Map) branch = next;
      else {
        const made: Tree = new Map();
        branch.set(step, made);
        branch = made;
      }
    }
    branch.set(last, value);
  }
  return root;
}

function inOrder(tree: Tree): unknown[] {
  return [...tree].sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => grown(value));
}

/**
 * `X.member.1` is a list; `X.entry.1.{key,value}` (in SNS message attributes `Name` and `Value`) is a map.
 */
function grown(tree: Tree | string): unknown {
  if (typeof tree === 'string') return tree;
  const member = tree.get('member');
  if (tree.size === 1 && member instanceof Map) return inOrder(member);
  const entry = tree.get('entry');
  if (tree.size === 1 && entry instanceof Map) {
    return Object.fromEntries(
      [...entry.values()].flatMap((one) => {
        if (!(one instanceof Map)) return [];
        const key = one.get('key') ?? one.get('Name');
        return typeof key === 'string'
          ? [[key, grown(one.get('value') ?? one.get('Value') ?? '')] as const]
          : [];
      }),
    );
  }
  return Object.fromEntries([...tree].map(([key, value]) => [key, grown(value)]));
}

/** The operation and input of a form. Numbers and booleans stay text: the operations' schemas read them. */
export function readForm(body: string): { operation: string; input: unknown } {
  const form = new URLSearchParams(body);
  const operation = form.get('Action') ?? '';
  form.delete('Action');
  form.delete('Version');
  return { operation, input: grown(plant(form)) };
}

export function escapeXml(text: string): string {
  const names = new Map([
    ['&', '&amp;'],
    ['<', '&lt;'],
    ['>', '&gt;'],
    ['"', '&quot;'],
    ["'", '&apos;'],
  ]);
  return (
    text
      .replaceAll(/[&<>"']/g, (character) => names.get(character) ?? '')
      // eslint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\uFFFD')
      .replaceAll('\r', '&#xD;')
  );
}

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  return `<${name}>${content(value)}</${name}>`;
}

/** The elements of one answer; a plain map is told from a structure by its name, `Attributes`. */
function content(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => element('member', item)).join('');
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return escapeXml(String(value));
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, part]) => (key === 'Attributes' ? `<${key}>${entries(part)}</${key}>` : element(key, part)))
    .join('');
}

function entries(map: unknown): string {
  if (typeof map !== 'object' || map === null) return '';
  return Object.entries(map)
    .map(([key, value]) => `<entry>${element('key', key)}${element('value', value)}</entry>`)
    .join('');
}

export function writeResult(operation: string, output: unknown, requestId: string): string {
  return (
    `<${operation}Response><${operation}Result>${content(output)}</${operation}Result><ResponseMetadata>` +
    `<RequestId>${escapeXml(requestId)}</RequestId></ResponseMetadata></${operation}Response>`
  );
}

export function writeError(code: string, message: string, requestId: string): string {
  return (
    `<ErrorResponse><Error><Type>Sender</Type><Code>${escapeXml(code)}</Code><Message>` +
    `${escapeXml(message)}</Message></Error><RequestId>${escapeXml(requestId)}</RequestId></` +
    'ErrorResponse>'
  );
}
