const END = '<!-- /generated -->';
const START = /<!-- generated:([a-z-]+) -->/g;

/**
 * Puts what the generators make between the markers `<!-- generated:NAME -->` and `<!-- /generated -->`; all
 * other text stays. Errors: one sentence, for a marker that nothing generates, one that does not end, and a
 * block that has no marker.
 */
export function fillBlocks(text: string, blocks: Readonly<Record<string, () => string>>): string {
  const names = [...text.matchAll(START)].map((match) => match[1] ?? '');
  const unknown = names.find((name) => !(name in blocks));
  if (unknown !== undefined)
    throw new Error(`Nothing generates the block "${unknown}": correct its name, or remove its markers.`);
  const absent = Object.keys(blocks).find((name) => !names.includes(name));
  if (absent !== undefined)
    throw new Error(
      `The block "${absent}" has no place: add the line <!-- generated:${absent} --> and after it ${END}.`,
    );
  return names.reduce((filled, name) => fillOne(filled, name, blocks[name]?.() ?? ''), text);
}

function fillOne(text: string, name: string, content: string): string {
  const start = `<!-- generated:${name} -->`;
  const from = text.indexOf(start) + start.length;
  const to = text.indexOf(END, from);
  const next = text.indexOf('<!-- generated:', from);
  if (to === -1 || (next !== -1 && next < to))
    throw new Error(`The block "${name}" does not end: add ${END} after it.`);
  return `${text.slice(0, from)}\n${content}\n${text.slice(to)}`;
}
