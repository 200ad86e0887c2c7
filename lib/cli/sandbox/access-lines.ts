/** Environment variables by name. */
export type Environment = Readonly<Record<string, string>>;

/** How a shell reaches a sandbox with the AWS CLI and SDKs, line by line. */
export function accessLines(operator: Environment, reader: Environment): readonly string[] {
  const changed = Object.entries(reader).filter(([name, value]) => operator[name] !== value);
  return [
    'The AWS CLI and SDKs use it as an operator, who cannot read values, with:',
    ...Object.entries(operator).map(exported),
    'As a reader, such as a consumer, with these instead:',
    ...changed.map(exported),
  ];
}

function exported([name, value]: readonly [string, string]): string {
  return `  export ${name}=${value}`;
}
