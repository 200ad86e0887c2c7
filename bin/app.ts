#!/usr/bin/env node
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { KeyturnStack } from '../lib/infra/keyturn-stack.ts';
import { readSettings, refuseOwnBus } from '../lib/infra/settings/file.ts';
import { SettingsError } from '../lib/infra/settings.ts';

function main(): void {
  const app = new App();
  const settings = readSettings(app.node.tryGetContext('settings'), process.cwd());
  refuseOwnBus(settings, {
    account: process.env['CDK_DEFAULT_ACCOUNT'],
    region: process.env['CDK_DEFAULT_REGION'],
  });
  new KeyturnStack(app, `keyturn-${settings.installation}`, { settings });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

try {
  main();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
