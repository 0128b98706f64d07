import { LabFolder, labNames } from '../../../lab/folder.js';
import { Lab } from '../../../lab/lab.js';
import { OUTSIDE } from '../../../lab/plan.js';
import { storedWorkloads, toldApart, workloadOf } from '../../../lab/workloads.js';
import type { LookUp } from '../facts.js';

const WORDS: readonly string[] = ['LAB', 'PLACE', 'FROM', 'TO'];

/** Whether what is looked up is in a lab, whatever cluster the line means. */
export function isInLab({ word, command }: LookUp): boolean {
  return WORDS.includes(word) || (word === 'NODE' && command.startsWith('lab '));
}

/** Labs of this machine, hosts of the lab that a line names, or its places: hosts, workloads, the outside. Only root sees any. Throws where the lab cannot be asked. */
export async function inLab({ word, flags, words }: LookUp, untilMs: number): Promise<readonly string[]> {
  if (word === 'LAB') return labNames();
  const name = flags.get('name')?.at(-1) ?? 'lab';
  const hosts = new LabFolder(name).read()?.hosts.map((host) => host.name) ?? [];
  if (word === 'NODE') return hosts.filter((host) => !words.includes(host));
  return hosts.length === 0 ? [] : [...hosts, OUTSIDE, ...(await workloads(name, hosts, untilMs))];
}

async function workloads(name: string, hosts: readonly string[], untilMs: number): Promise<readonly string[]> {
  const [{ endpoint }, { connect }] = await Promise.all([Lab.open(name), import('../../../datastore/etcd/connect.js')]);
  const store = await connect({ endpoints: [endpoint], endpointsOrigin: 'the lab' }, { timeoutMs: Math.max(1, untilMs - performance.now()) });
  const { here } = await storedWorkloads(store, hosts);
  return toldApart(here.map(workloadOf)).map(([called]) => called);
}
