import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Redactor } from '../../../src/host/archive/redact.js';
import { propertyRuns } from '../../support/runs.js';

/** What is left of a text that comes in pieces of a size. */
function redacted(text: string, secrets: readonly string[] = [], size = Infinity): string {
  const redactor = new Redactor(secrets);
  const bytes = Buffer.from(text);
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += Math.min(size, bytes.length)) out.push(redactor.push(bytes.subarray(at, at + size)));
  out.push(redactor.end());
  return Buffer.concat(out).toString();
}

const KEY = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIB\nsecretsecret\n-----END EC PRIVATE KEY-----';

describe('secrets in diagnoses', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['ETCD_PASSWORD=canary and canary', 'ETCD_PASSWORD=[redacted]'],
    ['ETCD_PASSWORD=can ary ETCD_USER=x', 'ETCD_PASSWORD=[redacted] ETCD_USER=x'],
    ['run with password=can ary --verbose', 'run with password=[redacted] --verbose'],
    ['"etcdPassword": "can\\"ary", "x": 1', '"etcdPassword": [redacted], "x": 1'],
    ["password: 'can ary'", 'password: [redacted]'],
    ['  neighbor 10.0.0.1; password "canary";', '  neighbor 10.0.0.1; password [redacted];'],
    ['calicoctl --etcd-password canary get', 'calicoctl --etcd-password [redacted] get'],
    ['https://user:canary@etcd:2379/v3', 'https://[redacted]@etcd:2379/v3'],
    ['Authorization: Basic Y2FuYXJ5', 'Authorization: [redacted]'],
    ['curl -H "authorization: Bearer canary.canary" x', 'curl -H "authorization: [redacted]" x'],
    ['got Bearer canary-canary', 'got Bearer [redacted]'],
    ['token=canary&other=1', 'token=[redacted]&other=1'],
    ['aws_secret_access_key = canary', 'aws_secret_access_key = [redacted]'],
    ['pwd: canary, canary; canary', 'pwd: [redacted]'],
    ['{passphrase: can ary, user: x}', '{passphrase: [redacted], user: x}'],
    ['apikey=canary', 'apikey=[redacted]'],
    ['X-Api-Key: canary', 'X-Api-Key: [redacted]'],
    ['private_key = canary', 'private_key = [redacted]'],
    ['    client-key-data: Y2FuYXJ5', '    client-key-data: [redacted]'],
    ['DB_PASS=canary', 'DB_PASS=[redacted]'],
    ['Cookie: a=canary; b=canary', 'Cookie: [redacted]'],
    ["curl -H 'Set-Cookie: a=canary; b=canary' http://x", "curl -H 'Set-Cookie: [redacted]' http://x"],
    ['got bearer canary, BEARER canary', 'got bearer [redacted], BEARER [redacted]'],
    ['Proxy-Authorization: Digest username="canary", response="canary"', 'Proxy-Authorization: [redacted]'],
    ['map[Authorization:[Basic Y2FuYXJ5] Host:[x]]', 'map[Authorization:[redacted] Host:[x]]'],
    ['curl -u user:canary http://x', 'curl -u [redacted] http://x'],
    ['curl -uuser:canary --user "user:can ary" x', 'curl -u[redacted] --user [redacted] x'],
    ['["curl","-u","user:canary","x"]', '["curl","-u",[redacted],"x"]'],
    ['["etcdctl","--password","can ary","x"]', '["etcdctl","--password",[redacted],"x"]'],
    ['msg="login with token: canary failed" level=info', 'msg="login with token: [redacted]" level=info'],
    ['{"log":"{\\"password\\":\\"can ary\\",\\"x\\":1}"}', '{"log":"{\\"password\\":[redacted],\\"x\\":1}"}'],
    ['POST /login?user=x%26password%3Dcan%20ary%26y', 'POST /login?user=x%26password%3D[redacted]%26y'],
    ['body %7B%22password%22%3A%22can%20ary%22%2C%22x%22', 'body %7B%22password%22%3A[redacted]%2C%22x%22'],
    ['next=https%3A%2F%2Fuser%3Acanary%40host%2F', 'next=https%3A%2F%2F[redacted]%40host%2F'],
    ['https://canary@etcd:2379 and https://user:can/ary@etcd:2379', 'https://[redacted]@etcd:2379 and https://[redacted]@etcd:2379'],
    ['<Password type="x">can ary</Password><b>', '<Password type="x">[redacted]</Password><b>'],
    ['{"name":"ETCD_PASSWORD","value":"canary"}', '{"name":"ETCD_PASSWORD","value":[redacted]}'],
    ['- name: ETCD_PASSWORD\n  value: canary\n- name: X\n  value: shown', '- name: ETCD_PASSWORD\n  value: [redacted]\n- name: X\n  value: shown'],
    ['tls.key: LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0', 'tls.key: [redacted]'],
    ['x LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0 y', 'x [redacted] y'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln y', 'jwt [redacted] y'],
    ['a:\n  password: |\n    canary\n\n    canary\n  user: x', 'a:\n  password: |\n    [redacted]\n\n    [redacted]\n  user: x'],
    ['password: >-\n  can\n  ary\nuser: x', 'password: >-\n  [redacted]\n  [redacted]\nuser: x'],
    ['password: can\n  ary\nuser: x', 'password: [redacted]\n  [redacted]\nuser: x'],
    ['- password:\n    canary\n  user: x', '- password:\n    [redacted]\n  user: x'],
    ['tokens:\n- canary\n- canary\nuser: x', 'tokens:\n[redacted]\n[redacted]\nuser: x'],
    ['"cookies": [\n  "canary"\n],\n"x": 1', '"cookies": [redacted]\n  [redacted]\n],\n"x": 1'],
    ['password: "can\nary"\nuser: x', 'password: [redacted]\n[redacted]\nuser: x'],
    ['08:00:01 host a[1]: secret: |\n08:00:02 host a[1]:   canary\n08:00:03 host a[1]: x', '08:00:01 host a[1]: secret: |\n[redacted]\n08:00:03 host a[1]: x'],
    ['EtcdKeyFile: /etc/key, key=model.NodeKey, PASSWORD_FILE=/run/p', 'EtcdKeyFile: /etc/key, key=model.NodeKey, PASSWORD_FILE=/run/p'],
    ['-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'],
    [KEY, '[redacted]\n[redacted]\n[redacted]\n[redacted]'],
    [`key: ${KEY.replaceAll('\n', '\\n')} after`, 'key: [redacted] after'],
    ['plain text, keys and passes of the 10.0.0.0/8 kind: http://etcd:2379', 'plain text, keys and passes of the 10.0.0.0/8 kind: http://etcd:2379'],
  ];
  for (const [text, left] of cases) it(JSON.stringify(text), () => expect(redacted(`${text}\nlast`)).to.equal(`${left}\nlast`));

  it('a secret that is known stands nowhere, in whatever form', () => {
    const secret = 'Ge/heim+1';
    const percent = encodeURIComponent(secret);
    const base64 = Buffer.from(secret).toString('base64');
    const forms = [
      secret, percent, percent.replace('%2F', '%2f'), encodeURIComponent(percent), percent.replace('G', '%47'), [...Buffer.from(secret)].map((byte) => `%${byte.toString(16)}`).join(''),
      base64, base64.replace(/=+$/, ''), encodeURIComponent(base64), secret.replace('/', '\\/'), secret.replace('+', '\\u002b'), secret.replace('+', '\\\\u002B'),
    ];
    for (const form of forms) expect(redacted(`a ${form} d`, [secret, 'xyz']), form).to.equal('a [redacted] d');
    for (const [spaced, form] of [['zwei Wörter"', 'zwei+W%C3%B6rter%22'], ['zwei Wörter"', 'zwei W\\u00f6rter\\"'], ['zwei Wörter"', 'zwei%20Wörter%22'], ['a😀bc', 'a\\ud83d\\uDE00bc']] as const) expect(redacted(`a ${form} d`, [spaced]), form).to.equal('a [redacted] d');
  });

  it('a key that never ends does not take the whole file with it', () => {
    const lines = redacted(`-----BEGIN RSA PRIVATE KEY-----\n${'line\n'.repeat(300)}`).split('\n');
    expect(lines.filter((line) => line === 'line').length).to.equal(100);
  });

  it('bytes that are not UTF-8 stay as they are', () => {
    const redactor = new Redactor([]);
    const bytes = Buffer.from([0xff, 0x00, 0xe4, 0x0a, 0xfe]);
    expect(Buffer.concat([redactor.push(bytes), redactor.end()])).to.deep.equal(bytes);
  });

  it('a line without end is cut, and no half of a secret is left', () => {
    const line = `${'x'.repeat((1 << 20) - 8)}canary-canary${'y'.repeat(1000)}`;
    expect(redacted(`${line}\nnext`, ['canary-canary'], 4096)).to.equal(`${'x'.repeat((1 << 20) - 4096)} [the rest of this line was left out]\nnext`);
  });

  const hostile = ['a.', 'token', 'password="', '-----BEGIN PRIVATE KEY-----', 'http://a:', '--token-', 'authorization:', '"\\\\'];
  for (const piece of hostile) {
    it(`a long line of ${piece} takes no longer than others`, () => {
      const line = `${piece.repeat(Math.ceil(900_000 / piece.length))} token ://`;
      expect(redacted(`${line}\nlast`).split('\n').length).to.equal(2);
    });
  }

  it('a secret is found whatever the pieces it comes in', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('Kanarienvogel', '\n', 'password=', ' '));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
        const left = redacted(parts.join(''), ['Kanarienvogel'], size);
        expect(left).to.not.contain('Kanarienvogel');
        expect(left).to.equal(redacted(parts.join(''), ['Kanarienvogel']));
      }),
      propertyRuns(),
    );
  });
});
