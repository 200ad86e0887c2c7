/** Why no sandbox can start here, in one sentence with what to do about it: no fault of the sandbox. */
export class SandboxRefusal extends Error {
  override readonly name = 'SandboxRefusal';
}
