/** Version ids with their staging labels. */
export type Labels = ReadonlyMap<string, readonly string[]>;

/** The version that carries a label; undefined when none does. */
export function holderOf(labels: Labels, label: string): string | undefined {
  for (const [version, stages] of labels) if (stages.includes(label)) return version;
  return undefined;
}
