import { expect } from 'chai';
import { describe, it } from 'mocha';
import { InvalidRequest } from '../../src/base/errors.js';
import { readDockerNetworking, readNodeOptions, type GivenOptions } from '../../src/cli/node-options.js';
import { failureOfCommand } from '../support/failures.js';

const DEFAULTS: GivenOptions = {
  'ip-autodetection-method': 'first-found', 'ip6-autodetection-method': 'first-found', 'log-dir': '/var/log/calico', 'node-image': 'quay.io/calico/node:latest', backend: 'bird',
  'no-default-ippools': false, 'disable-docker-networking': false, 'docker-networking-ifprefix': 'cali', 'use-docker-networking-container-labels': false,
};

const ORIGINS = { ip: '--ip', ip6: '--ip6', method: '--ip-autodetection-method', method6: '--ip6-autodetection-method', logDir: '--log-dir', felixConfig: '--felix-config' };
const read = (given: Partial<GivenOptions>, hostName = 'host1'): ReturnType<typeof readNodeOptions> => readNodeOptions({ ...DEFAULTS, ...given }, hostName);

describe('the options of node run', () => {
  it('have defaults', async () => {
    expect(await read({})).to.deep.equal({
      name: 'host1', nameOrigin: 'the host name', backend: 'bird', method: 'first-found', method6: 'first-found', noDefaultPools: false, logDir: '/var/log/calico', image: 'quay.io/calico/node:latest', origins: ORIGINS,
    });
  });

  it('are read as they are meant', async () => {
    const given = { name: 'Host.A_1', as: '1.10', ip: '10.0.0.1', ip6: 'FD00::0001', backend: 'none', 'felix-config': '/etc/felix.cfg', 'log-dir': '/srv//logs/', 'no-default-ippools': true };
    expect(await read(given)).to.deep.equal({
      name: 'Host.A_1', nameOrigin: '--name', asNumber: 65546, ip: '10.0.0.1', ip6: 'fd00::1', backend: 'none', method: 'first-found', method6: 'first-found', noDefaultPools: true,
      logDir: '/srv/logs', felixConfig: '/etc/felix.cfg', image: 'quay.io/calico/node:latest', origins: ORIGINS,
    });
    expect(await read({ ip: 'autodetect', ip6: 'autodetect' })).to.include({ ip: 'autodetect', ip6: 'autodetect' });
  });

  it('take the name from the host, trimmed and in lower case', async () => {
    expect(await read({}, ' Rack1.Example.ORG ')).to.include({ name: 'rack1.example.org', nameOrigin: 'the host name  Rack1.Example.ORG , in lower case' });
    expect(await failureOfCommand(read({}, ''))).to.equal('the host name "" cannot be the name of a node');
    expect(await failureOfCommand(read({}, '(none)'))).to.equal('the host name "(none)" cannot be the name of a node');
  });

  const wrong: readonly (readonly [Partial<GivenOptions>, string])[] = [
    [{ ip: '10.0.0.1/24' }, '--ip: "10.0.0.1/24" is not an IP address'],
    [{ ip: '10.0.0.256' }, '--ip: "10.0.0.256" is not an IP address'],
    [{ ip: '' }, '--ip: "" is not an IP address'],
    [{ ip: 'fd00::1' }, '--ip: fd00::1 is an IPv6 address, expected IPv4'],
    [{ ip6: '10.0.0.1' }, '--ip6: 10.0.0.1 is an IPv4 address, expected IPv6'],
    [{ as: '4294967296' }, '--as: "4294967296" is not an AS number'],
    [{ as: '-1' }, '--as: "-1" is not an AS number'],
    [{ as: '1.65536' }, '--as: "1.65536" is not an AS number'],
    [{ as: '1.2.3' }, '--as: "1.2.3" is not an AS number'],
    [{ as: '0x10' }, '--as: "0x10" is not an AS number'],
    [{ as: '' }, '--as: "" is not an AS number'],
    [{ backend: 'quagga' }, '--backend: "quagga" is not a BGP backend'],
    [{ name: '-e' }, '--name: "-e" is not a node name'],
    [{ name: 'a b' }, '--name: "a b" is not a node name'],
    [{ name: `a${'b'.repeat(128)}` }, `--name: "a${'b'.repeat(128)}" is not a node name`],
    [{ 'log-dir': '/a:/b' }, '--log-dir: "/a:/b" cannot be mounted into a container'],
    [{ 'log-dir': '' }, '--log-dir: "" cannot be mounted into a container'],
    [{ 'felix-config': '/a\nb' }, '--felix-config: "/a\\nb" cannot be mounted into a container'],
    [{ 'node-image': '--rm' }, '--node-image: "--rm" is not the name of an image'],
    [{ 'node-image': 'a b' }, '--node-image: "a b" is not the name of an image'],
    [{ 'node-image': '' }, '--node-image: "" is not the name of an image'],
  ];
  for (const [given, sentence] of wrong) {
    it(`refuse ${JSON.stringify(given).slice(0, 60)}`, async () => expect(await failureOfCommand(read(given))).to.equal(sentence));
  }

  it('are checked in the order of the official tool: the first that is wrong is told', async () => {
    const inOrder: readonly (readonly [keyof GivenOptions, string, string])[] = [
      ['ip', 'x', '--ip: "x" is not an IP address'],
      ['ip6', 'x', '--ip6: "x" is not an IP address'],
      ['as', 'x', '--as: "x" is not an AS number'],
      ['backend', 'x', '--backend: "x" is not a BGP backend'],
      ['ip-autodetection-method', 'x', '--ip-autodetection-method: "x" is not a method of finding addresses'],
      ['ip6-autodetection-method', 'x', '--ip6-autodetection-method: "x" is not a method of finding addresses'],
      ['name', '!', '--name: "!" is not a node name'],
    ];
    let wrongOnes = Object.fromEntries(inOrder.map(([option, value]) => [option, value]));
    for (const [option, , sentence] of inOrder) {
      expect(await failureOfCommand(read(wrongOnes))).to.equal(sentence);
      wrongOnes = Object.fromEntries(Object.entries(wrongOnes).filter(([other]) => other !== option));
    }
    expect(await read(wrongOnes)).to.include({ name: 'host1' });
  });
});

describe("the options of Docker's networking", () => {
  it('are on in the classic dialect and do not exist in the other', () => {
    expect(readDockerNetworking(DEFAULTS, 'v1')).to.deep.equal({ enabled: true, interfacePrefix: 'cali', labels: false });
    expect(readDockerNetworking(DEFAULTS, 'v3')).to.deep.equal({ enabled: false, interfacePrefix: 'cali', labels: false });
    for (const given of [{ 'disable-docker-networking': true }, { 'docker-networking-ifprefix': 'tap' }, { 'use-docker-networking-container-labels': true }]) {
      expect(() => readDockerNetworking({ ...DEFAULTS, ...given }, 'v3')).to.throw(InvalidRequest, "the Docker networking options belong to classic Calico: version 3 has no plugin for it");
    }
  });

  it('must fit together', () => {
    for (const prefix of ['', 'a-b', 'a b', '-x']) {
      expect(() => readDockerNetworking({ ...DEFAULTS, 'docker-networking-ifprefix': prefix }, 'v1')).to.throw(InvalidRequest, `--docker-networking-ifprefix: "${prefix}" is not a prefix of interface names`);
    }
    expect(() => readDockerNetworking({ ...DEFAULTS, 'disable-docker-networking': true, 'use-docker-networking-container-labels': true }, 'v1')).to.throw(
      InvalidRequest, '--use-docker-networking-container-labels has no effect with --disable-docker-networking',
    );
  });
});
