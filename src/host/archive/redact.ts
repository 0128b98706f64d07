import { knownSecrets } from './known-secret.js';
import { belongsBelow, GONE, withoutNamedSecrets, type Below } from './secret-values.js';
import { isSecretName } from '../../text/secret-names.js';

/** A line longer than this is cut: nothing that is read as text is. */
const LONGEST_LINE = 1 << 20;
/** What goes with the rest of a line that is cut: it may be the first half of a secret. */
const DOUBTFUL = 4096;
/** Lines of a private key or a block of text; what never ends must not take the rest of the file with it. */
const LONGEST_BLOCK = 200;
/** Lines in which the value of `name: ETCD_PASSWORD` may stand. */
const ANNOUNCED_LINES = 2;

/**
 * What is a secret by what it is or where it stands: what goes before it stays. Every repetition has a limit, so that no
 * line, however made, takes long.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----.{0,16384}?-----END [A-Z ]{0,20}PRIVATE KEY-----/g, GONE],
  // The same in base64, but for certificates; and tokens of the JWT kind.
  [/LS0tLS1CRUdJTi(?!BDRVJUSUZJQ0FURS)[\w+/-]{0,16384}=*/g, GONE],
  [/\beyJ[\w-]{8,4096}\.[\w-]{8,16384}(?:\.[\w-]{0,4096})?/g, GONE],
  // password "x" in a configuration of BIRD
  [/(\b(?:password|passphrase|secret)\s{1,8})("[^"]{0,4096}"|'[^']{0,4096}')/gi, `$1${GONE}`],
  [/(:\/\/)[^\s/"'<>@]{0,256}(?::[^\s"'<>@]{0,1024})?@(?:[^\s/"'<>@]{0,256}@){0,4}/g, `$1${GONE}@`],
  [/(%(?:25){0,2}3a(?:%(?:25){0,2}2f){2})(?:(?!%(?:25){0,2}(?:2f|40))[^\s"'<>&]){1,1024}%(?:25){0,2}40/gi, `$1${GONE}%40`],
  [/(\bbearer(?:\s|%20|\+){1,8})[\w.~+/-]{1,16384}=*/gi, `$1${GONE}`],
  // curl -u user:password
  [/((?:^|[\s"'[(,])(?:-u|-U|--(?:proxy-)?user)["']?[\s,=]{0,8})(?:"[^":]{0,256}:[^"]{0,1024}"|'[^':]{0,256}:[^']{0,1024}'|[^\s:"',]{1,256}:[^\s"']{1,1024})/g, `$1${GONE}`],
];

/** --password x, "--token","x" */
const OPTION = /((?:^|[\s"'[(,])--?([a-z][\w.-]{0,63})["']?[\s,]{1,8})("(?:[^"\\]|\\.){0,4096}"|'[^']{0,4096}'|(?!--)[^\s"',]{1,4096})/gi;

/** What every pattern needs: many lines have nothing of it. */
const SUSPICIOUS = /pass|pwd|psk|pin|secret|token|cred|auth|bearer|cookie|session|key|:\/\/|%3a|-u|-----BEGIN|LS0tLS1CRUdJTi|eyJ/i;

/** Takes secrets out of text that comes in pieces. Works on bytes: what is not UTF-8 stays as it is. */
export class Redactor {
  private rest = '';
  private cut = false;
  private keyLines = 0;
  private below: (Below & { readonly left: number }) | undefined;
  private announced = 0;
  private readonly known: RegExp | undefined;

  /** @param secrets texts that must not stand anywhere; those shorter than four characters are left to the patterns */
  constructor(secrets: readonly string[]) {
    this.known = knownSecrets(secrets);
  }

  /** The whole lines that a piece completes. */
  push(piece: Buffer): Buffer {
    const lines = (this.rest + piece.toString('latin1')).split('\n');
    this.rest = lines.pop() as string;
    const text = lines.map((line) => `${this.finish(line)}\n`).join('');
    if (this.rest.length > LONGEST_LINE) {
      this.rest = this.rest.slice(0, LONGEST_LINE);
      this.cut = true;
    }
    return Buffer.from(text, 'latin1');
  }

  /** What is left after the last line break. */
  end(): Buffer {
    const last = this.rest;
    this.rest = '';
    return Buffer.from(last === '' ? '' : this.finish(last), 'latin1');
  }

  private finish(line: string): string {
    const wasCut = this.cut || line.length > LONGEST_LINE;
    this.cut = false;
    return wasCut ? `${this.redact(line.slice(0, LONGEST_LINE)).slice(0, -DOUBTFUL)} [the rest of this line was left out]` : this.redact(line);
  }

  private redact(line: string): string {
    if (this.keyLines > 0) {
      this.keyLines = /-----END [A-Z ]*PRIVATE KEY-----/.test(line) ? 0 : this.keyLines - 1;
      return GONE;
    }
    const known = this.known === undefined ? line : line.replace(this.known, GONE);
    return this.isBelow(known) ? this.hidden(known) : this.patterned(known);
  }

  /** Whether a line is still the value of a name above it. */
  private isBelow(line: string): boolean {
    const { below } = this;
    if (below === undefined) return false;
    this.below = below.left === 0 ? undefined : { ...below, left: below.left - 1 };
    if (below.quote === undefined ? belongsBelow(line, below) : true) {
      if (below.quote !== undefined && line.includes(below.quote)) this.below = undefined;
      return true;
    }
    this.below = undefined;
    return false;
  }

  private hidden(line: string): string {
    return line.trim() === '' ? line : `${/^\s*/.exec(line)?.[0] ?? ''}${GONE}`;
  }

  private patterned(line: string): string {
    const valueIsSecret = this.announced > 0;
    this.announced = Math.max(0, this.announced - 1);
    if (!valueIsSecret && !SUSPICIOUS.test(line)) return line;
    const patterned = PATTERNS.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
    const optional = patterned.replace(OPTION, (whole, before: string, name: string) => (isSecretName(name) ? before + GONE : whole));
    const { text, below, announced } = withoutNamedSecrets(optional, valueIsSecret);
    if (below !== undefined) this.below = { ...below, left: LONGEST_BLOCK };
    if (announced) this.announced = ANNOUNCED_LINES;
    const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.exec(text);
    if (key === null) return text;
    this.keyLines = LONGEST_BLOCK;
    return text.slice(0, key.index) + GONE;
  }
}
