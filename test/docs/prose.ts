/** The most words that a sentence may have. */
export const MOST_WORDS = 25;

/**
 * Sentences of a Markdown page. Code blocks, tables, comments and targets of links are left out; code in a
 * line counts as one word.
 */
export function sentencesOf(markdown: string): string[] {
  return blocksOf(withoutCode(markdown)).flatMap((block) => sentencesIn(plain(block)));
}

/** Sentences of one text without Markdown blocks, such as an advice. */
export function sentencesIn(text: string): string[] {
  return text
    .replace(/`[^`]*`/g, 'Code')
    .split(/(?<=[.!?][)"*]*)\s+(?=[("*]*[A-Z\d…])/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[A-Za-z]/.test(sentence));
}

export function wordsIn(sentence: string): number {
  return sentence.split(/[\s/·]+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

/** The sentences that are too long, each with its number of words. */
export function tooLong(sentences: readonly string[]): string[] {
  return sentences.filter((one) => wordsIn(one) > MOST_WORDS).map((one) => `${wordsIn(one)} words: ${one}`);
}

function withoutCode(markdown: string): string {
  return markdown
    .replace(/^( *)(```|~~~)[^]*?^\1\2 *$/gm, '')
    .replace(/<!--[^]*?-->/g, '')
    .replace(/<[a-z/][^>]*>/g, '');
}

/**
 * Paragraphs, headings and items of lists, each with its lines joined. An item goes on in the lines that
 * follow it.
 */
function blocksOf(text: string): string[] {
  const blocks: string[] = [];
  let isOpen = false;
  for (const line of text.split('\n')) {
    const isTable = /^\s*\|/.test(line);
    const begins = /^\s*(#+ |[-*+] |\d+\. |> )/.test(line);
    const content = line.replace(/^\s*(#+ |[-*+] |\d+\. |> )/, '').trim();
    if (content === '' || isTable) {
      isOpen = false;
      continue;
    }
    if (isOpen && !begins) blocks.push(`${blocks.pop() ?? ''} ${content}`);
    else blocks.push(content);
    isOpen = !/^\s*#/.test(line);
  }
  return blocks;
}

/** Without the marks of Markdown: a link is its text, code is one word. */
function plain(block: string): string {
  return block
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('**', '')
    .replace(/(?<![\w*])\*(\S[^*]*)\*(?!\w)/g, '$1');
}
