import { safeName } from '../archive/archive.js';
import { capture, installed, StepFailure } from './capture.js';
import type { DiagnosticStep } from './steps.js';

/** How an engine lists the containers of Calico and shows their logs. */
interface Listing {
  readonly program: string;
  readonly list: readonly string[];
  /** The name of a container in a line of the list. */
  nameIn(line: string): string;
}

const byName = (program: string): Listing => ({
  program,
  list: ['ps', '-a', '--filter', 'name=calico', '--format', '{{.Names}}: {{.CreatedAt}}'],
  nameIn: (line) => line.split(': ')[0] ?? '',
});

/** Engines whose command takes docker's words, and the one of Kubernetes. */
const LISTINGS: readonly Listing[] = [byName('docker'), byName('podman'), byName('nerdctl'), { program: 'crictl', list: ['ps', '-a', '-q', '--name', 'calico'], nameIn: (line) => line }];

/** Names that an engine accepts as one argument: none of them begins like an option. */
const CONTAINER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** Placeholders that hold the network of a pod have no logs. */
const PLACEHOLDER = /k8s_POD/;

/** An engine that is installed. */
export interface InstalledEngine extends Listing {
  readonly path: string;
}

/** Every engine that is installed. */
export function installedEngines(searchPath: string): InstalledEngine[] {
  return LISTINGS.flatMap((listing) => {
    const path = installed(listing.program, searchPath);
    return path === undefined ? [] : [{ ...listing, path }];
  });
}

/** Lists an engine's containers; what it lists is told to `onList` too. */
export function listStep(engine: InstalledEngine, onList: (names: readonly string[]) => void): DiagnosticStep {
  return {
    title: `Looking for containers of Calico (${engine.program})`,
    what: [engine.program, ...engine.list].join(' '),
    file: `containers/${engine.program}`,
    async run(write, signal) {
      let text = '';
      const keep = (piece: Buffer): Promise<boolean> => {
        text += piece.toString();
        return write(piece);
      };
      await capture(engine.path, engine.list, keep, signal);
      onList(text.split('\n').filter((line) => !PLACEHOLDER.test(line)).map((line) => engine.nameIn(line.trim())).filter((name) => name !== ''));
    },
  };
}

/** The steps that a container needs: its logs, and of the node's own container the IP sets it sees. */
export function containerSteps(engine: InstalledEngine, name: string): DiagnosticStep[] {
  const run = (args: readonly string[]) => async (...[write, signal]: Parameters<DiagnosticStep['run']>): Promise<void> => {
    if (!CONTAINER_NAME.test(name)) throw new StepFailure('a container of that name is not asked for');
    await capture(engine.path, args, write, signal);
  };
  const logs = { what: `${engine.program} logs ${name}`, file: `containers/${engine.program}-${safeName(name)}.log`, run: run(['logs', name]) };
  if (name !== 'calico-node') return [logs];
  return [{ title: 'Dumping ipsets (container)', what: `${engine.program} exec ${name} ipset list`, file: 'ipset_container', run: run(['exec', name, 'ipset', 'list']) }, logs];
}
