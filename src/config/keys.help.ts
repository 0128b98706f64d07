import type { SettingKey } from './keys.js';

/** What a manual says of a key of a configuration file: the word for its value, and a sentence or two. */
export interface KeyHelp {
  readonly value: string;
  readonly text: string;
}

/** Every key of a configuration file, in the order in which they are told. */
export const KEY_HELP: Readonly<Record<SettingKey, KeyHelp>> = {
  etcdEndpoints: { value: 'URL[,URL...]', text: 'Where etcd is: `http://HOST:PORT` or `https://HOST:PORT`, all alike, with commas between them. The port is 2379 where none is given; IPv6 addresses stand in brackets. Where one does not answer, another is asked.' },
  etcdDiscoverySrv: { value: 'DOMAIN', text: 'A domain whose SRV records `_etcd-client._tcp` and `_etcd-client-ssl._tcp` name the endpoints; in place of `etcdEndpoints`.' },
  etcdAuthority: { value: 'HOST:PORT', text: 'The one endpoint, as old files write it. `etcdEndpoints` hides it.' },
  etcdScheme: { value: 'http|https', text: 'How the endpoint of `etcdAuthority` is reached; http where it is left out.' },
  etcdUsername: { value: 'NAME', text: 'User of etcd; together with `etcdPassword`.' },
  etcdPassword: { value: 'PASSWORD', text: 'Password of that user. A file that holds it should be readable by its owner alone; others are warned of.' },
  etcdCACertFile: { value: 'FILE', text: "File with the certificates of the authorities that etcd's certificate is checked against, PEM. Without it, those that Node.js has built in." },
  etcdCertFile: { value: 'FILE', text: 'File with the client certificate, PEM; together with `etcdKeyFile`.' },
  etcdKeyFile: { value: 'FILE', text: 'File with the key of the client certificate, PEM.' },
  etcdCACert: { value: 'PEM', text: 'What would be in `etcdCACertFile`. Files and texts cannot be mixed.' },
  etcdCert: { value: 'PEM', text: 'What would be in `etcdCertFile`.' },
  etcdKey: { value: 'PEM', text: 'What would be in `etcdKeyFile`.' },
  datastoreType: { value: 'etcdv3', text: 'etcdv3, or etcdv2 in old files: the etcd v3 store is used then too, with a warning. Another datastore is refused.' },
  guard: { value: 'on|off', text: 'Whether a change is refused that closes what the network lives by: the ways to etcd, BGP, SSH and the kubelet; on where it is left out. `CALICOCTL_GUARD` goes before it, `--no-guard` leaves it out once.' },
  journal: { value: 'on|off', text: 'Whether commands that change something are written down in etcd, for calicoctl-journal-list(1) and calicoctl-undo(1); off where it is left out. `CALICOCTL_JOURNAL` goes before it.' },
};

/** Variables that are no setting of a file, and what each does. */
export const VARIABLE_HELP: Readonly<Record<string, string>> = {
  CALICOCTL_CONTEXT: 'The context to use, where neither `--context` nor `--config` names one; see calicoctl-context-add(1).',
  CALICOCTL_DIALECT: 'The dialect, v1 or v3, where `--dialect` does not say it.',
  CALICOCTL_GUARD: 'on or off: whether a change is refused that closes what the network lives by, whatever the settings say.',
  CALICOCTL_JOURNAL: 'on or off: whether commands that change something are written into the journal, whatever the settings say.',
  CALICOCTL_COMPLETION_MS: 'How long a completion of calicoctl-completion(1) may take, in milliseconds; 300 unless it is set.',
  CALICOCTL_EDITOR: 'The program of calicoctl-edit(1), before VISUAL and EDITOR.',
  NO_COLOR: 'Where it is not empty, nothing is coloured.',
  FORCE_COLOR: 'Colours also in a pipe or a file: 1 for 16 of them, 2 for 256, 3 for all.',
  XDG_CONFIG_HOME: 'Where the folder calicoctl with the contexts is, in place of `~/.config`.',
  XDG_CACHE_HOME: 'Where the folder calicoctl with compiled code is, in place of `~/.cache`.',
};
