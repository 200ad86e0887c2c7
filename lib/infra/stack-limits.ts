import { CfnResource, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** "CloudFormation quotas": resources in a template. */
const MOST_RESOURCES = 500;

/** Why a stack of so many resources cannot be deployed, and what to do; undefined where it can. */
export function tooManyResources(stack: string, resources: number): string | undefined {
  if (resources <= MOST_RESOURCES) return undefined;
  return (
    `The stack ${stack} has ${resources} resources, and CloudFormation takes at most ${MOST_RESOURCES}. ` +
    'Name fewer issuers, or deploy a second installation in a stack of its own for some of them.'
  );
}

/** Refuses at synth, before CloudFormation does, what is too large for one stack. */
export function refuseTooLarge(installation: Construct): void {
  installation.node.addValidation({
    validate() {
      const stack = Stack.of(installation);
      const count = stack.node
        .findAll()
        .filter((one) => CfnResource.isCfnResource(one) && Stack.of(one) === stack).length;
      const problem = tooManyResources(stack.stackName, count);
      return problem === undefined ? [] : [problem];
    },
  });
}
