import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { InvalidRequest } from '../../base/errors.js';
import { contextNameProblem, contextsUsing, withContext } from '../../config/contexts.js';
import { changeContexts } from '../../config/contexts-file.js';
import { fromEnvironment, type FoundSettings } from '../../config/keys.js';
import { newContext } from '../../config/new-context.js';
import { chooseSource } from '../../config/source.js';

/** The flags that say a setting, and its key. */
const SETTINGS = { endpoints: 'etcdEndpoints', 'discovery-srv': 'etcdDiscoverySrv', username: 'etcdUsername', 'ca-file': 'etcdCACertFile', 'cert-file': 'etcdCertFile', 'key-file': 'etcdKeyFile' } as const;

export default class ContextAdd extends BaseCommand {
  static override summary = 'Add a context: a cluster by name.';
  static override description = 'Contexts are kept in ~/.config/calicoctl/contexts.yaml, which only its owner can read. --dialect becomes the dialect of the context. Nothing is connected to; calicoctl datastore check --context NAME tells whether it works.';
  static override examples = [
    '<%= config.bin %> context add lab --endpoints http://10.0.0.1:2379',
    '<%= config.bin %> context add prod --endpoints https://etcd1:2379,https://etcd2:2379 --ca-file ca.pem --cert-file me.pem --key-file me.key --dialect v3',
    '<%= config.bin %> context add staging --config /etc/calico/staging.cfg --use',
    '<%= config.bin %> context add old --from-env',
  ];
  static override args = { name: Args.string({ description: 'name of the context', required: true, ignoreStdin: true }) };
  static override usage = ['context add NAME --endpoints URL[,URL...] [flags]', 'context add NAME --discovery-srv DOMAIN [flags]', 'context add NAME --config FILE [flags]', 'context add NAME --from-env [flags]'];
  static override flags = {
    endpoints: Flags.string({ helpValue: 'URL[,URL...]', description: 'etcd endpoints, separated by commas' }),
    'discovery-srv': Flags.string({ helpValue: 'DOMAIN', description: 'domain whose SRV records name the endpoints' }),
    username: Flags.string({ helpValue: 'NAME', description: 'user of etcd' }),
    'password-stdin': Flags.boolean({ description: 'read the password of the user from standard input' }),
    'ca-file': Flags.string({ helpValue: 'FILE', description: 'authority that signed the certificates of etcd' }),
    'cert-file': Flags.string({ helpValue: 'FILE', description: 'client certificate' }),
    'key-file': Flags.string({ helpValue: 'FILE', description: 'key of the client certificate' }),
    config: Flags.string({ char: 'c', helpValue: 'FILE', description: 'copy the settings of this configuration file', exclusive: ['from-env'] }),
    'from-env': Flags.boolean({ description: 'copy the settings of the environment' }),
    journal: Flags.boolean({ description: 'write changes into the journal' }),
    replace: Flags.boolean({ description: 'replace the context if it exists' }),
    use: Flags.boolean({ description: 'put it in use too' }),
  };
  static override readonly bundle = 'offline';
  static override readonly warm = 'not run';

  protected override readonly managesContexts = true;

  protected override async execute(): Promise<ExitCode> {
    const { args: { name }, flags } = await this.parse(ContextAdd);
    await this.use({ dialect: flags.dialect });
    const problem = contextNameProblem(name);
    if (problem !== undefined) throw new InvalidRequest(problem);
    const base = flags['from-env'] ? { found: fromEnvironment(this.env) } : flags.config === undefined ? undefined : await chooseSource({ env: {}, configFile: flags.config });
    const over: FoundSettings = {};
    for (const [flag, key] of Object.entries(SETTINGS)) {
      const text = flags[flag as keyof typeof SETTINGS];
      if (text !== undefined) over[key] = { text, origin: `--${flag}` };
    }
    if (flags.journal) over.journal = { text: 'true', origin: '--journal' };
    if (flags['password-stdin']) over.etcdPassword = { text: await this.password(), origin: 'standard input' };
    const { etcdEndpoints, etcdDiscoverySrv, etcdAuthority } = { ...base?.found, ...over };
    if ((etcdEndpoints ?? etcdDiscoverySrv ?? etcdAuthority) === undefined) throw new InvalidRequest('nothing says where etcd is', 'give --endpoints, --discovery-srv, --config or --from-env');
    const dialect = flags.dialect === 'v1' || flags.dialect === 'v3' ? flags.dialect : base && 'dialect' in base ? base.dialect : undefined;
    const context = newContext(name, dialect, { base: base?.found ?? {}, over });
    await changeContexts(this.env, (contexts) => {
      const added = withContext(contexts, context, { replace: flags.replace });
      return flags.use ? contextsUsing(added, name) : added;
    });
    await this.hint(flags.use ? `${name} is in use now` : `use it with --context ${name}, or: calicoctl context use ${name}`);
    return ExitCode.done;
  }

  /** One line, of which the end is not part. */
  private async password(): Promise<string> {
    const { readLine } = await import('../../cli/ask.js');
    const line = (await readLine(this.shell.stdin))?.replace(/\r$/, '') ?? '';
    if (line === '') throw new InvalidRequest('there is no password on standard input', "write for example: calicoctl context add NAME ... --password-stdin < FILE");
    return line;
  }
}
