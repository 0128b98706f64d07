import { expect } from 'chai';
import { describe, it } from 'mocha';
import { fromEnvironment } from '../../src/config/keys.js';
import { leftAside } from '../../src/config/left-aside.js';

const PATH = '/etc/calico/calicoctl.cfg';
const FILE = { kind: 'file', path: PATH } as const;
const ENVIRONMENT = { kind: 'environment' } as const;
const found = (text: string): { text: string; origin: string } => ({ text, origin: `etcdEndpoints in ${PATH}` });

describe('settings that others hide', () => {
  it('a file hides the environment, whose names are told and not its values', () => {
    const env = { ETCD_ENDPOINTS: 'http://other:2379', ETCD_PASSWORD: 'hunter2', CALICO_ETCD_USERNAME: 'root', PATH: '/bin' };
    expect(leftAside(env, { etcdEndpoints: found('http://here:2379') }, FILE)).to.deep.equal([
      `the configuration file ${PATH} is used; ETCD_ENDPOINTS, CALICO_ETCD_USERNAME and ETCD_PASSWORD in the environment are ignored`,
    ]);
    expect(leftAside({ ETCD_ENDPOINTS: 'http://other:2379' }, {}, FILE)).to.deep.equal([`the configuration file ${PATH} is used; ETCD_ENDPOINTS in the environment is ignored`]);
  });

  it('a context hides the environment too', () => {
    expect(leftAside({ ETCD_ENDPOINTS: 'http://other:2379' }, {}, { kind: 'context', name: 'prod', by: 'in use', path: '/c' })).to.deep.equal(['the context prod is used; ETCD_ENDPOINTS in the environment is ignored']);
  });

  it('an environment that says the same, or nothing of the cluster, is none', () => {
    expect(leftAside({ ETCD_ENDPOINTS: ' http://here:2379 ', DATASTORE_TYPE: 'etcdv3', ETCD_CERT_FILE: ' ' }, { etcdEndpoints: found('http://here:2379') }, FILE)).to.deep.equal([]);
    expect(leftAside({}, {}, ENVIRONMENT)).to.deep.equal([]);
  });

  it('variables hide their twins and older ones', () => {
    const env = { CALICO_ETCD_ENDPOINTS: 'http://a:2379', ETCD_ENDPOINTS: 'http://b:2379', ETCD_AUTHORITY: 'c:2379' };
    expect(leftAside(env, fromEnvironment(env), ENVIRONMENT)).to.deep.equal([
      'CALICO_ETCD_ENDPOINTS is used; ETCD_ENDPOINTS differs and is ignored',
      'CALICO_ETCD_ENDPOINTS is used; ETCD_AUTHORITY is ignored',
    ]);
    const same = { CALICO_ETCD_ENDPOINTS: 'http://a:2379', ETCD_ENDPOINTS: 'http://a:2379' };
    expect(leftAside(same, fromEnvironment(same), ENVIRONMENT)).to.deep.equal([]);
  });
});
