import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { readCall, readCommand } from '../../src/cni/call.js';
import { FAILURE, failureOf, failureText } from '../../src/cni/failure.js';
import { callEnvironment, IDLE, runHere } from '../support/cni.js';
import { propertyRuns } from '../support/runs.js';

const KEYS = ['cniVersion', 'name', 'type', 'ipam', 'nodename', 'mtu', 'etcd_endpoints', 'datastore_type', 'policy', 'kubernetes', 'container_settings', 'feature_control', 'log_level', 'prevResult', 'args', 'runtimeConfig', 'cni.dev/valid-attachments', 'readiness_gates', 'ips', 'ip4', 'address', 'dns', 'assign_ipv4', 'ipv4_pools', '__proto__', 'constructor'];
const WORDS = ['', '1.0.0', '0.3.1', 'net1', 'calico', 'true', 'false', '10.0.0.0/16', '../x', 'a b', '\u0000', '\ud800'];

const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 5 }, fc.constantFrom(...WORDS), fc.constantFrom(null, true, 0, -1, 1.5, 1e300), fc.array(tie('any'), { maxLength: 3 }), fc.dictionary(fc.constantFrom(...KEYS), tie('any'), { maxKeys: 6 })),
})).any;
const config = fc.oneof(
  fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 12 }).map((map) => JSON.stringify({ cniVersion: '1.1.0', name: 'net1', type: 'calico', ...map })),
  value.map((any) => JSON.stringify(any) ?? ''),
  fc.string(),
);
const environment = fc.dictionary(fc.constantFrom('CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME', 'CNI_ARGS', 'CNI_PATH'), fc.oneof(fc.constantFrom(...WORDS, 'eth0', 'IP=1', ';=;'), fc.string()));
const command = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('ADD', 'DEL', 'CHECK', 'GC', 'STATUS', 'VERSION') }, { weight: 1, arbitrary: fc.string() });

describe('malformed environments and configurations', () => {
  it('end well or with a failure that can be read, and never with a bug', async function () {
    this.timeout(60_000);
    const codes = Object.values(FAILURE) as number[];
    await fc.assert(fc.asyncProperty(command, environment, config, async (name, env, stdin) => {
      const end = await runHere(IDLE, { env: callEnvironment(name, env), stdin });
      if (end.code === 0) return;
      const failure = JSON.parse(end.stdout) as { code: number; msg: string };
      expect(codes).to.include(failure.code);
      expect(failure.msg).not.to.match(/bug of the plugin/).and.not.to.equal('');
    }), propertyRuns(10_000));
  });

  it('are refused by their own code, not that of the plugin', () => {
    fc.assert(fc.property(config, (stdin) => {
      try {
        const name = readCommand(callEnvironment('ADD'));
        if (name === 'ADD') readCall(name, callEnvironment('ADD'), stdin);
      } catch (error) {
        expect((JSON.parse(failureText(failureOf(error))) as { code: number }).code).to.be.oneOf([FAILURE.incompatibleVersion, FAILURE.undecodable, FAILURE.invalidConfig]);
      }
    }), propertyRuns(10_000));
  });
});
