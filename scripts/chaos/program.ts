import { calicoctl, type Ended } from '../support/calicoctl.js';
import { changing, usingAddresses, type Said } from './claims.js';
import type { ClientParts } from './clients.js';

/** Creates, applies, replaces or deletes some policies by the built program, as operators start it; it is taken at the words it prints. */
export async function runPolicyCommand(parts: ClientParts): Promise<void> {
  await changing(parts, async (verb, objects) => {
    const { code, stdout, stderr } = await run([verb, '-f', '-'], parts, objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    const missing = (name: string): boolean => stderr.includes(`does not exist: GlobalNetworkPolicy(${name})`);
    return new Map(objects.map(({ metadata: { name } }): [string, Said] => {
      if (isDoubtful(stderr)) return [name, 'unknown'];
      const isDone = stdout.startsWith('Successfully') && !missing(name);
      if (code === 0 && !isDone) throw new Error(`${verb}: exit code 0 and ${JSON.stringify({ stdout, stderr })}`);
      return [name, isDone ? (verb === 'delete' ? 'deleted' : 'written') : 'not written'];
    }));
  });
}

/** Assigns addresses and releases them by the built program. */
export async function runAddressCommands(parts: ClientParts): Promise<void> {
  await usingAddresses(parts, {
    assign: async (node, count, handle) => {
      const { stdout, stderr } = await run(['ipam', 'assign', '--node', node, '--count', String(count), '--handle', handle, '-o', 'json'], parts);
      if (stdout !== '') return (JSON.parse(stdout) as { readonly block: string }[]).map(({ block }) => block);
      return isDoubtful(stderr) ? 'unknown' : 'not written';
    },
    release: async (handle) => {
      const { code, stderr } = await run(['ipam', 'release', '--handle', handle], parts);
      return code === 0 ? 'released' : isDoubtful(stderr) ? 'unknown' : 'not written';
    },
  });
}

function isDoubtful(stderr: string): boolean {
  return stderr.includes('it is not known');
}

/** Runs the program to its end, with the clients' endpoints. @throws Error where it ends by a signal, or with a stack trace */
async function run(args: readonly string[], { endpoints, book }: ClientParts, stdin = ''): Promise<Ended> {
  book.given.program++;
  const ended = await calicoctl(args, { stdin, env: { ETCD_ENDPOINTS: endpoints.join(',') } });
  if (ended.code === null || /^ +at .+:\d+:\d+\)?$/m.test(ended.stderr)) throw new Error(`calicoctl ${args.join(' ')} ended with ${ended.code}: ${ended.stderr}`);
  return ended;
}
