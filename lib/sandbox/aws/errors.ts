interface Extra {
  /** The code of the older query protocol, which some clients still name the error by. */
  readonly queryCode?: string;
  /** Further members of the error's shape. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/**
 * An error as an AWS service answers it: the code that SDK clients name the exception by, and an HTTP status.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly queryCode: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, extra: Extra = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.queryCode = extra.queryCode;
    this.fields = extra.fields ?? {};
  }
}

export function notImplemented(what: string): AwsError {
  return new AwsError('UnknownOperationException', `The sandbox does not implement ${what}`, 501);
}
