import type { Aws } from '../aws/aws.ts';
import type { Assembly } from './assembly.ts';
import type { FunctionPool } from './function-pool.ts';
import type { Roles } from './roles.ts';
import type { Template } from './template.ts';

/** A template, and what it is deployed to. */
export interface Deployment {
  readonly aws: Aws;
  readonly pool: FunctionPool;
  readonly template: Template;
  readonly assets: Assembly['assets'];
  readonly roles: Roles;
}
