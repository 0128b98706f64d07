import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** A process of this host. */
export interface Process {
  readonly pid: number;
  /** The name the kernel has for it, at most 15 characters. */
  readonly name: string;
  readonly argv: readonly string[];
}

/** The processes that this user can see. One that ends while it is looked at is left out. */
export function listProcesses(folder = '/proc'): Process[] {
  return readdirSync(folder)
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const name = readFileSync(`${folder}/${entry}/comm`, 'utf8').trimEnd();
        const argv = readFileSync(`${folder}/${entry}/cmdline`, 'utf8').split('\0').slice(0, -1);
        return [{ pid: Number(entry), name, argv }];
      } catch {
        return [];
      }
    });
}

/** The value of a variable that a process was started with; undefined where it has none, has ended, or is not for this user to know. */
export function startedWith({ pid }: Process, variable: string, folder = '/proc'): string | undefined {
  try {
    const found = readFileSync(`${folder}/${pid}/environ`, 'utf8').split('\0').find((each) => each.startsWith(`${variable}=`));
    return found?.slice(variable.length + 1);
  } catch {
    return undefined;
  }
}

/** Whether a process is in the network that this one is in: those of labs and other containers are not. False where it is not for this user to know. */
export function sharesNetwork({ pid }: Process, folder = '/proc'): boolean {
  try {
    return readlinkSync(`${folder}/${pid}/ns/net`) === readlinkSync(`${folder}/self/ns/net`);
  } catch {
    return false;
  }
}

/** Whether a process is Felix: `calico-felix`, or `calico-node -felix` (reference/node 4). */
export function isFelix({ name, argv }: Process): boolean {
  const program = basename(argv[0] ?? '');
  return name === 'calico-felix' || program === 'calico-felix' || (program === 'calico-node' && argv.includes('-felix'));
}

/** What our own agent calls itself (src/programs/agent). */
export const AGENT = 'calico-agent';

/** Whether a process is our own agent, which does what Felix does. */
export function isAgent({ name }: Process): boolean {
  return name === AGENT;
}

/** Whether a process shows that Calico's node runs: Felix, our own agent, or the start script of our container, which waits for the datastore first. */
export function isCalicoProcess(process: Process): boolean {
  return isFelix(process) || isAgent(process) || process.argv.slice(0, 2).some((word) => basename(word) === 'start-calico-node');
}

/** Whether a process is the BIRD of an address family; BIRD 2 has one process, named `bird`, for both. */
export function isBird({ name }: Process, family: 4 | 6): boolean {
  return name === (family === 4 ? 'bird' : 'bird6');
}
