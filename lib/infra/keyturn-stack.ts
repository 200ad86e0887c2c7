import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Keyturn } from './constructs/keyturn.ts';
import type { SettingsInput } from './settings.ts';

export interface KeyturnStackProps extends StackProps {
  readonly settings: SettingsInput;
}

/** One installation as a stack of its own, bound to no account or Region before it is deployed. */
export class KeyturnStack extends Stack {
  readonly keyturn: Keyturn;

  constructor(scope: Construct, id: string, { settings, ...props }: KeyturnStackProps) {
    super(scope, id, {
      description: 'Keyturn: rotates API tokens, revokes replaced ones and verifies that',
      ...props,
    });
    this.keyturn = new Keyturn(this, 'Keyturn', settings);
  }
}
