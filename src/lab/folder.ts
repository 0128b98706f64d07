import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CalicoError } from '../base/errors.js';
import { makeFolder } from '../base/make-folder.js';
import type { LabPlan } from './plan.js';

/** Where labs have their files: what is in here goes when the machine starts anew, and so do processes and namespaces. */
export const LABS = '/run/calicoctl/labs';

/** The files of a lab. Everything that it has on disk is in its folder. */
export class LabFolder {
  readonly path: string;

  constructor(
    readonly name: string,
    labs = LABS,
  ) {
    this.path = join(labs, name);
  }

  get plan(): string {
    return join(this.path, 'lab.json');
  }

  /** Where the keeper listens. */
  get control(): string {
    return join(this.path, 'control.sock');
  }

  /** Which context leads to the lab. */
  get context(): string {
    return join(this.path, 'context.json');
  }

  get etcd(): string {
    return join(this.path, 'etcd');
  }

  get keeperLog(): string {
    return join(this.path, 'keeper.log');
  }

  get etcdLog(): string {
    return join(this.path, 'etcd.log');
  }

  /** What a host writes, by the folder of its own that it writes to: it stays when the host is stopped. */
  ofHost(host: string): { readonly path: string; readonly log: string } {
    return { path: join(this.path, 'hosts', host), log: join(this.path, 'hosts', host, 'log') };
  }

  get exists(): boolean {
    return existsSync(this.path);
  }

  /** Takes the name of a lab, and writes down what is to be made before anything of it is. Throws CalicoError where there is one of that name. */
  begin(plan: LabPlan): void {
    makeFolder(join(this.path, '..'), 0o700);
    try {
      mkdirSync(this.path, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const named = this.name === 'lab' ? '' : ` --name ${this.name}`;
      throw new CalicoError('exists', `there is a lab of the name ${this.name} already`, { hint: `look at it with calicoctl lab status${named}, take it away with calicoctl lab down${named}, or give this one another --name` });
    }
    writeFileSync(this.plan, `${JSON.stringify(plan, undefined, 2)}\n`);
    mkdirSync(this.etcd, { mode: 0o700 });
  }

  /** What was written down; undefined where a lab was killed before that. */
  read(): LabPlan | undefined {
    try {
      return JSON.parse(readFileSync(this.plan, 'utf8')) as LabPlan;
    } catch {
      return undefined;
    }
  }

  /** Deletes all of it, and the folders around it that are empty then. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    for (const folder of [join(this.path, '..'), join(this.path, '../..')]) {
      try {
        rmdirSync(folder);
      } catch {
        // Others have something there.
        return;
      }
    }
  }
}

/** The labs that there are, by name. */
export function labNames(labs = LABS): readonly string[] {
  try {
    return readdirSync(labs).sort();
  } catch {
    return [];
  }
}
