import { Args, Flags } from '@oclif/core';
import { InvalidRequest } from '../base/errors.js';
import { namedChoice } from '../changes/amend.js';
import { AmendCommand } from '../cli/amend-command.js';
import { argumentsOf } from '../cli/command-line.js';
import type { ExitCode } from '../cli/exit-codes.js';
import { changeFlags, datastoreFlags, fileFlags, guardFlags, identityFlags } from '../cli/flags.js';
import { patchAmendment, patchText } from '../cli/patch-text.js';
import { PATCH_TYPES } from '../objects/patch/patch.js';
import { changesText } from '../output/views/changes/patch.js';
import { writeReport } from '../output/views/changes/report.js';
import type { CommandReport } from '../output/views/report.js';
import type { WriteResult } from '../changes/write.js';

export default class Patch extends AmendCommand {
  static override summary = 'Change some fields of resources.';
  static override description = 'The patch, in JSON or YAML, is made to the document that `get -o yaml` prints in the same dialect, and the result is checked as replace checks it. A strategic or merge patch (RFC 7396) has the fields that change, null for those that go; lists are replaced. A JSON patch (RFC 6902) has operations; where a test fails, nothing is written. What another client changes meanwhile is kept: the patch is made again to what is stored then. A metadata.resourceVersion in it is the revision that is meant.';
  static override examples = [
    `<%= config.bin %> patch policy allow-web -p '{"spec": {"order": 10}}'`,
    `<%= config.bin %> patch node host1 host2 -p 'spec: {bgp: {asNumber: 64513}}' --dry-run`,
    `<%= config.bin %> patch bgpPeer 10.0.0.1 --scope global --patch-file peer.yaml`,
    `<%= config.bin %> --dialect v3 patch gnp web -t json -p '[{"op": "remove", "path": "/spec/order"}]'`,
  ];
  static override args = { kind: Args.string({ description: 'resource kind, such as policy', ignoreStdin: true }) };
  static override strict = false;
  static override usage = ['patch KIND NAME... -p PATCH [flags]', 'patch KIND/NAME... -p PATCH [flags]', 'patch -f FILE... -p PATCH [flags]'];
  static override flags = {
    ...fileFlags,
    ...identityFlags,
    ...changeFlags,
    ...guardFlags,
    ...datastoreFlags,
    patch: Flags.string({ char: 'p', helpValue: 'PATCH', description: 'the patch, or - for stdin', exclusive: ['patch-file'] }),
    'patch-file': Flags.string({ helpValue: 'FILE', description: 'file with the patch, or - for stdin' }),
    type: Flags.option({ char: 't', options: PATCH_TYPES, default: 'strategic' as const, description: 'what the patch is' })(),
    output: Flags.string({ char: 'o', description: 'what to print about each resource', options: ['name', 'json'] }),
  };
  static override readonly bundle = 'write';
  static override readonly warm = ['policy', 'web', '-p', '{"spec":{"order":7}}'];

  protected readonly verb = 'patch';

  protected override async execute(): Promise<ExitCode> {
    const { flags: given, raw } = await this.parse(Patch);
    const flags = await this.use(given);
    const { filename = [], patch, 'patch-file': file, 'dry-run': dryRun, output } = flags;
    if (filename.includes('-') && (patch === '-' || file === '-')) throw new InvalidRequest('standard input (-) can be read only once');
    const text = await patchText(flags, this.shell);
    const targets = await this.named(argumentsOf(raw), flags);
    if (targets.length === 0) return this.nothingGiven(filename, flags['skip-empty']);
    const amendment = patchAmendment(flags.type, text, targets.length > 1);
    const report = (result: WriteResult): CommandReport => writeReport('patch', targets, result, { dryRun, output, terminal: this.terminal.stdout, largeEffects: this.largeEffects });
    const after = async (result: WriteResult): Promise<void> => this.shell.outStyled(await changesText(result, await this.shell.colours()));
    return this.amend(namedChoice(targets), amendment, flags, { report, after: dryRun && output === undefined ? after : undefined });
  }
}
