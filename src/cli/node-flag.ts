import { InvalidRequest } from '../base/errors.js';
import { nodeNameProblem } from '../resources/node-name.js';

/** Throws InvalidRequest where a flag names no node that there can be: it would be another's settings or addresses that are read or changed. */
export function checkNodeName(node: string, flag = '--node'): void {
  const problem = nodeNameProblem(node);
  if (problem !== undefined) throw new InvalidRequest(`${flag}: ${problem.message}`, problem.hint);
}
