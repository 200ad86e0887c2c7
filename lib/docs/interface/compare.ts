/** What people and programs rely on: for each part its entries, each with what must not change about it. */
export type InterfaceList = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * One sentence for each entry of a release that is gone, or means something else now. Additions are no
 * change.
 */
export function brokenSince(release: InterfaceList, now: InterfaceList): string[] {
  return Object.entries(release).flatMap(([part, entries]) => brokenIn(part, entries, now[part] ?? {}));
}

function brokenIn(
  part: string,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  return Object.entries(before).flatMap(([entry, meaning]) => {
    const current = after[entry];
    if (current === undefined) return [`${part}: "${entry}" is gone`];
    return current === meaning ? [] : [`${part}: "${entry}" was "${meaning}" and is "${current}"`];
  });
}

/**
 * The list of the latest release among the names of files; undefined where nothing was released. Versions
 * compare by their numbers.
 */
export function latestRelease(files: readonly string[]): string | undefined {
  return files
    .filter((file) => RELEASE.test(file))
    .toSorted(byVersion)
    .at(-1);
}

const RELEASE = /^interface\.(\d+)\.(\d+)\.(\d+)\.json$/;

function byVersion(one: string, other: string): number {
  const [a, b] = [versionOf(one), versionOf(other)];
  const different = a.findIndex((part, index) => part !== b[index]);
  return different === -1 ? 0 : (a[different] ?? 0) - (b[different] ?? 0);
}

function versionOf(file: string): number[] {
  return (RELEASE.exec(file) ?? []).slice(1).map(Number);
}
