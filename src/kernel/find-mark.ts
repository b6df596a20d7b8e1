/** Where the first of some marks stands in a text, whatever the case; -1 when none does. */
export function findMark(text: string, marks: readonly string[]): number {
  const lowerCase = text.toLowerCase();
  return marks.map((mark) => lowerCase.indexOf(mark.toLowerCase())).find((index) => index >= 0) ?? -1;
}
