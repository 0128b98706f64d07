import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../src/datastore/etcd/connect.js';
import { eventually } from '../../scripts/support/wait.js';
import { settingsFor } from './datastore.js';

/** A real etcd of three members on the loopback. */
export interface EtcdCluster {
  readonly endpoints: readonly string[];
  /** Ends a member as kill -9 does. */
  kill(index: number): Promise<void>;
  stop(): Promise<void>;
}

const MEMBERS = ['a', 'b', 'c'] as const;

/** Starts the members and returns once a read goes through all of them. */
export async function startCluster(): Promise<EtcdCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'calicoctl-cluster-'));
  const ports = await freePorts(MEMBERS.length);
  const endpoints = ports.map((port) => `http://127.0.0.1:${port}`);
  const all = MEMBERS.map((name) => `${name}=unix://peer-${name}:1`).join(',');
  const members = MEMBERS.map((name, index) => spawn('etcd', memberArguments(name, endpoints[index] as string, all), { cwd: folder, stdio: 'ignore' }));
  const stop = async (): Promise<void> => {
    await Promise.all(members.map(end));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(endpoints.map((endpoint) => eventually(`${endpoint} takes part`, () => answers(endpoint))));
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoints, kill: (index) => end(members[index] as ChildProcess), stop };
}

function memberArguments(name: string, endpoint: string, all: string): string[] {
  return [
    '--name', name, '--data-dir', name, '--listen-client-urls', endpoint, '--advertise-client-urls', endpoint,
    '--listen-peer-urls', `unix://peer-${name}:1`, '--initial-advertise-peer-urls', `unix://peer-${name}:1`, '--initial-cluster', all,
    '--heartbeat-interval', '100', '--election-timeout', '1000', '--unsafe-no-fsync', '--logger', 'zap', '--log-level', 'error',
  ];
}

async function answers(endpoint: string): Promise<boolean> {
  const store = await connect(settingsFor(endpoint), { timeoutMs: 1000 });
  try {
    await store.get('none');
    return true;
  } catch {
    return false;
  } finally {
    store.close();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Ports of the loopback on which nobody listens now. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  }));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
