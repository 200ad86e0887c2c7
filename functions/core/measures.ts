/** Where metrics are. Names are shared by what counts, what watches and what draws. */
export const NAMESPACE = 'Keyturn';

/** Functions that tell when their work is done: where nothing is told for long, an alarm is. */
export const PARTS = ['sweep', 'alert'] as const;
export type Part = (typeof PARTS)[number];

/** The metric of a part that has done its work; the dimension `part` says which. */
export const FINISHED = 'Finished';

/** The value of the dimension `service`, by which installations in one account are told apart. */
export function serviceOf(installation: string): string {
  return `keyturn-${installation}`;
}
