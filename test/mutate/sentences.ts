/** What Stryker shows of a node of Babel's syntax tree. */
interface Shown {
  readonly node: {
    readonly type: string;
    readonly value?: unknown;
    readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
  };
}

/** Whether a text is written for people: a word, a space, a word. */
export function isSentence(text: string): boolean {
  return /\S\s+\S/.test(text);
}

function textOf({ node }: Shown): string {
  if (node.type === 'StringLiteral' && typeof node.value === 'string') return node.value;
  return node.type === 'TemplateLiteral' ? (node.quasis ?? []).map((one) => one.value.raw).join('x') : '';
}

/**
 * A plugin of Stryker: sentences are left as they are. Who is told what is tried elsewhere; here it is asked
 * what is done.
 */
export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'sentences',
    value: {
      shouldIgnore: (shown: Shown): string | undefined =>
        isSentence(textOf(shown)) ? 'A sentence for people.' : undefined,
    },
  },
];
