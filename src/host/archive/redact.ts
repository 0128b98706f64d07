const GONE = '[redacted]';
/** A line longer than this is cut: nothing that is read as text is. */
const LONGEST_LINE = 1 << 20;
/** What goes with the rest of a line that is cut: it may be the first half of a secret. */
const DOUBTFUL = 4096;
/** Lines of a private key; a key that never ends must not take the rest of the file with it. */
const LONGEST_KEY = 200;
/** Shorter secrets stand in ordinary words. */
const SHORTEST_SECRET = 4;

/**
 * What is a secret by where it stands: what goes before it stays. Every repetition has a limit, so that no line, however
 * made, takes long.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----.{0,16384}?-----END [A-Z ]{0,20}PRIVATE KEY-----/g, GONE],
  // password=x, "etcdPassword": "x", ETCD_PASSWORD: x
  [/((?:password|passwd|secret|token|credential)[\w.-]{0,64}["']?\s{0,8}[=:]\s{0,8})("(?:[^"\\]|\\.){0,4096}"|'[^']{0,4096}'|["']?[^\s,;&"']+)/gi, `$1${GONE}`],
  // password "x" in a configuration of BIRD
  [/(\bpassword\s{1,8})("[^"]{0,4096}"|'[^']{0,4096}')/gi, `$1${GONE}`],
  [/(--[\w-]{0,40}(?:password|secret|token)[\w-]{0,40}\s{1,8})\S+/gi, `$1${GONE}`],
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@:]{0,256}:[^\s/@]{1,1024}@/gi, `$1${GONE}@`],
  [/(\bauthorization["']?\s{0,8}[=:]\s{0,8}["']?)(?:\w{1,32}\s{1,8})?[^\s"',]+/gi, `$1${GONE}`],
  [/(\bBearer\s{1,8})[\w.~+/-]+=*/g, `$1${GONE}`],
];

/** What every pattern needs: most lines have nothing of it. */
const SUSPICIOUS = /password|passwd|secret|token|credential|authorization|bearer|:\/\/|-----BEGIN/i;

/** Takes secrets out of text that comes in pieces. Works on bytes: what is not UTF-8 stays as it is. */
export class Redactor {
  private rest = '';
  private cut = false;
  private keyLines = 0;
  private readonly secrets: readonly string[];

  /** @param secrets texts that must not stand anywhere; those shorter than four characters are left to the patterns */
  constructor(secrets: readonly string[]) {
    const written = secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]);
    this.secrets = [...new Set(written)].map((secret) => Buffer.from(secret).toString('latin1')).sort((one, other) => other.length - one.length);
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
    const named = this.secrets.reduce((text, secret) => text.replaceAll(secret, GONE), line);
    if (!SUSPICIOUS.test(named)) return named;
    const found = this.patterned(named);
    const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.exec(found);
    if (key === null) return found;
    this.keyLines = LONGEST_KEY;
    return found.slice(0, key.index) + GONE;
  }

  private patterned(line: string): string {
    return PATTERNS.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), line);
  }
}
