import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { compile } from '../../../src/policy/compile.js';
import type { Verdict } from '../../../src/policy/evaluate.js';
import type { Flow } from '../../../src/policy/flow.js';
import type { HostInterfaces } from '../../../src/policy/host.js';
import type { Model } from '../../../src/policy/model.js';
import { readNetwork } from '../../../src/policy/stored-network.js';

/** Values by key; null takes a key away. */
export type Store = Readonly<Record<string, unknown>>;

export interface GoldenStep {
  readonly hook: string;
  readonly visits?: readonly string[];
}

export interface GoldenVerdict {
  readonly verdict: string;
  readonly by: string;
  readonly steps?: readonly GoldenStep[];
}

/** What official Calico 3.32.1 did with a network; test/cases/policy/README.md has the form. */
export interface GoldenCase {
  readonly id: string;
  readonly note?: string;
  readonly hosts: HostInterfaces;
  readonly store: Store;
  readonly flows: readonly Flow[];
  readonly want: readonly GoldenVerdict[];
}

const FOLDER = process.env['GOLDEN_POLICY'] ?? join(import.meta.dirname, '../../cases/policy');

/** The cases of a file. */
export function goldenCases<Case = GoldenCase>(file: string): readonly Case[] {
  const path = join(FOLDER, `${file}.jsonl`);
  const text = process.env['GOLDEN_POLICY'] === undefined ? gunzipSync(readFileSync(`${path}.gz`)).toString() : readFileSync(path, 'utf8');
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Case);
}

const BASE = JSON.parse(readFileSync(join(FOLDER, 'base.json'), 'utf8')) as Store;

/** The model of stores, each laid over what is there before, on top of the keys that every store has. */
export function goldenModel(hosts: HostInterfaces, ...stores: readonly Store[]): Model {
  const entries = Object.entries(Object.assign({}, BASE, ...stores) as Store).filter(([, value]) => value !== null);
  const { resources, corrupt } = readNetwork(entries.map(([key, value]) => ({ key, value: JSON.stringify(value), modRevision: '1' })));
  if (corrupt.length > 0) throw new Error(`unreadable: ${JSON.stringify(corrupt)}`);
  return compile(resources, hosts);
}

/** A verdict in the form of the recorded one. */
export function asRecorded({ verdict, by, steps }: Verdict, wanted: GoldenVerdict): unknown {
  const withVisits = (wanted.steps ?? []).some(({ visits }) => visits !== undefined);
  const recorded = steps.map(({ hook, dir, ep, node, do: done, by: decider, visits, trace }) => ({
    hook,
    ...(dir !== undefined && { dir }), ...(ep !== undefined && { ep }), ...(node !== undefined && { node }),
    do: done, by: decider,
    ...(dir !== undefined && { visited: visits.length }),
    ...(trace !== undefined && { trace }),
    ...(withVisits && visits.length > 0 && { visits: visits.map(({ rule }) => rule.id) }),
  }));
  return { verdict, by, ...(recorded.length > 0 && { steps: recorded }) };
}
