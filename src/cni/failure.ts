import { CalicoError, type Meaning } from '../base/errors.js';

/** What failures of plugins are called in the protocol, by number (reference/network-plugin 4.5). */
export const FAILURE = {
  incompatibleVersion: 1,
  environment: 4,
  inputOutput: 5,
  undecodable: 6,
  invalidConfig: 7,
  invalidNamespace: 8,
  tryAgain: 11,
  unavailable: 50,
  limited: 51,
  other: 999,
} as const;

export type FailureCode = (typeof FAILURE)[keyof typeof FAILURE];

/** A failure of a plugin, as the runtime that called it is told. */
export class Failure extends Error {
  constructor(
    readonly code: FailureCode,
    message: string,
    readonly details?: string,
  ) {
    super(message);
    this.name = 'Failure';
  }
}

/** What may be gone in a moment: the runtime does well to call again. */
const PASSING: readonly Meaning[] = ['unreachable', 'timeout', 'unknown-outcome', 'changed', 'locked'];

/** The failure that anything thrown is to the runtime. What is no error of ours is a bug. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof CalicoError) {
    const { hint } = error;
    return new Failure(codeOf(error.meaning), error.message, typeof hint === 'string' ? hint : undefined);
  }
  return new Failure(FAILURE.other, `this is a bug of the plugin, please report it: ${error instanceof Error ? error.message : String(error)}`);
}

function codeOf(meaning: Meaning): FailureCode {
  if (PASSING.includes(meaning)) return FAILURE.tryAgain;
  return meaning === 'misconfigured' ? FAILURE.invalidConfig : FAILURE.other;
}

/** A failure as it is printed to stdout: without the version of the protocol, as the official plugins do. */
export function failureText({ code, message, details }: Failure): string {
  return `${JSON.stringify({ code, msg: message, ...(details !== undefined && { details }) }, undefined, 4)}\n`;
}
