import { startDestinations, type Destination } from '../destinations/index.ts';
import { IssuerFaults } from '../issuers/faults.ts';
import { startIssuers } from '../issuers/index.ts';
import type { Issuer } from '../issuers/simulator.ts';
import { AdminSecrets } from './admin-secrets.ts';
import type { Sandbox } from './api.ts';
import { nestedTemplate, synthesise, type Assembly } from './assembly.ts';
import { answerControl } from './control.ts';
import { roleOf } from './deploy-functions.ts';
import { deploy } from './deploy.ts';
import type { Deployment } from './deployment.ts';
import { functionUrls } from './function-urls.ts';
import { closeAll, ROUTING_KEY, startMachine, type Machine } from './machine.ts';
import { credentialsFor, credentialsOf, operatorOf, readerOf } from './principals.ts';
import { Roles } from './roles.ts';
import { RunningSandbox } from './running-sandbox.ts';
import { ACCOUNT, PAGER_SECRET, REGION, SANDBOX_SETTINGS, type SandboxOptions } from './settings.ts';
import { counted, step } from './steps.ts';
import { Template } from './template.ts';

/**
 * Runs the synthesised stack on this machine, with issuers to rotate against.
 * Errors: one sentence when the port or the folder is taken, the stack cannot be synthesised, or it has
 * something that the sandbox does not know.
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = { ...SANDBOX_SETTINGS, ...options.settings };
  const machine = await startMachine(options);
  const issuers: Issuer[] = [];
  try {
    const making = assemblyFor(settings, options);
    const starting = issuersFor(machine, options).then((started) => void issuers.push(...started));
    // Both end before anything is taken away again.
    await Promise.allSettled([making, starting]);
    await starting;
    const assembly = await making;
    options.signal?.throwIfAborted();
    const sandbox = await deployTo(machine, issuers, assembly, options);
    machine.folder.describe({
      ...sandbox.operate(),
      installation: sandbox.installation,
      settings,
      outputs: Object.fromEntries(sandbox.outputs),
      issuers: issuers.map(({ provider, host }) => ({ issuer: provider, host })),
    });
    return sandbox;
  } catch (error) {
    await closeAll(machine, issuers, options.removeOnClose ?? false);
    throw error;
  }
}

async function assemblyFor(
  settings: object,
  { assembly, signal, onStep }: SandboxOptions,
): Promise<Assembly> {
  if (assembly) return assembly;
  return step(
    onStep,
    'synthesizing the stack, with the bundles of its functions',
    () => synthesise(settings, signal),
    ({ assets }) => `the stack is synthesized: ${counted(assets.size, 'asset')}`,
  );
}

function issuersFor({ clock, folder }: Machine, options: SandboxOptions): Promise<readonly Issuer[]> {
  return step(
    options.onStep,
    'starting the issuers',
    () => (options.issuers ?? startIssuers)({ clock, folder: folder.part('issuers') }),
    (issuers) => `the issuers run: ${issuers.map(({ host }) => host).join(', ')}`,
  );
}

/**
 * Lets functions reach what stands for the world outside. Returns the places that new values can be brought
 * to.
 */
function openHosts(
  { clock, gateway }: Machine,
  issuers: readonly Issuer[],
  faults: IssuerFaults,
  options: SandboxOptions,
): readonly Destination[] {
  for (const issuer of issuers)
    for (const host of [issuer.host, ...(issuer.otherHosts ?? [])])
      gateway.hosts.set(host, async (request) => faults.answer(issuer.provider) ?? issuer.fetch(request));
  for (const [host, answer] of options.hosts ?? []) gateway.hosts.set(host, answer);
  const destinations = startDestinations(clock).filter(({ kind }) =>
    options.settings?.delivery?.kinds?.some((one) => one === kind),
  );
  for (const one of destinations) gateway.hosts.set(one.host, (request) => one.fetch(request));
  return destinations;
}

async function deployTo(
  machine: Machine,
  issuers: readonly Issuer[],
  assembly: Assembly,
  options: SandboxOptions,
): Promise<Sandbox> {
  const { aws, pool, gateway } = machine;
  const faults = new IssuerFaults();
  const destinations = openHosts(machine, issuers, faults, options);
  const place = { account: ACCOUNT, region: REGION, stackName: assembly.stackName, queueUrl: aws.sqs.urlOf };
  const template = new Template(assembly.template, place, {
    nestedAt: (url) => nestedTemplate(assembly, url),
  });
  const deployment = { aws, pool, template, assets: assembly.assets, roles: new Roles(template) };
  await deploy(deployment, options.onStep);
  register(machine, deployment);
  const admin = new AdminSecrets(aws, issuers, destinations);
  await step(
    options.onStep,
    'storing the admin credentials of the issuers',
    async () => {
      await admin.create(PAGER_SECRET, ROUTING_KEY);
      for (const { provider } of issuers) await admin.grant(provider, options.grants?.[provider] ?? []);
    },
    () => `${counted(issuers.length, 'admin credential')} stored`,
  );
  const sandbox = new RunningSandbox({ machine, issuers, faults, destinations, template, admin, options });
  gateway.connect({
    call: aws.call,
    thread: (id) => pool.thread(id),
    control: (request) => answerControl(sandbox, request),
  });
  return sandbox;
}

/** Makes the deployed functions, and people, known by their access keys. */
function register({ aws, pool, gateway }: Machine, deployment: Deployment): void {
  const { template, roles } = deployment;
  const urls = functionUrls(template, REGION, (arn, event) => pool.invoke(aws.lambda.nameOf(arn), event));
  for (const [host, answer] of urls) gateway.hosts.set(host, answer);
  for (const name of pool.names())
    gateway.register(credentialsFor(name).accessKeyId, roleOf(deployment, name));
  gateway.register(credentialsOf('operator').accessKeyId, operatorOf(template, roles));
  gateway.register(credentialsOf('reader').accessKeyId, readerOf({ account: ACCOUNT, region: REGION }));
}
