import { describe, type Suite } from 'mocha';

const leftOut: string[] = [];

/** A suite that needs root, for namespaces and mounts. Without root it is left out, and that is said at the end, with a count. */
export function describeAsRoot(title: string, define: (this: Suite) => void): void {
  if (process.getuid?.() === 0) {
    describe(title, define);
    return;
  }
  if (leftOut.length === 0) process.on('exit', () => console.log(`${leftOut.length} suites left out, as they need root: ${leftOut.join('; ')}`));
  leftOut.push(title);
}
