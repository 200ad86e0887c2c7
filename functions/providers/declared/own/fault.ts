/** One fault: the field, and a message that reads on after its name. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}
