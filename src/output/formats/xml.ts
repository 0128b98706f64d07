/** What XML has no form for, be it as an entity. */
const NO_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text between tags of XML; what XML has no form for is replaced. */
export function xmlContent(text: string): string {
  return text.replace(NO_XML, '\ufffd').replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}

/** The value of an attribute, which stands in double quotes. */
export function xmlAttribute(text: string): string {
  return xmlContent(text).replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
