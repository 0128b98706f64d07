import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM } from '../../scripts/support/calicoctl.js';
import type { NodeNetwork } from './node-network.js';

/** A session on several hosts, as it would be seen on their terminals, side by side. */
export class DockerSession {
  private readonly folder: string;
  private readonly shown: string[] = [];

  constructor(private readonly network: NodeNetwork) {
    this.folder = join(network.hosts[0]!.folder, 'session');
    mkdirSync(this.folder);
    const program = join(this.folder, 'calicoctl');
    writeFileSync(program, `#!/bin/sh\nexec ${process.execPath} ${PROGRAM} "$@"\n`);
    chmodSync(program, 0o755);
  }

  /** Runs a line of shell on a host, which counts from 1, and keeps what came of it. Throws where it fails. */
  async run(host: number, line: string): Promise<string> {
    const env = { ETCD_ENDPOINTS: this.network.etcd, PATH: `${this.folder}:${process.env['PATH'] ?? ''}` };
    const { code, stdout, stderr } = await this.network.hosts[host - 1]!.run(['sh', '-c', line], { env });
    this.shown.push(`host${host}$ ${line}\n${stdout}${stderr}`);
    if (code !== 0) throw new Error(`${line} ended with ${code}: ${stdout}${stderr}`);
    return stdout.trimEnd();
  }

  /** A remark between two lines. */
  about(text: string): void {
    this.shown.push(`${this.shown.length === 0 ? '' : '\n'}# ${text}\n`);
  }

  /** All that was shown, the same each time: ids, times and what is chosen at random are others. */
  get text(): string {
    const known = new Map<string, string>();
    const idOf = (id: string): string => {
      const start = id.slice(0, 11);
      if (!known.has(start)) known.set(start, createHash('sha256').update(String(known.size)).digest('hex'));
      return known.get(start)!.slice(0, id.length);
    };
    return this.shown.join('')
      .replace(/^\d{4}-\d\d-\d\d [\d:.]+ (\[\w+\])\[\d+\]/gm, '2026-11-30 12:00:00.000 $1[9]')
      .replace(/(agent \d+\.\d+\.\d+) \(.*\)$/gm, '$1')
      .replace(/\b[0-9a-f]{64}\b|\b[0-9a-f]{12}\b|(?<=\bcali)[0-9a-f]{11}\b/g, idOf)
      .replace(/\bfd[0-9a-f]{2}:[0-9a-f]{1,4}:[0-9a-f]{1,4}::\/48/g, 'fd80:24e2:f998::/48')
      .replace(/\d\d:\d\d:\d\d(?= +\|)/g, '12:00:00')
      .replace(/time=[\d.]+ ms/g, 'time=0.2 ms')
      .replace(/= [\d.]+\/[\d.]+\/[\d.]+ ms/g, '= 0.2/0.2/0.2 ms')
      .replace(/ +$/gm, '');
  }
}
