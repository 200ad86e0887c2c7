/**
 * How many letters have to be changed, added, dropped or swapped with a neighbour (optimal string alignment).
 */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) row.push(cell(rows, row, { a, b, i, j }));
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

function cell(
  rows: readonly number[][],
  row: readonly number[],
  at: { a: string; b: string; i: number; j: number },
): number {
  const { a, b, i, j } = at;
  const above = rows[i - 1] ?? [];
  const kept = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
  const least = Math.min(kept, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
  const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return isSwap ? Math.min(least, (rows[i - 2]?.[j - 2] ?? 0) + 1) : least;
}

/**
 * Names that a mistyped one may stand for, likeliest first: those that begin with it or contain it, and those
 * a few letters away.
 */
export function nearest(typed: string, names: Iterable<string>, most = 3): string[] {
  const text = typed.toLowerCase();
  const allowed = Math.max(1, Math.floor(text.length / 3));
  const scored = [...new Set(names)].flatMap((name) => {
    const score = scoreOf(text, name.toLowerCase());
    return score <= allowed ? [{ name, score }] : [];
  });
  const best = Math.min(...scored.map((one) => one.score));
  const close = scored.filter((one) => one.score <= best + 1);
  return close
    .sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map((one) => one.name);
}

function scoreOf(typed: string, name: string): number {
  if (typed.length >= 2 && name.startsWith(typed)) return 0;
  return typed.length >= 3 && name.includes(typed) ? 0.5 : distance(typed, name);
}
