import { describe, it } from 'mocha';
import { expect } from 'chai';
import { parseAuthority, parseEndpoints } from '../../src/config/endpoints.js';
import type { DatastoreError } from '../../src/base/errors.js';

describe('parseEndpoints', () => {
  const accepted: readonly (readonly [string, readonly string[]])[] = [
    ['http://127.0.0.1:2379', ['http://127.0.0.1:2379']],
    ['https://etcd.example', ['https://etcd.example:2379']],
    ['http://etcd:80', ['http://etcd:80']],
    ['https://etcd:443/', ['https://etcd:443']],
    [' HTTP://ETCD-1:2379/ , http://etcd-2:4001,', ['http://etcd-1:2379', 'http://etcd-2:4001']],
    ['http://[::1]:2379,http://[2001:db8::1]', ['http://[::1]:2379', 'http://[2001:db8::1]:2379']],
    ['http://a,http://a:2379,http://A', ['http://a:2379']],
  ];
  for (const [text, expected] of accepted) {
    it(`reads ${JSON.stringify(text)}`, () => expect(parseEndpoints(text, 'X')).to.deep.equal(expected));
  }

  const refused: readonly (readonly [string, string])[] = [
    ['', 'X names no endpoint'],
    [' , ', 'X names no endpoint'],
    ['127.0.0.1:2379', 'X: endpoint "127.0.0.1:2379" does not begin with http:// or https://'],
    ['etcd:2379', 'X: endpoint "etcd:2379" does not begin with http:// or https://'],
    ['unix:///run/etcd', 'X: endpoint "unix:///run/etcd" does not begin with http:// or https://'],
    ['http://::1:2379', 'X: endpoint "http://::1:2379" is not a URL'],
    ['http://', 'X: endpoint "http://" is not a URL'],
    ['http://:2379', 'X: endpoint "http://:2379" is not a URL'],
    ['http://a:99999', 'X: endpoint "http://a:99999" is not a URL'],
    ['http://a:0', 'X: endpoint "http://a:0" has port 0'],
    ['http://a b', 'X: endpoint "http://a b" is not a URL'],
    ['http://a:2379/v2', 'X: endpoint "http://a:2379/v2" has something after the port'],
    ['http://a:2379?x=1', 'X: endpoint "http://a:2379?***" has something after the port'],
    ['http://a:2379/#x=1', 'X: endpoint "http://a:2379/#***" has something after the port'],
    ['a?token=secret', 'X: endpoint "a?***" does not begin with http:// or https://'],
    ['http://a,https://b', 'X mixes http and https: http://a:2379, https://b:2379'],
    ['http://user:secret@a:2379', 'X: endpoint "http://***@a:2379" carries a user name'],
    ['http://user:se@cret@a:2379', 'X: endpoint "http://***@a:2379" carries a user name'],
    ['http://user:se,cret@a:2379', 'X: endpoint "http://***" is not a URL'],
    ['https://a, http://user:99,cret@a', 'X: endpoint "***@a" does not begin with http:// or https://'],
    ['user:secret@a', 'X: endpoint "***@a" does not begin with http:// or https://'],
    ['http://us er:secret@a:no', 'X: endpoint "http://***@a:no" carries a user name'],
  ];
  for (const [text, expected] of refused) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      let error: unknown;
      try {
        parseEndpoints(text, 'X');
      } catch (thrown) {
        error = thrown;
      }
      const { stage, message } = error as DatastoreError;
      expect({ stage, message }).to.deep.equal({ stage: 'configuration', message: expected });
    });
  }
});

describe('parseAuthority', () => {
  const refusal = (text: string): string => {
    try {
      return parseAuthority(text, 'https', 'X').join(' ');
    } catch (thrown) {
      const { message, hint } = thrown as DatastoreError;
      expect(hint).to.match(text.includes('@') && !text.includes('://') ? /ETCD_USERNAME/ : /^write only HOST:PORT; http or https goes into ETCD_SCHEME/);
      return message;
    }
  };
  const cases: readonly (readonly [string, string])[] = [
    [' etcd:2379 ', 'https://etcd:2379'],
    ['[::1]', 'https://[::1]:2379'],
    ['http://etcd:2379', 'X begins with "http://"'],
    ['HTTPS://user:secret@etcd:2379', 'X begins with "HTTPS://"'],
    ['etcd2://etcd', 'X begins with "etcd2://"'],
    ['a:1,b:2', 'X names more than one endpoint'],
    ['a:1/v2', 'X: endpoint "https://a:1/v2" has something after the port'],
    ['a:0', 'X: endpoint "https://a:0" has port 0'],
    ['', 'X: endpoint "https://" is not a URL'],
    ['user:secret@a', 'X: endpoint "https://***@a" carries a user name'],
  ];
  for (const [text, expected] of cases) it(`reads ${JSON.stringify(text)}`, () => expect(refusal(text)).to.equal(expected));
});
