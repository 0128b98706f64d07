import { Flags } from '@oclif/core';
import { tmpdir } from 'node:os';
import { BaseCommand } from '../../cli/base-command.js';
import { CalicoError, DatastoreError } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { datastoreFlags } from '../../cli/flags.js';
import { DiagnosticArchive } from '../../host/archive/archive.js';
import { checksystemStep, felixStep, networksStep } from '../../node/diagnostic-steps.js';
import { archiveFailure, archiveName, collectDiagnostics } from '../../node/diagnostics.js';
import { checkText } from '../../output/views/node/checksystem.js';

/** Longest time of one step. */
const STEP_MS = 30_000;

export default class NodeDiags extends BaseCommand {
  static override summary = "Collect diagnostics of this node in one archive.";
  static override description = 'Routes, rules, sets, BIRD, and the logs of Calico and its containers. A step that fails or takes too long is noted in the archive\'s manifest.json, and the rest goes on. Passwords, tokens and private keys are removed; look through the archive before you share it.';
  static override examples = ['<%= config.bin %> node diags', '<%= config.bin %> node diags --log-dir /data/log/calico'];
  static override flags = {
    config: datastoreFlags.config,
    'log-dir': Flags.string({ helpValue: 'DIR', default: '/var/log/calico', description: 'folder with Calico\'s logs' }),
  };
  static override readonly bundle = 'node';
  static override readonly warm = 'not run';

  protected override async execute(): Promise<ExitCode> {
    const { flags } = await this.parse(NodeDiags);
    const secrets = await this.secrets(flags);
    this.say('Collecting diagnostics');
    const archive = await this.createArchive(secrets);
    this.say(`Using temp dir: ${archive.folder}`);
    try {
      const searchPath = this.env['PATH'] ?? '';
      const more = [checksystemStep(checkText), felixStep(searchPath), networksStep()];
      const results = await collectDiagnostics({ archive, logFolder: flags['log-dir'], searchPath, stepMs: STEP_MS, more, signal: this.interruption.signal, notify: this.notify });
      await archive.finish();
      const failed = results.filter(({ ok }) => !ok).length;
      for (const line of ['', `Diags saved to ${archive.path}`]) this.say(line);
      this.say(`${results.length - failed} of ${results.length} steps succeeded; its manifest.json says what failed and why.`);
      this.say('If required, you can upload the diagnostics bundle to a file sharing service.');
    } catch (error) {
      await archive.discard();
      throw archiveFailure(error, archive.folder);
    }
    return ExitCode.done;
  }

  private async createArchive(secrets: readonly string[]): Promise<DiagnosticArchive> {
    const now = this.sources.now();
    try {
      return await DiagnosticArchive.create(tmpdir(), archiveName(now), { secrets, now });
    } catch (error) {
      throw new CalicoError('failed', `no archive can be created below ${tmpdir()} (${(error as NodeJS.ErrnoException).code ?? String(error)})`, { hint: 'set TMPDIR to a writable folder' });
    }
  }

  /** What must stand nowhere in the archive. Settings that are wrong are what a diagnosis may be about. */
  private async secrets<T extends object>(flags: T): Promise<readonly string[]> {
    try {
      await this.use({ ...flags, timeout: '10s' });
      const { user, client } = this.connection;
      const lines = client?.key.pem?.split('\n').filter((line) => !line.startsWith('-----')) ?? [];
      return [...lines, ...(user === undefined ? [] : [user.password, `${user.name}:${user.password}`])];
    } catch (error) {
      if (!(error instanceof DatastoreError)) throw error;
      await this.note(`the connection settings cannot be read, so their secrets are unknown: ${error.message}`);
      return [];
    }
  }
}
