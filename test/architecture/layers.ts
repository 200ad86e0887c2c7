/** Who may import what. The first row that fits a file is its row; a file without a row is not allowed. */
export interface Layer {
  readonly files: RegExp;
  /** Files of the repository. */
  readonly mayImport: readonly RegExp[];
  /** Packages and built-ins, by the whole specifier. */
  readonly packages: readonly RegExp[];
}

const ZOD = /^zod$/;
const NODE = /^node:/;
const COMPUTED = /^a computed path$/;
const AWS_SDK = /^@aws-sdk\//;
const CDK = /^(aws-cdk-lib(\/.+)?|constructs)$/;

const CORE = /^functions\/core\//;
const DESCRIPTORS = /^functions\/providers\/descriptors\.ts$/;
const HANDLER_ENVS = /^functions\/handlers\/[a-z-]+\.env\.ts$/;

export const LAYERS: readonly Layer[] = [
  // functions: event -> handler -> use case -> ports; only handlers know which adapter stands behind a port.
  {
    files: /^functions\/core\//,
    mayImport: [CORE],
    packages: [ZOD, /^node:(crypto|util)$/, /^@humanwhocodes\/momoa$/],
  },
  {
    files: /^functions\/use-cases\//,
    mayImport: [CORE, /^functions\/use-cases\//],
    packages: [ZOD, /^node:(crypto|util)$/],
  },
  {
    files: /^functions\/providers\/[^/]+\/descriptor\.ts$/,
    mayImport: [/^functions\/core\/(issuer\/provider-descriptor|basics\/time)\.ts$/],
    packages: [],
  },
  // RabbitMQ's own form of a password, which it takes in place of one.
  {
    files: /^functions\/providers\/rabbitmq\/hash\.ts$/,
    mayImport: [CORE, /^functions\/providers\/rabbitmq\//],
    packages: [/^node:crypto$/],
  },
  // Redis keeps the SHA-256 of a password, and takes that in place of one.
  {
    files: /^functions\/providers\/redis\/hash\.ts$/,
    mayImport: [CORE],
    packages: [/^node:crypto$/],
  },
  // Atlas asks for the MD5 of a key: HTTP Digest.
  {
    files: /^functions\/providers\/mongodb-atlas-key\/digest\.ts$/,
    mayImport: [CORE, /^functions\/providers\//],
    packages: [/^node:crypto$/],
  },
  // Requests to AWS are signed and its answers read by what its own SDK does that with.
  {
    files: /^functions\/providers\/aws-iam\//,
    mayImport: [CORE, /^functions\/providers\//],
    packages: [ZOD, /^node:crypto$/, /^@smithy\/signature-v4$/, /^@aws-sdk\/xml-builder$/],
  },
  // Google and GitHub want a JWT that is signed with the key.
  {
    files: /^functions\/providers\/signed-jwt\.ts$/,
    mayImport: [],
    packages: [/^node:crypto$/],
  },
  // Snowflake wants one that names the fingerprint of the key, too.
  {
    files: /^functions\/providers\/snowflake-signing\.ts$/,
    mayImport: [CORE, /^functions\/providers\//],
    packages: [/^node:crypto$/],
  },
  // Private keys of clients, which Keyturn makes, and the JWTs that they sign.
  {
    files: /^functions\/providers\/signing-key\.ts$/,
    mayImport: [CORE, /^functions\/providers\/signed-jwt\.ts$/],
    packages: [ZOD, /^node:crypto$/],
  },
  // Files of users are read where they are checked; functions get them as JSON.
  { files: /^functions\/files\//, mayImport: [], packages: [/^yaml$/] },
  {
    files: /^functions\/providers\/declared\/own\/read-file\.ts$/,
    mayImport: [/^functions\/providers\/declared\/own\//, /^functions\/files\//],
    packages: [/^yaml$/],
  },
  {
    files: /^functions\/providers\//,
    mayImport: [CORE, /^functions\/providers\//],
    packages: [ZOD, /^node:net$/],
  },
  // Couriers that speak HTTP do it as providers do.
  {
    files: /^functions\/couriers\//,
    mayImport: [
      CORE,
      /^functions\/couriers\//,
      /^functions\/providers\/(http|http-answer|http-options|request|dialect|grants|hosts)\.ts$/,
    ],
    packages: [ZOD, /^node:crypto$/, /^libsodium-wrappers$/],
  },
  // Redis speaks its own protocol, over TLS.
  {
    files: /^functions\/adapters\/redis-transport\.ts$/,
    mayImport: [CORE, /^functions\/adapters\/resp\.ts$/],
    packages: [/^node:(net|stream|tls)$/],
  },
  {
    files: /^functions\/adapters\//,
    mayImport: [CORE, /^functions\/adapters\//],
    packages: [ZOD, AWS_SDK, /^@aws-lambda-powertools\/(logger|metrics)$/, /^node:crypto$/],
  },
  { files: HANDLER_ENVS, mayImport: [CORE, HANDLER_ENVS], packages: [ZOD, /^node:zlib$/] },
  {
    files: /^functions\/handlers\//,
    mayImport: [/^functions\//],
    packages: [
      ZOD,
      /^@aws-lambda-powertools\/batch$/,
      /^aws-lambda$/,
      /^node:(crypto|fs|path|timers\/promises|zlib)$/,
    ],
  },

  // lib: what runs at the operator's side.
  {
    files: /^lib\/infra\/constructs\/bundling\.ts$/,
    mayImport: [],
    packages: [CDK, /^esbuild$/, /^node:(path|fs)$/],
  },
  {
    files: /^lib\/infra\//,
    mayImport: [
      /^lib\/infra\//,
      /^functions\/core\/(basics|consumers|policy|issuer|findings|commands)\/[a-z-]+\.ts$/,
      /^functions\/core\/(delivery\/consumer-grants|detection\/watched-calls|inventory\/(metric-names|partitions)|alerts\/(routes|notification-times))\.ts$/,
      HANDLER_ENVS,
      DESCRIPTORS,
      /^functions\/providers\/declared\/own\/(form|read-file|descriptor-of)\.ts$/,
      /^functions\/providers\/[^/]+\/descriptor\.ts$/,
    ],
    packages: [CDK, ZOD, /^node:(path|fs|url)$/],
  },
  {
    files: /^lib\/cli\/bundle\.js$/,
    mayImport: [/^lib\/cli\/program\.cjs$/],
    packages: [/^esbuild$/, /^node:(child_process|fs|path|url)$/],
  },
  { files: /^lib\/cli\/(program|compile)\.js$/, mayImport: [/^lib\/cli\/program\.cjs$/], packages: [NODE] },
  // Loads the program that was made, where it is up to date.
  { files: /^lib\/cli\/keyturn\.cjs$/, mayImport: [/^lib\/cli\//], packages: [NODE, COMPUTED] },
  {
    files: /^lib\/cli\//,
    mayImport: [
      /^lib\/cli\//,
      CORE,
      /^functions\/files\//,
      /^functions\/adapters\//,
      DESCRIPTORS,
      /^functions\/providers\/(askers|declared\/own\/(form|read-file|descriptor-of|index|placeholders))\.ts$/,
      /^functions\/use-cases\/inventory\/registration\.ts$/,
      /^lib\/sandbox\/index\.ts$/,
    ],
    packages: [ZOD, /^yaml$/, AWS_SDK, NODE],
  },
  // The list of what others rely on is read off the template itself.
  {
    files: /^lib\/docs\/interface\/template\.ts$/,
    mayImport: [/^lib\/infra\/(keyturn-stack|settings)\.ts$/, DESCRIPTORS],
    packages: [CDK, ZOD, NODE],
  },
  {
    files: /^lib\/docs\//,
    mayImport: [
      /^lib\/docs\//,
      CORE,
      DESCRIPTORS,
      /^functions\/providers\/declared\/own\/form\.ts$/,
      /^lib\/infra\/(alarm-rules|settings)\.ts$/,
      /^lib\/cli\//,
    ],
    packages: [ZOD, NODE],
  },
  // Loads the bundles of the functions from wherever the cloud assembly has them.
  {
    files: /^lib\/sandbox\/runtime\/thread\/worker\.ts$/,
    mayImport: [/^lib\/sandbox\//],
    packages: [NODE, COMPUTED],
  },
  {
    files: /^lib\/sandbox\/aws\//,
    mayImport: [/^lib\/sandbox\/(aws\/|clock\.ts$)/, CORE],
    packages: [ZOD, /^(dynalite|@cloud-copilot\/iam-simulate)$/, NODE],
  },
  {
    files: /^lib\/sandbox\/issuers\//,
    mayImport: [/^lib\/sandbox\/(issuers\/|clock\.ts$)/, CORE],
    packages: [ZOD, /^verdaccio$/, NODE],
  },
  {
    files: /^lib\/sandbox\/destinations\//,
    mayImport: [/^lib\/sandbox\/(destinations\/|clock\.ts$)/, CORE],
    packages: [ZOD, /^libsodium-wrappers$/, NODE],
  },
  // People in the story use the command, by its own code; and what reaches a terminal has no control
  // characters, as there.
  { files: /^lib\/sandbox\/story\/keyturn-command\.ts$/, mayImport: [/^lib\/cli\//], packages: [] },
  {
    files: /^lib\/sandbox\/story\/display\.ts$/,
    mayImport: [/^lib\/cli\/output\/screen\.ts$/, CORE],
    packages: [NODE],
  },
  {
    files: /^lib\/sandbox\//,
    mayImport: [/^lib\/sandbox\//, CORE, /^lib\/infra\/settings\.ts$/],
    packages: [ZOD, AWS_SDK, NODE],
  },

  { files: /^bin\/app\.ts$/, mayImport: [/^lib\/infra\//], packages: [CDK, /^cdk-nag$/, NODE] },
  {
    files: /^bin\//,
    mayImport: [/^lib\/(cli|docs|sandbox\/story)\//, /^lib\/sandbox\/index\.ts$/, /^package\.json$/],
    packages: [NODE],
  },
  { files: /^examples\//, mayImport: [/^lib\/infra\/index\.ts$/], packages: [CDK] },
  { files: /^test\//, mayImport: [/^(functions|lib|test|bin|examples)\//], packages: [/./] },
];

/** Files of one provider may use what all providers share, and nothing of another provider. */
export const SHARED_BY_PROVIDERS =
  /^functions\/providers\/(declared\/[^/]+|(?!registry\.ts|descriptors\.ts|askers\.ts)[^/]+)\.ts$/;

/** The folder that is no issuer: what makes providers of declarations. */
export const DECLARED = 'declared';

/**
 * The only files that may look into a {@link Secret}: who writes it to its store, sends it to its issuer,
 * reads its shape, or makes a keyed hash of it.
 */
export const REVEALING: readonly RegExp[] = [
  /^functions\/core\/(basics\/secret|secret-text\/(secret-text|next-text|target-text|storable|standing-in))\.ts$/,
  /^functions\/use-cases\/(rotation\/provenance|alerts\/page|incidents\/github-(alert|webhook))\.ts$/,
  /^functions\/adapters\/(kms-seals|secrets-manager\/(writes|submit|stage-text))\.ts$/,
  /^functions\/providers\//,
  /^functions\/couriers\//,
];

/** Time, randomness, environment and network are parameters here. */
export const PURE = /^functions\/(core|use-cases|providers|couriers)\//;
/** Clients bring their own network; the rest is a parameter here too. */
export const NEARLY_PURE = /^functions\/adapters\//;
