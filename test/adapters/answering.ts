export interface Call {
  readonly command: string;
  readonly input: Record<string, unknown>;
}

/**
 * Makes an SDK client answer from a function instead of the network, and gives the list of what it was asked.
 */
export function answering(client: object, answer: (call: Call) => object): Call[] {
  const calls: Call[] = [];
  const send = async (command: { input: object }): Promise<object> => {
    const call = { command: command.constructor.name, input: { ...command.input } };
    calls.push(call);
    return { $metadata: {}, ...answer(call) };
  };
  Object.assign(client, { send });
  return calls;
}

/** An error as the SDK throws it, with a message that must not be passed on. */
export function awsError(name: string, status: number, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status, requestId: 'r-1' } });
}
