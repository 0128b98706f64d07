import { expect } from 'chai';
import { describe, it } from 'mocha';
import { mayHoldSecret } from '../../src/manifest/secret-lines.js';
import { read } from './reading.js';

/** Whether the first line with `mark` is kept back. */
function hidden(text: string, mark: string): boolean {
  const at = text.indexOf(mark);
  const start = text.lastIndexOf('\n', at) + 1;
  return mayHoldSecret(text, start, text.slice(start).split('\n')[0]!);
}

describe('Source lines', () => {
  const secret: readonly (readonly [what: string, text: string])[] = [
    ['the value itself', 'spec:\n  password: hunter2\n'],
    ['a map below', 'spec:\n  password:\n    a: hunter2\n'],
    ['a list below', 'spec:\n  tokens:\n  - hunter2\n'],
    ['deeper lists', 'spec:\n  credentials:\n    - user: x\n      other:\n        - hunter2\n'],
    ['a block of text', 'etcdKey: |\n  first\n\n  hunter2\n'],
    ['a private key', 'x: |\n  -----BEGIN RSA PRIVATE KEY-----\n  hunter2\n'],
    ['the next line of quotes', 'password: "abc\nhunter2"\n'],
    ['brackets, not indented', '{"password": {\n"a": 1,\n"x": "hunter2" y}}\n'],
    ['brackets on one line', '{"a": {"token": ["hunter2"]}}'],
    ['JSON', '{\n  "spec": {\n    "psk": {\n      "x": "hunter2"\n    }\n  }\n}\n'],
    ['a URL', 'endpoint: http://root:hunter2@10.0.0.1:2379\n'],
    ['a list entry with a name', '- name: x\n  api_key:\n      - hunter2\n'],
  ];
  for (const [what, text] of secret) it(`are kept back: ${what}`, () => expect(hidden(text, 'hunter2')).to.equal(true));

  const open: readonly (readonly [what: string, text: string])[] = [
    ['a sibling', 'spec:\n  password: x\n  order: HERE\n'],
    ['a field further up', 'spec:\n  password:\n    a: b\nkind: HERE\n'],
    ['after the brackets', '{"a": {"token": ["x"]},\n"b": HERE}'],
    ['another document', 'password: |\n  a\n---\n  HERE: x\n'],
    ['before it', 'name: HERE\npassword: x\n'],
    ['a file', 'etcdKeyFile:\n  HERE: x\n'],
  ];
  for (const [what, text] of open) it(`are shown: ${what}`, () => expect(hidden(text, 'HERE')).to.equal(false));

  it('are left out of what is told of a broken file', () => {
    for (const text of ['spec:\n  password:\n    - hunter2: x: y\n', 'password: "hunter2\n', 'a:\n  secret:\n    @hunter2\n', '{"password":\n"hunter2" x}\n', 'password: {hunter2: 1, hunter2: 2}\n', 'token: [hunter2}\n', 'psk: *hunter2\n', 'psk: !hunter2! x\n', 'secret: {? [hunter2] : 1}\n']) {
      const { diagnostics } = read(text);
      expect(diagnostics.length, text).to.be.greaterThan(0);
      expect(JSON.stringify(diagnostics), text).not.to.include('hunter2');
    }
  });
});
