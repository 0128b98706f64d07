import { goRegexpProblem } from '../../go/regexp.js';
import { describe, wrongValue, type FieldType } from './field.js';
import { text } from './scalars.js';

const plain = text({ name: 'a regular expression' });

/** A regular expression that Calico compiles. */
export const goRegexp: FieldType<string> = {
  ...plain,
  decode(raw, path, to) {
    const value = plain.decode(raw, path, to);
    const problem = value === undefined ? undefined : goRegexpProblem(value);
    return problem === undefined ? value : wrongValue(`${describe(value)} is not a regular expression: ${problem}`, path, to);
  },
};
