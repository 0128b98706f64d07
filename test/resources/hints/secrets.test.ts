import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { explain } from '../../../src/resources/hints/explain.js';
import { pathText, Problems } from '../../../src/resources/problem.js';
import { STORED_KINDS } from '../../../src/resources/registry.js';
import { isSecretName } from '../../../src/text/secret-names.js';
import { readStoredDocument } from '../../../src/resources/v3/document.js';
import { document } from '../../support/stored.js';

const bgpPeer = STORED_KINDS.find(({ kind }) => kind === 'BGPPeer')!;

/** What is shown of a peer's problems, with as much of their paths as is shown. */
function shown(spec: Data, metadata: Data = { name: 'b' }): string[] {
  const raw = document(bgpPeer, spec, metadata);
  const problems = new Problems();
  readStoredDocument(bgpPeer, raw, problems);
  explain(bgpPeer, raw, problems);
  return problems.list.map(({ path, shownPath = path, message, hint }) => `${pathText(shownPath)}: ${message}${hint === undefined ? '' : ` (${hint})`}`);
}

describe('Secrets in messages', () => {
  it('knows the names', () => {
    for (const name of ['password', 'etcdPassword', 'ETCD_PASSWORD', 'bgpPasswd', 'passphrase', 'pwd', 'secret', 'client-secret', 'secretKeyRef', 'token', 'k8sAPIToken', 'apiKey', 'api_key', 'private_key', 'client-key-data', 'psk', 'wireguardPSK', 'preSharedKey', 'key', 'credentials', 'authorization', 'cookie']) {
      expect(isSecretName(name), name).to.equal(true);
    }
    for (const name of ['selector', 'etcdKeyFile', 'k8sKeyFile', 'tokenFile', 'keepOriginalNextHop', 'name', 'bypass', 'passthrough', 'monkey', 'authors', 'spinner', 'compass']) expect(isSecretName(name), name).to.equal(false);
  });

  it('never repeats a password, in whatever form it came', () => {
    expect(shown({ password: 'hunter2' })).to.deep.equal(['spec.password: expected a password, found (not shown) (write a map; its field is secretKeyRef)']);
    expect(shown({ password: 31337 })).to.deep.equal(['spec.password: expected a password, found a number (not shown) (write a map; its field is secretKeyRef)']);
    expect(shown({ password: ['hunter2'] }).join()).not.to.include('hunter2');
    expect(shown({ password: { hunter2: 'x' } })).to.deep.equal(['spec.password: unknown field (not shown) (the fields here are secretKeyRef)']);
    expect(shown({ password: { secretKeyRef: 'hunter2' } })).to.deep.equal(['spec.password.secretKeyRef: expected a reference to a secret, found (not shown) (write a map; its fields are name, key, optional)']);
    expect(shown({ password: { secretKeyRef: { name: 1234, key: ['hunter2'] } } }).join()).not.to.match(/1234|hunter2/);
    expect(shown({ password: `${'x'.repeat(200)}"quoted"` }).join()).not.to.include('xxx');
  });

  it('nor the value of a label or annotation of such a name', () => {
    const found = shown({}, { name: 'b', labels: { token: 'hunter2!' }, annotations: { 'x/password': ['hunter2'] } });
    expect(found.length).to.equal(2);
    expect(found.join()).not.to.include('hunter2');
  });

  it('and says the field with its right name', () => {
    expect(shown({ password: { secretkeyref: { nme: 'x' } } })).to.deep.equal(['spec.password.secretkeyref: unknown field (not shown) (did you mean "name"?)']);
  });
});
