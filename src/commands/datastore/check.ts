import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { DatastoreError, InvalidRequest } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { datastoreFlags, parseTimeLimit } from '../../cli/flags.js';
import { goJsonIndented } from '../../go/indented-json.js';
import { isFinding, type Check } from '../../health/check.js';
import { checkData, checkSummary, checkText } from '../../output/views/datastore/check.js';
import { safeText } from '../../text/safe.js';

export default class DatastoreCheck extends BaseCommand {
  static override summary = 'Find out what stands between this tool and a healthy datastore.';
  static override description = 'In order: the settings and where they come from, names, TCP, TLS and certificates, authentication, the version of etcd, members and leader, alarms, space, latency, revision and compaction, permissions, which Calico data is there, lock and release of the cluster, objects by kind. Each finding comes with its remedy. Nothing is written. The exit code is 1 if there is any finding.';
  static override examples = ['<%= config.bin %> datastore check', '<%= config.bin %> datastore check --context prod -o json'];
  static override flags = { ...datastoreFlags, output: Flags.string({ char: 'o', description: 'print data', options: ['json'] }) };
  static override readonly bundle = 'addresses';
  static override readonly warm = [];

  protected override async execute(): Promise<ExitCode> {
    const { flags } = await this.parse(DatastoreCheck);
    if (flags.store !== undefined) throw new InvalidRequest('--store: a file has no server to check', 'leave it out, or check the file with datastore inspect');
    const resolved = await this.use(flags).then(() => this.resolved, settingsProblem);
    const { checkDatastore } = await import('../../health/run.js');
    const checks: Check[] = [];
    for await (const check of checkDatastore({ resolved, connect: () => this.connect(), timeoutMs: parseTimeLimit(flags.timeout), signal: this.interruption.signal, now: this.sources.now() })) {
      checks.push(check);
      if (flags.output === undefined) await this.shell.outProse(safeText(checkText(check)));
    }
    await this.out(flags.output === undefined ? checkSummary(checks) : `${goJsonIndented(checkData(checks))}\n`);
    return checks.some(isFinding) ? ExitCode.failed : ExitCode.done;
  }
}

/** Settings that lead nowhere are the first thing that can be wrong. */
function settingsProblem(error: unknown): DatastoreError {
  if (error instanceof DatastoreError) return error;
  throw error;
}
