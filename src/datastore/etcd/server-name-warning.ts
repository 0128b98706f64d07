import process from 'node:process';

let silenced = false;

/**
 * Keeps Node from printing DEP0123 when grpc-js connects to an IP address over TLS (reference/speed 3.2); every other warning
 * goes through. There is no option of grpc-js or etcd3 that avoids the warning and still checks the address.
 */
export function silenceServerNameWarning(): void {
  if (silenced) return;
  silenced = true;
  const emitWarning = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (...args: unknown[]): void => {
    if (args[2] !== 'DEP0123') emitWarning(...args);
  };
}
