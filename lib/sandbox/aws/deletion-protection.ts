import { AwsError } from './errors.ts';
import { isFields } from './patterns.ts';

/**
 * Which tables may not be deleted: dynalite does not know of that (DynamoDB developer guide, "Using deletion
 * protection to protect your table").
 */
export class DeletionProtection {
  readonly #tables = new Set<string>();

  /**
   * Takes from an input what dynalite does not know; undefined when nothing else is left. Errors:
   * ValidationException for the deletion of a table that is protected.
   */
  taken(operation: string, input: unknown): unknown {
    if (!isFields(input) || typeof input['TableName'] !== 'string') return input;
    const table = input['TableName'];
    if (operation === 'DeleteTable' && this.#tables.has(table))
      throw new AwsError(
        'ValidationException',
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion ' +
          'protection first.',
      );
    const { DeletionProtectionEnabled, ...rest } = input;
    if (typeof DeletionProtectionEnabled !== 'boolean') return input;
    if (DeletionProtectionEnabled) this.#tables.add(table);
    else this.#tables.delete(table);
    return operation === 'UpdateTable' && Object.keys(rest).length === 1 ? undefined : rest;
  }
}
