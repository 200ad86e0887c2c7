// The consumers of a token, as a manifest declares them.
import * as z from 'zod';
import { KeyturnError } from '../../../functions/core/basics/errors.ts';
import { CONSUMER_KINDS, isTarget, ruleOf } from '../../../functions/core/consumers/consumer-kinds.ts';
import { MOST_CONSUMERS, parseConsumer } from '../../../functions/core/consumers/consumers.ts';

/** One consumer of a manifest. */
export const ManifestConsumer = z
  .strictObject({
    name: z
      .string({ error: 'write a name, like billing-ci' })
      .meta({ description: 'Tells the consumers of one token apart.', examples: ['billing-ci'] }),
    kind: z
      .enum(CONSUMER_KINDS.options, { error: `write one of ${CONSUMER_KINDS.options.join(', ')}` })
      .meta({ description: 'How the new value, or word of it, reaches it.' }),
    target: z.string({ error: 'write which one is meant, in the form of its kind' }).meta({
      description: 'Which one is meant, in the form of its kind.',
      examples: ['acme/billing:DEPLOY_TOKEN'],
    }),
  })
  .superRefine(({ name, kind, target }, context) => {
    // Tags write the kind in front of the target; here it has a field of its own.
    if (!isTarget(kind, target))
      return context.addIssue({
        code: 'custom',
        path: ['target'],
        message:
          `must have the form ${ruleOf(kind).form}: write ${ruleOf(kind).example}, without the kind in ` +
          'front',
      });
    try {
      parseConsumer(name, `${kind}:${target}`);
    } catch (error) {
      if (!(error instanceof KeyturnError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  });

export const Consumers = z
  .array(ManifestConsumer, { error: 'write a list of consumers, each with name, kind and target' })
  .max(MOST_CONSUMERS, {
    error: `must have at most ${MOST_CONSUMERS} entries: declare one of the kind event for many`,
  })
  .superRefine((consumers, context) => {
    for (const [index, { name }] of consumers.entries()) {
      const first = consumers.findIndex((other) => other.name === name);
      if (first !== index)
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: `repeats ${name}, which consumers[${first}] has already: give it another name`,
        });
    }
  });
