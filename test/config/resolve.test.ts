import { describe, it } from 'mocha';
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveSettings, type ResolvedSettings } from '../../src/config/resolve.js';
import type { ConfigFile } from '../../src/config/settings.js';
import { failureOf } from '../support/datastore.js';

/** A home without contexts. */
const NOBODY = '/nonexistent';
const missing = (path: string): ConfigFile => {
  throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
};
const fromEnv = (env: Record<string, string>): Promise<ResolvedSettings> => resolveSettings({ env: { HOME: NOBODY, ...env }, readFile: missing });
const fromFile = (text: string | Uint8Array, mode = 0o100600, env: Record<string, string> = {}): Promise<ResolvedSettings> =>
  resolveSettings({ configFile: 'my.cfg', env: { HOME: NOBODY, ...env }, readFile: () => ({ bytes: typeof text === 'string' ? Buffer.from(text) : text, mode }) });
const v1 = (...spec: string[]): string => ['apiVersion: v1', 'kind: calicoApiConfig', 'metadata:', 'spec:', ...spec.map((line) => `  ${line}`), ''].join('\n');
const v3 = (...spec: string[]): string => ['apiVersion: projectcalico.org/v3', 'kind: CalicoAPIConfig', 'metadata:', 'spec:', ...spec.map((line) => `  ${line}`), ''].join('\n');

describe('resolveSettings: the environment', () => {
  it('falls back on the loopback', async () => {
    expect(await fromEnv({})).to.deep.equal({ settings: { endpoints: ['http://127.0.0.1:2379'], endpointsOrigin: 'the default' }, guard: true, journal: false, source: { kind: 'default' }, warnings: [], leftAside: [] });
  });

  it('reads every variable', async () => {
    const env = { DATASTORE_TYPE: 'etcdv3', ETCD_ENDPOINTS: 'https://a,https://b:1', ETCD_USERNAME: 'u', ETCD_PASSWORD: ' p ', ETCD_KEY_FILE: '/k', ETCD_CERT_FILE: '/c', ETCD_CA_CERT_FILE: '/ca' };
    expect(await fromEnv(env)).to.deep.equal({
      settings: {
        endpoints: ['https://a:2379', 'https://b:1'],
        endpointsOrigin: 'ETCD_ENDPOINTS',
        user: { name: 'u', password: ' p ', nameOrigin: 'ETCD_USERNAME', passwordOrigin: 'ETCD_PASSWORD' },
        authority: { origin: 'ETCD_CA_CERT_FILE', file: '/ca' },
        client: { certificate: { origin: 'ETCD_CERT_FILE', file: '/c' }, key: { origin: 'ETCD_KEY_FILE', file: '/k' } },
      },
      warnings: [],
      source: { kind: 'environment' },
      guard: true, journal: false,
      leftAside: [],
    });
  });

  it('lets the twin with the prefix CALICO_ win, and takes an empty variable for none', async () => {
    const { settings } = await fromEnv({ ETCD_ENDPOINTS: 'http://plain', CALICO_ETCD_ENDPOINTS: 'http://prefixed', CALICO_ETCD_CA_CERT_FILE: '', ETCD_CA_CERT_FILE: '/ca', ETCD_USERNAME: ' ' });
    expect(settings).to.deep.equal({ endpoints: ['http://prefixed:2379'], endpointsOrigin: 'CALICO_ETCD_ENDPOINTS', authority: { origin: 'ETCD_CA_CERT_FILE', file: '/ca' } });
  });

  const endpoints: readonly (readonly [string, Record<string, string>, readonly [string, string]])[] = [
    ['an authority', { ETCD_AUTHORITY: 'etcd:4001' }, ['http://etcd:4001', 'ETCD_AUTHORITY']],
    ['an authority and a scheme', { ETCD_AUTHORITY: 'etcd', ETCD_SCHEME: 'HTTPS' }, ['https://etcd:2379', 'ETCD_AUTHORITY']],
    ['endpoints rather than an authority', { ETCD_AUTHORITY: 'etcd', ETCD_ENDPOINTS: 'http://e' }, ['http://e:2379', 'ETCD_ENDPOINTS']],
    ['a scheme alone, without effect', { ETCD_SCHEME: 'https' }, ['http://127.0.0.1:2379', 'the default']],
  ];
  for (const [title, env, [endpoint, origin]] of endpoints) {
    it(`takes ${title}`, async () => expect((await fromEnv(env)).settings).to.deep.equal({ endpoints: [endpoint], endpointsOrigin: origin }));
  }

  it('takes a domain to discover', async () => {
    expect((await fromEnv({ ETCD_DISCOVERY_SRV: 'calico.example' })).settings).to.deep.equal({
      endpoints: [],
      endpointsOrigin: 'ETCD_DISCOVERY_SRV',
      discovery: { domain: 'calico.example', origin: 'ETCD_DISCOVERY_SRV' },
    });
  });

  it('warns of etcdv2', async () => {
    expect((await fromEnv({ DATASTORE_TYPE: 'etcdv2' })).warnings).to.deep.equal([{ message: 'DATASTORE_TYPE says etcdv2: the etcd v3 store is used, data in the v2 store is not visible', remedy: 'write etcdv3' }]);
  });

  const refused: readonly (readonly [string, Record<string, string>, string])[] = [
    ['Kubernetes', { DATASTORE_TYPE: 'kubernetes' }, 'DATASTORE_TYPE says kubernetes: this calicoctl only works with etcd'],
    ['an unknown datastore', { CALICO_DATASTORE_TYPE: 'consul' }, 'CALICO_DATASTORE_TYPE: unknown datastore type "consul"'],
    ['an unknown scheme', { ETCD_AUTHORITY: 'a', ETCD_SCHEME: 'ftp' }, 'ETCD_SCHEME: "ftp" is neither http nor https'],
    ['no domain', { ETCD_DISCOVERY_SRV: 'http://u:secret@b' }, 'ETCD_DISCOVERY_SRV is not a domain name'],
    ['endpoints and discovery', { ETCD_ENDPOINTS: 'http://a', ETCD_DISCOVERY_SRV: 'b' }, 'ETCD_ENDPOINTS and ETCD_DISCOVERY_SRV both say where etcd is'],
    ['a user without a password', { ETCD_USERNAME: 'u' }, 'ETCD_USERNAME is set, but no password'],
    ['a password without a user', { ETCD_PASSWORD: 'secret' }, 'ETCD_PASSWORD is set, but no user name'],
    ['a certificate without its key', { ETCD_CERT_FILE: '/c' }, 'ETCD_CERT_FILE is set, but no key'],
    ['a key without its certificate', { ETCD_KEY_FILE: '/k' }, 'ETCD_KEY_FILE is set, but no client certificate'],
    ['an endpoint that is none', { ETCD_ENDPOINTS: 'etcd' }, 'ETCD_ENDPOINTS: endpoint "etcd" does not begin with http:// or https://'],
  ];
  for (const [title, env, message] of refused) {
    it(`refuses ${title}`, async () => {
      const { hint: _hint, ...failure } = await failureOf(fromEnv(env));
      expect(failure).to.deep.equal({ stage: 'configuration', message });
    });
  }
});

describe('resolveSettings: the journal', () => {
  it('is off, or as the settings say, or as the variable says', async () => {
    expect((await fromEnv({})).journal).to.equal(false);
    expect((await fromEnv({ CALICOCTL_JOURNAL: ' ON ' })).journal).to.equal(true);
    for (const [text, is] of [['true', true], ['on', true], ['False', false], ['off', false], ['""', false]] as const) {
      expect((await fromFile(v1(`journal: ${text}`))).journal, text).to.equal(is);
      expect((await fromFile(v3(`journal: ${text}`), 0o100600, { CALICOCTL_JOURNAL: is ? 'false' : 'true' })).journal, text).to.equal(!is);
    }
  });

  it('is neither on nor off', async () => {
    expect(await failureOf(fromFile(v1('journal: yes')))).to.deep.equal({ stage: 'configuration', message: 'journal in my.cfg is "yes"', hint: 'write on (true) or off (false)' });
    expect(await failureOf(fromEnv({ CALICOCTL_JOURNAL: '1' }))).to.deep.equal({ stage: 'configuration', message: 'CALICOCTL_JOURNAL is "1"', hint: 'write on (true) or off (false)' });
  });
});

describe('resolveSettings: a configuration file', () => {
  it('reads the classic kind and replaces the environment', async () => {
    const text = v1('datastoreType: "etcdv2"', 'etcdEndpoints: "http://192.168.59.157:2379"');
    expect(await fromFile(text, 0o100644, { ETCD_ENDPOINTS: 'http://other', ETCD_USERNAME: 'u', ETCD_PASSWORD: 'p' })).to.deep.equal({
      settings: { endpoints: ['http://192.168.59.157:2379'], endpointsOrigin: 'etcdEndpoints in my.cfg' },
      dialect: 'v1',
      guard: true, journal: false,
      source: { kind: 'file', path: 'my.cfg' },
      warnings: [{ message: 'datastoreType in my.cfg says etcdv2: the etcd v3 store is used, data in the v2 store is not visible', remedy: 'write etcdv3' }],
      leftAside: ['the configuration file my.cfg is used; ETCD_ENDPOINTS, ETCD_USERNAME and ETCD_PASSWORD in the environment are ignored'],
    });
  });

  it('reads the v3 kind with PEM text, and what is written without quotes as it stands', async () => {
    const text = v3('etcdEndpoints: https://a', 'etcdUsername: yes', 'etcdPassword: 007', 'etcdKey: |', '  key', 'etcdCert: |', '  certificate', 'etcdCACert: "authority"', 'kubeconfig: /ignored');
    expect(await fromFile(text)).to.deep.equal({
      settings: {
        endpoints: ['https://a:2379'],
        endpointsOrigin: 'etcdEndpoints in my.cfg',
        user: { name: 'yes', password: '007', nameOrigin: 'etcdUsername in my.cfg', passwordOrigin: 'etcdPassword in my.cfg' },
        authority: { origin: 'etcdCACert in my.cfg', pem: 'authority' },
        client: { certificate: { origin: 'etcdCert in my.cfg', pem: 'certificate\n' }, key: { origin: 'etcdKey in my.cfg', pem: 'key\n' } },
      },
      dialect: 'v3',
      source: { kind: 'file', path: 'my.cfg' },
      warnings: [],
      guard: true, journal: false,
      leftAside: [],
    });
  });

  it('reads JSON, and keys however they are capitalised', async () => {
    const text = JSON.stringify({ APIVERSION: 'projectcalico.org/v3', kind: 'CalicoAPIConfig', metadata: {}, Spec: { ETCDAUTHORITY: 'a:1', etcdscheme: 'https', etcdCaCertFile: '/ca' } });
    expect((await fromFile(text)).settings).to.deep.equal({ endpoints: ['https://a:1'], endpointsOrigin: 'etcdAuthority in my.cfg', authority: { origin: 'etcdCACertFile in my.cfg', file: '/ca' } });
  });

  it('takes a file that sets nothing for the default', async () => {
    for (const text of [v1(), v1('etcdEndpoints:', 'etcdUsername: ""', 'etcdPassword: null'), 'apiVersion: v1\nkind: calicoApiConfig\n']) {
      expect(await fromFile(text)).to.deep.equal({ settings: { endpoints: ['http://127.0.0.1:2379'], endpointsOrigin: 'the default' }, dialect: 'v1', guard: true, journal: false, source: { kind: 'file', path: 'my.cfg' }, warnings: [], leftAside: [] });
    }
  });

  it('warns when others may read a secret', async () => {
    const warning = { message: 'configuration file my.cfg holds a secret but is readable by others', remedy: 'chmod 600 my.cfg' };
    expect((await fromFile(v1('etcdUsername: u', 'etcdPassword: p'), 0o100644)).warnings).to.deep.equal([warning]);
    expect((await fromFile(v1('etcdUsername: u', 'etcdPassword: p'), 0o100640)).warnings).to.deep.equal([warning]);
    expect((await fromFile(v1('etcdUsername: u', 'etcdPassword: p'), 0o100600)).warnings).to.deep.equal([]);
    expect((await fromFile(v1('etcdEndpoints: http://a'), 0o100644)).warnings).to.deep.equal([]);
  });

  const expectedKinds = 'expected apiVersion v1 with kind calicoApiConfig, or apiVersion projectcalico.org/v3 with kind CalicoAPIConfig';
  const refused: readonly (readonly [string, string | Uint8Array, string, string?])[] = [
    ['an empty file', '# nothing\n', ': the file is empty', expectedKinds],
    ['a list', '- a\n', ':1: the file does not hold a configuration', expectedKinds],
    ['broken YAML, without showing it', v1('etcdPassword: "secret'), ':6: deficient indentation'],
    ['a password that reads as an alias, without showing it', v1('etcdPassword: *secret'), ':5: etcdPassword is not plain text'],
    ['a password that reads as a tag, without showing it', v1('etcdPassword: !sec{ret x'), ':5: tag suffix cannot contain flow indicator characters'],
    ['several documents', `${v1()}---\na: b\n`, ':1: expected one document, found 2'],
    ['bytes that are not UTF-8', Uint8Array.of(0x61, 0xff), ': the file is not UTF-8 text'],
    ['no kind', 'apiVersion: v1\nspec:\n', ':1: kind is missing', expectedKinds],
    ['another kind', 'apiVersion: v1\nkind: node\n', ':2: kind is "node" where "calicoApiConfig" is expected', expectedKinds],
    ['the kind of the other version', 'kind: ipPool\napiVersion: projectcalico.org/v3\n', ':1: kind is "ipPool" where "CalicoAPIConfig" is expected', expectedKinds],
    ['the kind in the letters of the other version', 'apiVersion: v1\nkind: CalicoAPIConfig\n', ':2: kind is "CalicoAPIConfig" where "calicoApiConfig" is expected', expectedKinds],
    ['another version', 'apiVersion: v2\nkind: calicoApiConfig\n', ':1: unknown apiVersion "v2"', expectedKinds],
    ['an unknown key', v1('etcdEndpoint: http://a'), ':5: unknown key', 'did you mean etcdEndpoints?'],
    ['a key at the wrong place', 'apiVersion: v1\nkind: calicoApiConfig\nspec:\ndatastoreType: etcdv2\n', ':4: unknown key at this place', 'datastoreType belongs under spec: indent it by two spaces'],
    ['a key given twice', v1('etcdEndpoints: http://a', 'ETCDENDPOINTS: http://b'), ':6: etcdEndpoints is given twice, first on line 5'],
    ['a list of endpoints', v1('etcdEndpoints:', '- http://a'), ':5: etcdEndpoints is not plain text', 'write the endpoints as one text, separated by commas, without brackets or dashes'],
    ['a list for another text', v1('etcdUsername: [a]'), ':5: etcdUsername is not plain text'],
    ['a map for a text', v1('etcdEndpoints: {a: b}'), ':5: etcdEndpoints is not plain text'],
    ['a spec that is a text', 'apiVersion: v1\nkind: calicoApiConfig\nspec: etcd\n', ':3: spec is not a set of keys and values'],
    ['a key that is a list', 'apiVersion: v1\nkind: calicoApiConfig\n? [a]\n: b\n', ':3: a key is not plain text'],
  ];
  for (const [title, text, message, hint] of refused) {
    it(`refuses ${title}`, async () => {
      expect(await failureOf(fromFile(text))).to.deep.equal({ stage: 'configuration', message: `configuration file my.cfg${message}`, ...(hint !== undefined && { hint }) });
    });
  }

  it('refuses Kubernetes, and files mixed with PEM text', async () => {
    expect((await failureOf(fromFile(v3('datastoreType: kubernetes', 'kubeconfig: /k')))).message).to.equal('datastoreType in my.cfg says kubernetes: this calicoctl only works with etcd');
    expect((await failureOf(fromFile(v3('etcdKeyFile: /k', 'etcdCert: x')))).message).to.equal('etcdKeyFile in my.cfg names a file and etcdCert in my.cfg holds PEM text: the two cannot be mixed');
  });

  it('does not show a key that may be a password', async () => {
    const { message, hint } = await failureOf(fromFile(v1('etcdPassword:', 'hunter2: x')));
    expect(message).to.equal('configuration file my.cfg:6: unknown key');
    expect(hint).not.to.include('hunter2');
  });

  it('names every known key where none is near', async () => {
    expect((await failureOf(fromFile(v1('colour: red')))).hint).to.equal(
      'known keys: datastoreType, etcdEndpoints, etcdDiscoverySrv, etcdAuthority, etcdScheme, etcdUsername, etcdPassword, etcdKeyFile, etcdCertFile, etcdCACertFile, etcdKey, etcdCert, etcdCACert, guard, journal, ' +
        'kubeconfig, k8sAPIEndpoint, k8sKeyFile, k8sCertFile, k8sCAFile, k8sAPIToken, k8sInsecureSkipTLSVerify, k8sDisableNodePoll, k8sClientQPS, k8sCurrentContext, k8sUsePodCIDR, kubeconfigInline',
    );
  });
});

describe('resolveSettings: files on the disk', () => {
  const withDirectory = async (work: (directory: string) => Promise<void>): Promise<void> => {
    const directory = mkdtempSync(join(tmpdir(), 'calicoctl-config-'));
    try {
      await work(directory);
    } finally {
      rmSync(directory, { recursive: true });
    }
  };

  it('reads the file and its mode', () =>
    withDirectory(async (directory) => {
      const path = join(directory, 'calicoctl.cfg');
      writeFileSync(path, v1('etcdEndpoints: http://a', 'etcdUsername: u', 'etcdPassword: p'));
      chmodSync(path, 0o604);
      expect(await resolveSettings({ configFile: path, env: {} })).to.deep.equal({
        settings: {
          endpoints: ['http://a:2379'],
          endpointsOrigin: `etcdEndpoints in ${path}`,
          user: { name: 'u', password: 'p', nameOrigin: `etcdUsername in ${path}`, passwordOrigin: `etcdPassword in ${path}` },
        },
        dialect: 'v1',
        guard: true, journal: false,
        source: { kind: 'file', path },
        warnings: [{ message: `configuration file ${path} holds a secret but is readable by others`, remedy: `chmod 600 ${path}` }], leftAside: [],
      });
    }));

  it('refuses a named file that is missing or no file', () =>
    withDirectory(async (directory) => {
      mkdirSync(join(directory, 'folder'));
      execFileSync('mkfifo', [join(directory, 'pipe')]);
      writeFileSync(join(directory, 'large.cfg'), '');
      truncateSync(join(directory, 'large.cfg'), 4 * 1024 * 1024 + 1);
      symlinkSync('/dev/zero', join(directory, 'zero'));
      const hint = 'name a readable file with --config, or leave it out to use the environment';
      for (const [name, cause] of [
        ['none.cfg', 'does not exist'], ['folder', 'is a directory'], ['large.cfg', 'is larger than 4 MiB'],
        ['pipe', 'is a named pipe; only regular files are read here'], ['zero', 'is a device; only regular files are read here'],
      ] as const) {
        const path = join(directory, name);
        expect(await failureOf(resolveSettings({ configFile: path, env: {} }))).to.deep.equal({ stage: 'configuration', message: `configuration file ${path} ${cause}`, hint });
      }
    }));

  it('refuses a file that may not be read, named or not', async () => {
    const denied = (): ConfigFile => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    };
    const { message } = await failureOf(resolveSettings({ env: {}, readFile: denied }));
    expect(message).to.equal('configuration file /etc/calico/calicoctl.cfg may not be read by this user');
  });
});
