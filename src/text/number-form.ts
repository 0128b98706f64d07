const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const PLAIN = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** Whether a text is a whole number as people write it: digits, no sign, no leading zero. */
export function isPlainWhole(text: string): boolean {
  return /^(0|[1-9]\d*)$/.test(text);
}

/**
 * Why a number on the command line is refused though it could be read: it is not in the one form in which a number means
 * the same to everybody. Undefined for plain numbers, and for what is not a number at all.
 */
export function numberFormProblem(text: string): string | undefined {
  if (!NUMBER.test(text) || PLAIN.test(text)) return undefined;
  const reason = /e/i.test(text) ? 'has an exponent' : text.startsWith('+') ? 'has a sign' : /^-?0\d/.test(text) ? 'has a leading zero, which some read as octal' : 'has no digit on one side of its dot';
  const plain = plainForm(text);
  return `${text} ${reason}${plain === undefined ? '' : `: write ${plain}`}`;
}

/** Zeros at the end stay: 1.10 is an AS number, and not 1.1. */
function plainForm(text: string): string | undefined {
  const plain = /e|^[+-]?\.|\.$/i.test(text) ? String(Number(text)) : text.replace(/^([+-]?)0+(?=\d)/, '$1').replace('+', '');
  return PLAIN.test(plain) ? plain : undefined;
}
