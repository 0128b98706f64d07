import { CalicoError } from '../../base/errors.js';

/** A file that was to be used as a store, or restored, and is of no use. `what` goes on after the file's name: `is cut off`. */
export class UnusableFile extends CalicoError {
  constructor(file: string, what: string, hint?: string) {
    super('invalid-document', `${file} ${what}`, { hint, subject: file });
  }
}
