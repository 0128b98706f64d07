import { CalicoError } from '../../src/base/errors.js';

/** The message that a call failed with; throws where it did not fail, or failed otherwise than a command may. */
export async function failureOfCommand(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof CalicoError) return error.message;
    throw error;
  }
  throw new Error('it did not fail');
}
