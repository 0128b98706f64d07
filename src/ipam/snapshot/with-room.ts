/** The numbers, in an array of twice the length or more if they have no room for so many. */
export function withRoom(numbers: Int32Array<ArrayBuffer>, needed: number): Int32Array<ArrayBuffer> {
  if (needed <= numbers.length) return numbers;
  const grown = new Int32Array(Math.max(needed, numbers.length * 2));
  grown.set(numbers);
  return grown;
}
