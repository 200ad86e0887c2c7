import { PolicyDocument, Role, type PolicyStatement, type RoleProps } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * A role that holds all that it may do. CDK's own role makes a policy beside itself for that, which is one
 * resource more for each function, and moves what is too long to managed policies without a word.
 */
export class InlineRole extends Role {
  readonly #allowed: PolicyDocument;

  constructor(scope: Construct, id: string, props: Omit<RoleProps, 'inlinePolicies'>) {
    const allowed = new PolicyDocument();
    super(scope, id, { ...props, inlinePolicies: { Allowed: allowed } });
    this.#allowed = allowed;
  }

  override addToPrincipalPolicy(statement: PolicyStatement): ReturnType<Role['addToPrincipalPolicy']> {
    this.#allowed.addStatements(statement);
    return { statementAdded: true, policyDependable: this };
  }
}
