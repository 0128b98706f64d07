import { expect } from 'chai';
import { describe, it } from 'mocha';
import { gzipSync } from 'node:zlib';
import { readKernelFacts, thisHost, type KernelFiles } from '../../../src/host/kernel/facts.js';
import { MODULES, presenceOf, tunnelModules, type ModuleRequirement } from '../../../src/host/kernel/modules.js';
import { isBird, isCalicoProcess, isFelix, listProcesses, type Process } from '../../../src/host/processes.js';
import { readSysctl } from '../../../src/host/kernel/sysctl.js';
import { checkSystem, compareVersions } from '../../../src/host/kernel/system-check.js';
import { checkDocument, checkText } from '../../../src/output/views/node/checksystem.js';

/** A host that has these files and folders. */
function host(files: Readonly<Record<string, string | Buffer>>, folders: Readonly<Record<string, readonly string[]>> = {}): KernelFiles {
  return { release: '6.1.0-18-amd64', read: (path) => files[path], list: (path) => folders[path] ?? [] };
}

const IP_SET = MODULES.find(({ name }) => name === 'ip_set') as ModuleRequirement;
const CONNTRACK = MODULES.find(({ name }) => name === 'xt_conntrack') as ModuleRequirement;
const RPFILTER = MODULES.find(({ name }) => name === 'xt_rpfilter') as ModuleRequirement;
const VFIO = MODULES.find(({ name }) => name === 'vfio-pci') as ModuleRequirement;
const MODULE_FOLDER = '/lib/modules/6.1.0-18-amd64';

describe('where a module is found', () => {
  const cases: readonly (readonly [title: string, requirement: ModuleRequirement, places: KernelFiles, presence: string])[] = [
    ['nowhere', IP_SET, host({}), 'missing'],
    ['modules.builtin', IP_SET, host({ [`${MODULE_FOLDER}/modules.builtin`]: 'kernel/net/netfilter/ipset/ip_set.ko\n' }), 'built in'],
    ['modules.dep', IP_SET, host({ [`${MODULE_FOLDER}/modules.dep`]: 'kernel/net/netfilter/ipset/ip_set.ko.xz: kernel/net/netfilter/nfnetlink.ko.xz\n' }), 'loadable'],
    ['modules.dep, as what another needs', IP_SET, host({ [`${MODULE_FOLDER}/modules.dep`]: 'kernel/a/other.ko: kernel/net/ip_set.ko\n' }), 'missing'],
    ['modules.dep, with a longer name', IP_SET, host({ [`${MODULE_FOLDER}/modules.dep`]: 'kernel/a/ip_set_hash_ip.ko:\n' }), 'missing'],
    ['modules.dep, with dashes', VFIO, host({ [`${MODULE_FOLDER}/modules.dep`]: 'kernel/drivers/vfio/pci/vfio-pci.ko.zst:\n' }), 'loadable'],
    ['/proc/modules', IP_SET, host({ '/proc/modules': 'ip_set_hash_net 49152 1 - Live 0x0\nip_set 57344 2 xt_set,ip_set_hash_net, Live 0x0\n' }), 'loaded'],
    ['/proc/modules, only one that uses it', IP_SET, host({ '/proc/modules': 'xt_set 57344 2 ip_set, Live 0x0\n' }), 'missing'],
    ['/sys/module', IP_SET, host({}, { '/sys/module': ['ip_set'] }), 'loaded'],
    ['/proc/config.gz', IP_SET, host({ '/proc/config.gz': gzipSync('# CONFIG_X is not set\nCONFIG_IP_SET=y\n') }), 'built in'],
    ['/boot, as a module without modules.dep', IP_SET, host({ '/boot/config-6.1.0-18-amd64': 'CONFIG_IP_SET=m\n' }), 'loadable'],
    ['/boot, as a module that modules.dep does not have', IP_SET, host({ '/boot/config-6.1.0-18-amd64': 'CONFIG_IP_SET=m\n', [`${MODULE_FOLDER}/modules.dep`]: 'kernel/a/other.ko:\n' }), 'missing'],
    ['the first configuration counts', IP_SET, host({ '/usr/src/linux/.config': 'CONFIG_OTHER=y\n', '/boot/config-6.1.0-18-amd64': 'CONFIG_IP_SET=y\n' }), 'missing'],
    ['an option with a longer name', IP_SET, host({ '/boot/config-6.1.0-18-amd64': 'CONFIG_IP_SET_MAX=y\nCONFIG_IP_SET=n\n' }), 'missing'],
    ['/proc/net/ip_tables_matches', CONNTRACK, host({ '/proc/net/ip_tables_matches': 'icmp\nconntrack\n' }), 'loaded'],
    ['under another name', RPFILTER, host({ '/proc/modules': 'ip6t_rpfilter 16384 1 - Live 0x0\n' }), 'loaded'],
  ];
  for (const [title, requirement, places, presence] of cases) {
    it(title, async () => expect(presenceOf(requirement, await readKernelFacts(places))).to.equal(presence));
  }

  it('the files that were read are named', async () => {
    const places = host({ '/proc/modules': '', '/boot/config-6.1.0-18-amd64': '' }, { '/sys/module': ['x'] });
    expect((await readKernelFacts(places)).sources).to.deep.equal(['/proc/modules', '/sys/module', '/boot/config-6.1.0-18-amd64']);
    expect((await readKernelFacts(places, { path: 'mine', text: 'CONFIG_IP_SET=y\n' })).sources).to.deep.equal(['/proc/modules', '/sys/module', 'mine']);
  });
});

describe('the check of a system', () => {
  const everything = { path: 'config', text: MODULES.map(({ options }) => `${options[0] ?? ''}=y\n`).join('') };
  const sysctls: Readonly<Record<string, string>> = { 'net.ipv4.ip_forward': '1', 'net.netfilter.nf_conntrack_max': '2000000', 'net.netfilter.nf_conntrack_acct': '1', 'net.ipv4.conf.default.rp_filter': '1', 'net.ipv4.conf.all.rp_filter': '1' };
  const sysctl = (name: string): string | undefined => sysctls[name];

  it('a host that has everything', async () => {
    const check = checkSystem(await readKernelFacts(host({}), everything), sysctl, undefined);
    const line = (name: string, text: string): string => `\t\t${name.padEnd(20)}\t\t\t\t\t${text}\n`;
    expect(checkText(check)).to.equal(
      ['Checking kernel version...\n', line('6.1.0-18-amd64', 'OK'), 'Checking kernel modules...\n', ...MODULES.map(({ name }) => line(name, 'OK\tbuilt in')), line('ipip', 'NONE\tmissing'), line('vxlan', 'NONE\tmissing'), 'Checking kernel settings...\n', ...Object.entries(sysctls).map(([name, value]) => line(name, `OK\t${value}`)), 'System meets minimum system requirements to run Calico!\n'].join(''),
    );
  });

  it('what is missing is required, recommended or optional', async () => {
    const poor = { ...host({}, { '/proc/sys/net/ipv6': ['conf'] }), release: '2.6.23-1' };
    const text = MODULES.filter(({ name }) => !['xt_set', 'ip6_tables', 'xt_u32'].includes(name)).map(({ options }) => `${options[0] ?? ''}=y\n`).join('').replaceAll('CONFIG_NETFILTER_XT_SET=y\n', '').replaceAll('CONFIG_IP6_NF_IPTABLES=y\n', '');
    const check = checkSystem(await readKernelFacts(poor, { path: 'config', text }), (name) => (name.endsWith('all.rp_filter') ? '2' : undefined), { ipip: ['tunnelled'], vxlan: [] });
    const unmet = [check.kernel, ...check.modules, ...check.sysctls].filter(({ met }) => !met).map(({ name, severity }) => `${severity} ${name}`);
    expect([unmet, check.passed]).to.deep.equal([
      [
        'required 2.6.23-1', 'recommended ip6_tables', 'required ipt_set', 'recommended xt_icmp6', 'required xt_set', 'optional xt_u32', 'required ipip', 'optional vxlan',
        'required net.ipv4.ip_forward', 'recommended net.ipv6.conf.all.forwarding', 'recommended net.netfilter.nf_conntrack_max', 'optional net.netfilter.nf_conntrack_acct', 'optional net.ipv4.conf.default.rp_filter', 'recommended net.ipv4.conf.all.rp_filter',
      ],
      false,
    ]);
    expect(checkText(check).split('\n').filter((line) => !/^\t|^Checking/.test(line))).to.deep.equal([
      'Minimum kernel version to run Calico is 2.6.24. Detected kernel version: 2.6.23-1',
      'WARNING: Unable to detect the ip6_tables module as Loaded/Builtin module or lsmod (recommended, needed by IPv6): modprobe ip6_tables, or a kernel with CONFIG_IP6_NF_IPTABLES',
      'WARNING: Unable to detect the ipt_set module as Loaded/Builtin module or lsmod (required, needed by selectors and address pools in rules): modprobe ipt_set, or a kernel with CONFIG_NETFILTER_XT_SET',
      'WARNING: Unable to detect the xt_icmp6 module as Loaded/Builtin module or lsmod (recommended, needed by rules on ICMPv6): modprobe xt_icmp6, or a kernel with CONFIG_IP6_NF_IPTABLES',
      'WARNING: Unable to detect the xt_set module as Loaded/Builtin module or lsmod (required, needed by selectors and address pools in rules): modprobe xt_set, or a kernel with CONFIG_NETFILTER_XT_SET',
      'WARNING: Unable to detect the ipip module as Loaded/Builtin module or lsmod (required, needed by pools with IPIP: tunnelled): modprobe ipip, or a kernel with CONFIG_NET_IPIP',
      'WARNING: net.ipv4.ip_forward is missing (required, needed by traffic between workloads and the network): 1 is wanted; "calicoctl node run" sets it',
      'WARNING: net.ipv6.conf.all.forwarding is missing (recommended, needed by IPv6): 1 is wanted; "calicoctl node run" sets it',
      'WARNING: net.netfilter.nf_conntrack_max is missing (recommended, needed by many connections at a time): 1000000 or more is wanted; "calicoctl node run" sets it',
      'WARNING: net.ipv4.conf.all.rp_filter is 2 (recommended, needed by Felix, which refuses loose checks of source addresses): 0 or 1 is wanted; sysctl -w net.ipv4.conf.all.rp_filter=1, or ignoreLooseRPF in the FelixConfiguration',
      "System doesn't meet one or more minimum systems requirements to run Calico",
      '',
    ]);
  });

  it('forwarding that is off is no failure: node run switches it on', async () => {
    const check = checkSystem(await readKernelFacts(host({}), everything), (name) => (name === 'net.ipv4.ip_forward' ? '0' : sysctl(name)), undefined);
    expect([check.passed, checkText(check).split('\n').filter((line) => line.includes('ip_forward'))]).to.deep.equal([
      true,
      ['WARNING: net.ipv4.ip_forward is 0 (required, needed by traffic between workloads and the network): 1 is wanted; "calicoctl node run" sets it', '\t\tnet.ipv4.ip_forward \t\t\t\t\tWARN\t0'],
    ]);
  });

  it('tunnels are required only where pools use them', () => {
    expect(tunnelModules({ ipip: [], vxlan: ['a', 'b'] }).map(({ name, severity, neededBy }) => [name, severity, neededBy])).to.deep.equal([
      ['ipip', 'optional', 'pools with IPIP'],
      ['vxlan', 'required', 'pools with VXLAN: a, b'],
    ]);
  });

  it('as JSON', async () => {
    const document = checkDocument(checkSystem(await readKernelFacts(host({}), everything), sysctl, undefined), false);
    expect([Object.keys(document), document['passed'], document['poolsKnown'], document['sources'], (document['modules'] as unknown[])[0]]).to.deep.equal([
      ['passed', 'kernel', 'modules', 'sysctls', 'poolsKnown', 'sources'],
      true,
      false,
      ['config'],
      { name: 'ip_set', severity: 'required', neededBy: 'selectors and address pools in rules', met: true, found: 'built in', advice: null },
    ]);
  });

  it('versions', () => {
    const signs = [['6.1.0-18-amd64', '2.6.24'], ['2.6.24', '2.6.24'], ['2.6.23-1', '2.6.24'], ['6.18.44-fc-v595', '6.18'], ['2.6', '2.6.24'], ['10.0', '9.9.9']].map(([one = '', other = '']) => Math.sign(compareVersions(one, other)));
    expect(signs).to.deep.equal([1, 0, -1, 1, -1, 1]);
  });

  it('this host has a kernel and settings', async () => {
    const facts = await readKernelFacts();
    expect([facts.release, readSysctl('kernel.osrelease'), readSysctl('no.such.setting')]).to.deep.equal([thisHost.release, thisHost.release, undefined]);
  });
});

describe('processes', () => {
  const process_ = (name: string, ...argv: string[]): Process => ({ pid: 1, name, argv });

  it('this one is among them', () => {
    const own = listProcesses().find(({ pid }) => pid === process.pid);
    expect(own?.argv).to.include(process.argv[1]);
  });

  it('Felix, and what only speaks of it', () => {
    const all = [process_('calico-felix', 'calico-felix'), process_('exe', '/usr/bin/calico-felix'), process_('calico-node', '/bin/calico-node', '-felix'), process_('calico-node', 'calico-node', '-confd'), process_('grep', 'grep', 'calico-felix'), process_('kthreadd')];
    expect(all.map(isFelix)).to.deep.equal([true, true, true, false, false, false]);
    const ours = [process_('start-calico-no', '/bin/sh', '/usr/local/bin/start-calico-node'), process_('vi', 'vi', 'notes', 'start-calico-node'), process_('calico-agent', 'calico-agent')];
    expect([...all, ...ours].map(isCalicoProcess)).to.deep.equal([true, true, true, false, false, false, true, false, true]);
  });

  it('BIRD', () => {
    const all = [process_('bird', '/usr/sbin/bird'), process_('bird6', 'bird6'), process_('birdc', 'birdc')];
    expect(all.map((each) => [isBird(each, 4), isBird(each, 6)])).to.deep.equal([[true, false], [false, true], [false, false]]);
  });
});
