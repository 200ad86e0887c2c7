import {
  CONSUMER_KINDS,
  isDelivered,
  ruleOf,
  type ConsumerKind,
} from '../../functions/core/consumers/consumer-kinds.ts';
import { formatDuration } from '../../functions/core/basics/time.ts';
import { sentence } from '../cli/output/sentence.ts';
import { code, table } from './markdown.ts';

const DELIVERIES: Record<ConsumerKind, string> = {
  ecs: 'forces a new deployment',
  lambda: 'invokes it asynchronously with the secret and its version, so that it drops its cache',
  github: 'sets the secret, sealed with the public key of its repository or environment',
  'gitlab-variable': 'sets the variable',
  kubernetes: 'sets one key of the secret',
  secret: 'sets one field of its JSON, and leaves every other character as it is',
  webhook: 'posts the secret and its version, signed and dated, without the value',
  event: 'puts an event with the secret and its version on the bus',
  role: 'does nothing',
  ack: 'does nothing',
  service: 'does nothing',
};

/** Every kind of consumer: how it is written, what is brought to it, and what shows that it has moved. */
export function consumersTable(): string {
  return table(
    ['Kind', 'Is', 'Target', 'Keyturn', 'It has moved when'],
    CONSUMER_KINDS.options.map((kind) => {
      const { title, form, example } = ruleOf(kind);
      return [
        code(kind),
        title,
        `${code(form)}, like ${code(example)}`,
        DELIVERIES[kind],
        sentence(movedOf(kind)),
      ];
    }),
  );
}

function movedOf(kind: ConsumerKind): string {
  const { proof, moves, holds } = ruleOf(kind);
  if (!isDelivered(kind)) return proof;
  if (!moves) return `${proof}, and \`keyturn consumer confirm\` was run for it`;
  return holds === 0
    ? proof
    : `${proof}, and ${formatDuration(holds)} are over, since running jobs keep the old value`;
}
