import * as z from 'zod';
import type { PolicyDocument, Principal } from '../aws/types.ts';
import type { Template } from './template.ts';

const Document = z.record(z.string(), z.unknown());
const Role = z.looseObject({
  Path: z.string().default('/'),
  Policies: z.array(z.looseObject({ PolicyDocument: Document })).default([]),
  ManagedPolicyArns: z.array(z.string()).default([]),
});
const Attached = z.looseObject({ PolicyDocument: Document, Roles: z.array(z.string()).default([]) });

export type RolePrincipal = Extract<Principal, { kind: 'role' }>;

/** The roles of a template, with everything that is attached to each. */
export class Roles {
  readonly #byName = new Map<string, RolePrincipal>();
  readonly #managed = new Map<string, PolicyDocument>();

  constructor(template: Template) {
    const attached = [...template.of('AWS::IAM::Policy'), ...template.of('AWS::IAM::ManagedPolicy')].map(
      (resource) => ({ arn: resource.ref, ...Attached.parse(resource.properties) }),
    );
    for (const { arn, PolicyDocument } of attached) this.#managed.set(arn, PolicyDocument);
    for (const resource of template.of('AWS::IAM::Role')) {
      const role = Role.parse(resource.properties);
      const managed = role.ManagedPolicyArns.map((arn) => this.managed(arn));
      const policies = [
        ...role.Policies.map((policy) => policy.PolicyDocument),
        ...managed,
        ...attached
          .filter(({ Roles }) => Roles.includes(resource.ref))
          .map((policy) => policy.PolicyDocument),
      ];
      // The path belongs to the name, so that conditions on the role's ARN see it.
      this.#byName.set(resource.ref, {
        kind: 'role',
        name: `${role.Path.slice(1)}${resource.ref}`,
        session: 'sandbox',
        policies,
      });
    }
  }

  /** A role by its ARN. Errors: when the template has none of it. */
  get(arn: string): RolePrincipal {
    const role = this.#byName.get(arn.split('/').at(-1) ?? '');
    if (!role) throw new Error(`The template names the role ${arn}, which it does not have.`);
    return role;
  }

  /** A managed policy of the template by its ARN. AWS's own managed policies are not known here. */
  managed(arn: string): PolicyDocument {
    const policy = this.#managed.get(arn);
    if (!policy) throw new Error(`The sandbox does not have the managed policy ${arn}.`);
    return policy;
  }
}
